"""`manage.py rebuild_projection`: make the advisories and the search index again from the ledger."""

from typing import Any

from tqdm import tqdm

from incidents.management.commands import ExampleCommand
from incidents.publication.rebuild import current_releases, rebuild_projection


class Command(ExampleCommand):
    """Throw the projection away and make it again from the ledger."""

    help = "Make the advisories, their terms and the search index again from the ledger, in one transaction."
    examples = "  manage.py rebuild_projection"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        with tqdm(total=current_releases(), unit="advisories", disable=None, leave=False) as bar:
            done = rebuild_projection(on_progress=bar.update)
        self.stdout.write(f"{done} advisories rebuilt from the ledger.")
