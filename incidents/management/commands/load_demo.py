"""`manage.py load_demo`: real incidents, with their history, into an empty portal."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from incidents.audit.origin import acting_from
from incidents.intake.demo.load import DemoStands, load_demo
from incidents.intake.demo.story import DemoError
from incidents.management.commands import ExampleCommand


class Command(ExampleCommand):
    """Load the demo whole, or nothing."""

    help = (
        "Load the starter catalogue and a dozen well-documented incidents with all their releases, corrections and a "
        "withdrawal, each through the gate by two demo accounts that nobody can sign in to. Needs an empty ledger. "
        "Everything is loaded, or nothing is."
    )
    examples = """  manage.py load_demo
  manage.py load_demo --if-empty    (does nothing where something was published already)"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing, quietly, if the ledger holds releases already."
        )

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: the ledger is not empty, or a file of the demo is wrong; nothing was loaded.
        """
        quiet = options["verbosity"] == 0
        try:
            with (
                acting_from("command load_demo"),
                tqdm(desc="Demo", unit="release", leave=False, disable=True if quiet else None) as bar,
            ):
                releases = load_demo(on_start=bar.reset, on_progress=bar.update)
        except DemoStands as error:
            if if_empty:
                return
            raise CommandError(f"{error} Use another database (DATABASE_URL), or --if-empty to do nothing.") from None
        except DemoError as error:
            raise CommandError(f"{error}\nNothing was loaded.") from None
        incidents = len({release.public_id for release in releases})
        if not quiet:
            self.stdout.write(f"{incidents} incidents in {len(releases)} releases.")
