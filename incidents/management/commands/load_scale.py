"""`manage.py load_scale`: a great number of invented incidents, published in bulk, to measure with."""

import resource
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from incidents.audit.origin import acting_from
from incidents.intake.people import NobodyKnown, ensure_signatory, find_person
from incidents.intake.reading import IntakeFileError
from incidents.intake.scale.load import Tally, load_scale
from incidents.management.commands import ExampleCommand
from incidents.record.workflow import NotAllowed

AUTHOR = ("intake@localhost", "Intake", ("Author",))
PUBLISHER = ("scale@localhost", "Scale test", ("Reviewer", "Publisher"))
MOST_LINES_SHOWN = 20


class Command(ExampleCommand):
    """Load one file and report how fast."""

    help = (
        "Publish the incidents of a file of JSON Lines (plain or gzip) in bulk: through the same gate, into the same ledger "
        "and projection as at the desk; renditions are made when first asked for. For measuring, not for real advisories. "
        "Each chunk is stored whole or not at all; a run that was stopped goes on where it stopped. Bad lines are reported "
        "and left out; the command then exits with 1."
    )
    examples = """  manage.py import_catalogue attack enterprise-attack-18.1.json    (first: the techniques that the lines name)
  manage.py import_catalogue atlas ATLAS.yaml
  manage.py load_scale incidents.jsonl
  manage.py load_scale incidents.jsonl.gz --by grace@example.org --report bad-lines.txt"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, help="JSON Lines, plain or gzip")
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help=f"who reviews and publishes (default: {PUBLISHER[0]}, whom nobody can sign in as)",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write every bad line's number and reason to FILE"
        )

    def handle(self, *args: Any, file: Path, by: str | None, report: Path | None, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: the file cannot be read, the gate said no, or lines were bad.
        """
        started = time.monotonic()
        bad: list[str] = []
        try:
            publisher = find_person(by) if by else ensure_signatory(*PUBLISHER)
            bar = tqdm(unit="line", leave=False, disable=True if options["verbosity"] == 0 else None)
            with acting_from("command load_scale"), bar:
                tally = load_scale(
                    file,
                    author=ensure_signatory(*AUTHOR),
                    by=publisher,
                    on_bad=lambda number, why: bad.append(f"line {number}: {why}"),
                    on_progress=bar.update,
                )
        except (IntakeFileError, NobodyKnown, NotAllowed) as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}. What was loaded before this chunk is kept.") from error
        self._report(bad, report)
        self._summarise(tally, time.monotonic() - started)

    def _report(self, bad: list[str], report: Path | None) -> None:
        if report is not None:
            try:
                report.write_text("".join(f"{line}\n" for line in bad), encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{report}: the report cannot be written ({error.strerror}).") from None
        for line in bad[:MOST_LINES_SHOWN]:
            self.stderr.write(self.style.ERROR(line))
        if len(bad) > MOST_LINES_SHOWN:
            self.stderr.write(f"… and {len(bad) - MOST_LINES_SHOWN} more; --report FILE writes down all of them.")

    def _summarise(self, tally: Tally, seconds: float) -> None:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.stdout.write(
            f"{tally.loaded:,} loaded, {tally.known:,} known already, {tally.bad:,} bad, in {seconds:,.1f} s: "
            f"{tally.loaded / max(seconds, 0.001):,.0f} incidents/s "
            f"({usage.ru_utime:,.1f} s of our own processor time, {usage.ru_maxrss // 1024} MB at most)."
        )
        if tally.bad:
            raise CommandError(f"{tally.bad} bad lines were left out; everything else is loaded.")
