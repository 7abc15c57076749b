"""`manage.py export`: build the bulk exports that partners begin a copy with."""

from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from incidents.management.commands import ExampleCommand
from incidents.publication.audience import PUBLIC
from incidents.representations.api.exporting.building import AlreadyBuilding, build_export
from incidents.representations.api.exporting.shelf import folder


class Command(ExampleCommand):
    """Build the exports, or go on with those that were stopped."""

    help = (
        "Build the file with every public advisory that /api/v1/exports/ offers. It may be stopped or killed at any moment, and "
        "the next run goes on from there. The file before the newest is kept for those who are fetching it."
    )
    examples = """  manage.py export
  manage.py export --verbosity 0      (for cron)"""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: another process is at it, or the folder cannot be written.
        """
        is_quiet = options["verbosity"] == 0
        with tqdm(unit="advisory", disable=True if is_quiet else None, leave=False) as bar:

            def begin(rows: int, total: int) -> None:
                bar.reset(total)
                bar.update(rows)

            try:
                export = build_export(folder(), PUBLIC, on_begin=begin, on_progress=bar.update)
            except AlreadyBuilding as error:
                raise CommandError(str(error)) from None
            except OSError as error:
                raise CommandError(f"{error.filename or folder()}: {error.strerror}.") from None
        if not is_quiet:
            self.stdout.write(f"{folder() / export.file}: {export.rows} advisories in {export.bytes} bytes.")
