"""`manage.py load_starter_catalogue`: tactics, techniques and mitigations for common attacks, in our own words."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from incidents.audit.origin import acting_from
from incidents.catalogue.starter.load import load_starter
from incidents.publication.edition import renew_edition


class Command(BaseCommand):
    """Load what the project ships; may be repeated."""

    help = (
        "Add the starter catalogue: about a hundred ATT&CK and ATLAS techniques, fifty mitigations and which counters which, "
        "each with a sentence of our own. Existing entries stay as they are, those imported from MITRE's files too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it and say what was added."""
        with acting_from("command load_starter_catalogue"), transaction.atomic():
            outcome = load_starter()
            if outcome.has_changes:
                renew_edition()
        for kind, tally in outcome.tallies.items():
            self.stdout.write(f"{kind}: {tally.created} created, {tally.unchanged} there already")
