"""`manage.py export`: build the bulk exports that partners begin a copy with."""

import os
import sqlite3
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from incidents.management.commands import ExampleCommand
from incidents.publication.audience import Audience
from incidents.representations.api.exporting.building import (
    FORMATS,
    AlreadyBuilding,
    build_exports,
    remove_unwanted,
)
from incidents.representations.api.exporting.shelf import Export, folder, root
from incidents.representations.api.exporting.wanted import audiences, due

GENTLE = 10


class Command(ExampleCommand):
    """Build the exports, or go on with those that were stopped."""

    help = (
        "Build the files with everything that /api/v1/exports/ offers: one set for the public, and one for each clearance above "
        "it that a partner has. The worker does this by itself (EXPORT_EVERY). It may be stopped or killed at any moment, and "
        "the next run goes on from there. The files before the newest are kept for those who are fetching them."
    )
    examples = """  manage.py export
  manage.py export --format ndjson --format csv
  manage.py export --due --verbosity 0      (for cron, where no worker runs)"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--format",
            action="append",
            choices=FORMATS,
            dest="formats",
            help="build this one, and others named so; all of them if none is named",
        )
        parser.add_argument(
            "--due",
            action="store_true",
            help="build what is older than EXPORT_EVERY hours, if anything was released since, and give way to other work",
        )

    def handle(self, *args: Any, formats: list[str] | None, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: another process is at it, or the folder cannot be written.
        """
        is_quiet = options["verbosity"] == 0
        now = timezone.now()
        if options["due"]:
            os.nice(GENTLE)
        try:
            remove_unwanted(audiences(now))
            for audience in due(now) if options["due"] else audiences(now):
                for export in self.build(audience, formats or FORMATS, is_quiet=is_quiet):
                    if not is_quiet:
                        path = folder(audience) / export.file
                        self.stdout.write(f"{path}: {export.rows} advisories in {export.bytes} bytes.")
        except AlreadyBuilding as error:
            if not options["due"]:  # else it is being done
                raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or root()}: {error.strerror}.") from None
        except sqlite3.Error as error:
            raise CommandError(f"{root()}: {error}.") from None

    def build(self, audience: Audience, formats: list[str] | tuple[str, ...], *, is_quiet: bool) -> list[Export]:
        """Build for one audience, with a bar on a terminal."""
        label = audience.clearance.label
        with tqdm(desc=label, unit="advisory", disable=True if is_quiet else None, leave=False) as bar:

            def begin(rows: int, total: int) -> None:
                bar.reset(total)
                bar.update(rows)

            return build_exports(audience, formats=formats, on_begin=begin, on_progress=bar.update)
