"""`manage.py render`: build the stored renditions before anyone asks for them."""

from typing import Any

from django.core.management.base import CommandParser
from tqdm import tqdm

from incidents.management.commands import ExampleCommand
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Release
from incidents.publication.renditions import forget_renditions_built_on_demand, is_rendered, store_renditions


class Command(ExampleCommand):
    """Build the renditions that are missing or of an older build."""

    help = "Build the renditions of current releases that are missing or were made by an older build of code and templates."
    examples = """  manage.py render
  manage.py render --all"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--all",
            action="store_true",
            help="Build every one again: also those that are up to date, also those of past releases.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        releases = Release.objects.visible_to(PUBLIC).order_by("-released_at")
        if not options["all"]:
            releases = releases.filter(current_for__isnull=False)
        else:
            forget_renditions_built_on_demand()
        built = 0
        with tqdm(total=releases.count(), unit="releases", disable=None, leave=False) as bar:
            for release in releases.iterator(chunk_size=200):
                if options["all"] or not is_rendered(release):
                    built += store_renditions(release)
                bar.update(1)
        self.stdout.write(f"{built} renditions built.")
