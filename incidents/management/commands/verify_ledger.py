"""`manage.py verify_ledger`: prove that what was released is still what was released."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from incidents.management.commands import ExampleCommand
from incidents.publication.models import Ledger
from incidents.publication.verify import find_damage, rows_to_verify


class Command(ExampleCommand):
    """Check numbers, sequence, hashes and chain of the ledger, and the projection against it."""

    help = (
        "Check of every release its number, sequence, SHA-256 and place in the chain, and of every advisory that it says "
        "what the ledger says. Names each damaged row and exits with 1 if there is any."
    )
    examples = """  manage.py verify_ledger
  manage.py verify_ledger --quiet && echo intact"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--quiet", action="store_true", help="Print damage only.")

    def handle(self, *args: Any, quiet: bool, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: something is damaged.
        """
        damage = 0
        with tqdm(total=rows_to_verify(), unit="rows", disable=True if quiet else None, leave=False) as bar:
            for problem in find_damage(on_progress=bar.update):
                damage += 1
                bar.clear()
                self.stderr.write(self.style.ERROR(problem))
        if damage:
            raise CommandError(
                f"{damage} damaged. Restore the database from a backup; damage of the projection alone is mended by "
                "rebuild_projection."
            )
        if not quiet:
            head = Ledger.objects.get(pk=1)
            self.stdout.write(
                f"The ledger is intact: {head.last_sequence} releases, head {head.last_sha256[:16] or 'empty'}."
            )
