"""`manage.py intake`: incidents from other people's collections, as drafts."""

from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from incidents.audit.origin import acting_from
from incidents.intake.atlas.translate import read_case_studies
from incidents.intake.people import NobodyKnown, ensure_signatory, find_person
from incidents.intake.reading import IntakeFileError, Reading, Remark
from incidents.intake.take_in import UNKNOWN_TECHNIQUE, Outcome, take_in
from incidents.management.commands import ExampleCommand
from incidents.record.workflow import NotAllowed

READERS = {"atlas": read_case_studies}
SIGNATORY = ("intake@localhost", "Intake", ("Author",))


class Command(ExampleCommand):
    """Take in one file and report on it."""

    help = (
        "Read a file of another format and make a draft of every incident in it that was not taken in before. What is "
        "here already stays as it is, so the same file can be given again. Nothing becomes public: see `publish --intake`. "
        "Whatever cannot be mapped is reported row by row; exits with 1 if a row could not become a draft."
    )
    examples = """  manage.py import_catalogue atlas ATLAS.yaml      (first: the techniques that case studies name)
  manage.py intake atlas ATLAS.yaml --dry-run
  manage.py intake atlas ATLAS.yaml --by ada@example.org --report atlas.jsonl
  manage.py publish --intake atlas --by grace@example.org"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("format", choices=sorted(READERS), help="atlas: case studies of MITRE ATLAS (ATLAS.yaml)")
        parser.add_argument("file", type=Path, help="the file, plain or gzip")
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help=f"the author of the drafts (default: {SIGNATORY[0]}, whom nobody can sign in as)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write what could not be mapped to FILE, as JSON Lines"
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        by: str | None,
        dry_run: bool,
        report: Path | None,
        **options: Any,
    ) -> None:
        """Run.

        Raises:
            CommandError: the file cannot be read, the author may not write, or a row could not become a draft.
        """
        try:
            reading = READERS[options["format"]](file)
            author = find_person(by) if by else ensure_signatory(*SIGNATORY)
            bar = tqdm(
                total=len(reading.entries),
                unit="entry",
                leave=False,
                disable=True if options["verbosity"] == 0 else None,
            )
            with acting_from("command intake"), bar:
                outcome = take_in(reading, by=author, dry_run=dry_run, on_progress=bar.update)
        except (IntakeFileError, NobodyKnown, NotAllowed) as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}. Is it migrated?") from error
        self._report(outcome.remarks, report)
        self._summarise(reading, outcome, dry_run=dry_run)

    def _report(self, remarks: list[Remark], report: Path | None) -> None:
        if report is None:
            for remark in remarks:
                self.stdout.write(f"{remark.id}  {remark.topic}: {remark.why}")
            return
        try:
            report.write_bytes(b"".join(msgspec.json.encode(remark) + b"\n" for remark in remarks))
        except OSError as error:
            raise CommandError(f"{report}: the report cannot be written ({error.strerror}).") from None
        self.stdout.write(f"{report} says in {len(remarks)} lines what could not be mapped.")

    def _summarise(self, reading: Reading, outcome: Outcome, *, dry_run: bool) -> None:
        self.stdout.write(
            f"{reading.format} {reading.version}: {len(outcome.created)} taken in as drafts, {outcome.known} known already, "
            f"{outcome.refused} refused, {len(outcome.remarks)} remarks."
        )
        if any(remark.topic == UNKNOWN_TECHNIQUE for remark in outcome.remarks):
            self.stdout.write(
                f"Some techniques are not in the catalogue. Run {reading.catalogue_command} first; drafts that lack steps "
                "can be deleted at the desk and are then taken in again."
            )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was stored.")
        if outcome.refused:
            raise CommandError(f"{outcome.refused} could not become a draft; the remarks say why.")
