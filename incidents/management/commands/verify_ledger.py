"""`manage.py verify_ledger`: prove that what was released is still what was released."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from incidents.management.commands import ExampleCommand
from incidents.publication.models import Ledger
from incidents.publication.verify import find_damage, rows_to_verify


class Command(ExampleCommand):
    """Check numbers, sequence, hashes and chain of the ledger, and everything derived from it or named by it."""

    help = (
        "Check of every release its number, sequence, SHA-256, place in the chain and entry in the audit log; of every "
        "advisory and of the search index that they say what the ledger says; of every stored rendition that it is whole and "
        "what building gives; of every file that a release names that it is there and the same. Names each damaged row and "
        "exits with 1 if there is any."
    )
    examples = """  manage.py verify_ledger
  manage.py verify_ledger --quick
  manage.py verify_ledger --quiet && echo intact"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--quick", action="store_true", help="Leave out stored renditions and files.")
        parser.add_argument("--quiet", action="store_true", help="Print damage only.")

    def handle(self, *args: Any, quick: bool, quiet: bool, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: something is damaged.
        """
        damage = 0
        with tqdm(total=rows_to_verify(quick=quick), unit="rows", disable=True if quiet else None, leave=False) as bar:
            for problem in find_damage(quick=quick, on_progress=bar.update):
                damage += 1
                bar.clear()
                self.stderr.write(self.style.ERROR(problem))
        if damage:
            raise CommandError(
                f"{damage} damaged. Where no command is named that mends it, restore the database or the files from a backup."
            )
        if not quiet:
            head = Ledger.objects.get(pk=1)
            self.stdout.write(
                f"The ledger is intact: {head.last_sequence} releases, head {head.last_sha256[:16] or 'empty'}."
            )
