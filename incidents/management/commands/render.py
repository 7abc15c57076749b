"""`manage.py render`: build the stored renditions before anyone asks for them."""

from typing import Any

from django.core.management.base import CommandParser
from tqdm import tqdm

from incidents.management.commands import ExampleCommand
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory
from incidents.publication.renditions import is_rendered, store_renditions


class Command(ExampleCommand):
    """Build the renditions that are missing or of an older build."""

    help = "Build the renditions of current releases that are missing or were made by an older build of code and templates."
    examples = """  manage.py render
  manage.py render --all"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--all", action="store_true", help="Build every one again, also those that are up to date.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        advisories = (
            Advisory.objects.visible_to(PUBLIC).select_related("release").order_by("-released_at", "-public_id")
        )
        built = 0
        with tqdm(total=advisories.count(), unit="advisories", disable=None, leave=False) as bar:
            for advisory in advisories.iterator(chunk_size=200):
                if options["all"] or not is_rendered(advisory.release):
                    built += store_renditions(advisory.release)
                bar.update(1)
        self.stdout.write(f"{built} renditions built.")
