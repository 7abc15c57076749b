"""`manage.py publish`: publish approved incidents, or all drafts of an intake, through the gate."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from incidents.audit.origin import acting_from
from incidents.intake.people import NobodyKnown, find_person
from incidents.intake.release import publish_taken_in, waiting_of
from incidents.management.commands import ExampleCommand
from incidents.publication.freeze import NotFit
from incidents.publication.publish import publish
from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed
from incidents.vocabulary.words import ReleaseKind, Significance

KINDS = [ReleaseKind.UPDATE.value, ReleaseKind.CORRECTION.value]


class Command(ExampleCommand):
    """Publish as somebody who may."""

    help = (
        "Publish one approved incident, or with --intake every draft of a format that was never published: submitted in "
        "the name of its author, reviewed and published by --by, who has to be someone else with the rights of a reviewer "
        "and a publisher. Every step passes the same gate as at the desk. Exits with 1 if anything was refused."
    )
    examples = """  manage.py publish INC-2025-0001 --by grace@example.org
  manage.py publish INC-2025-0001 --by grace@example.org --kind correction --reason "The date was wrong."
  manage.py publish --intake atlas --by grace@example.org"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("id", nargs="?", help="public id of an approved incident")
        parser.add_argument(
            "--intake", metavar="FORMAT", help="all drafts that were taken in from this format, such as atlas"
        )
        parser.add_argument("--by", metavar="EMAIL", required=True, help="who publishes")
        parser.add_argument("--reason", default="", help="one sentence for readers: why this release")
        parser.add_argument(
            "--kind", choices=KINDS, default=KINDS[0], help="of a release that is not the first (update)"
        )
        parser.add_argument(
            "--significance",
            choices=Significance.values,
            default=Significance.MATERIAL.value,
            help="whether it changes what readers know or do (material)",
        )

    def handle(self, *args: Any, intake: str | None, by: str, reason: str, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: nothing to publish is named, or something was refused.
        """
        if bool(options["id"]) == bool(intake):
            raise CommandError("Give either the id of one incident or --intake FORMAT.")
        try:
            person = find_person(by)
        except NobodyKnown as error:
            raise CommandError(str(error)) from None
        with acting_from("command publish"):
            if intake:
                self._publish_intake(intake, person, reason, quiet=options["verbosity"] == 0)
            else:
                self._publish_one(options, person, reason)

    def _publish_one(self, options: dict[str, Any], person: AbstractUser, reason: str) -> None:
        try:
            release = publish(
                incident_id=Incident.objects.get(public_id=options["id"].upper()).pk,
                by=person,
                reason=reason,
                kind=ReleaseKind(options["kind"]),
                significance=Significance(options["significance"]),
            )
        except Incident.DoesNotExist:
            raise CommandError(f"There is no incident {options['id']}.") from None
        except (NotAllowed, NotFit) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Published {release}.")

    def _publish_intake(self, source_format: str, person: AbstractUser, reason: str, *, quiet: bool) -> None:
        waiting = waiting_of(source_format)
        with tqdm(total=len(waiting), unit="incident", leave=False, disable=True if quiet else None) as bar:
            done = publish_taken_in(waiting, by=person, reason=reason, on_progress=bar.update)
        for refusal in done.refusals:
            self.stderr.write(self.style.ERROR(refusal))
        if not waiting:
            self.stdout.write(f"No draft of {source_format} waits to be published.")
        else:
            self.stdout.write(f"{len(done.releases)} published, {len(done.refusals)} refused.")
        if done.refusals:
            raise CommandError(f"{len(done.refusals)} of {len(waiting)} were refused; they stay as they were.")
