"""`manage.py import_catalogue`: MITRE's own files into the catalogue."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, IntegrityError, transaction
from tqdm import tqdm

from incidents.audit.origin import acting_from
from incidents.catalogue.importing.atlas import read_atlas
from incidents.catalogue.importing.attack import read_attack
from incidents.catalogue.importing.entries import Reading, Remark
from incidents.catalogue.importing.files import CatalogueFileError
from incidents.catalogue.importing.outcome import Outcome
from incidents.catalogue.importing.store import store_reading
from incidents.publication.edition import renew_edition
from incidents.vocabulary.words import Framework

READERS = {Framework.ATTACK: read_attack, Framework.ATLAS: read_atlas}
COLUMNS = ("created", "changed", "unchanged", "newer", "absent")
#: Topics that the table counts already.
COUNTED = frozenset({"created", "changed", "newer in the catalogue", "absent from the file"})

HELP = """\
Read a file of MITRE ATT&CK or ATLAS into the catalogue: tactics, techniques, mitigations, which mitigation counters
which technique, and groups as threat actors.

It may be repeated: the same file changes nothing, a newer file updates, and what a file no longer has stays and is
reported. Where the catalogue holds a newer revision of an entry than the file, the newer one stays. Everything
is stored in one step, or nothing is.
"""
EXAMPLES = """\
files:
  attack  enterprise-attack.json, ics-attack.json or mobile-attack.json: STIX 2.0 or 2.1, plain or gzip
          https://github.com/mitre-attack/attack-stix-data
  atlas   ATLAS.yaml or stix-atlas.json, plain or gzip
          https://github.com/mitre-atlas/atlas-data

examples:
  manage.py import_catalogue attack enterprise-attack-18.1.json
  manage.py import_catalogue atlas ATLAS.yaml --dry-run
  manage.py import_catalogue attack mobile-attack.json.gz --report mobile.jsonl
"""


class Command(BaseCommand):
    """Import one file and report on it."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the line breaks of the examples."""
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which framework, which file, and how."""
        parser.add_argument("framework", choices=[str(framework) for framework in READERS], help="whose file it is")
        parser.add_argument("file", type=Path, help="the file, plain or gzip")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write what became of each row to FILE, as JSON Lines"
        )

    def handle(
        self, *args: Any, framework: str, file: Path, dry_run: bool, report: Path | None, **options: Any
    ) -> None:
        """Read, store, report.

        Raises:
            CommandError: the file or the report cannot be used; the catalogue is as it was.
        """
        if report and report.exists() and file.exists() and report.samefile(file):
            raise CommandError(f"{report}: the report would overwrite the file to import. Name another.")
        try:
            reading = READERS[Framework(framework)](file)
            with acting_from("command import_catalogue"), transaction.atomic():
                outcome = self._store(reading, quiet=options["verbosity"] == 0)
                if outcome.has_changes:
                    renew_edition()
                if report:
                    write_report(report, outcome.remarks)
                transaction.set_rollback(dry_run)
        except CatalogueFileError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(
                f"{report}: the report cannot be written ({error.strerror}). Nothing was stored."
            ) from None
        except IntegrityError:
            raise CommandError(
                "Something else wrote the same entries meanwhile. Nothing was stored; run this again."
            ) from None
        except DatabaseError as error:
            raise CommandError(
                f"The database refused: {str(error).splitlines()[0]}. Nothing was stored. Is it migrated?"
            ) from error
        self._summarise(reading, outcome, dry_run=dry_run, report=report)

    def _store(self, reading: Reading, *, quiet: bool) -> Outcome:
        with tqdm(total=reading.size, desc="Storing", unit="row", leave=False, disable=True if quiet else None) as bar:
            return store_reading(reading, by=None, advance=bar.update)

    def _summarise(self, reading: Reading, outcome: Outcome, *, dry_run: bool, report: Path | None) -> None:
        name = " ".join((str(reading.framework.label), *sorted(reading.domains), reading.version))
        self.stdout.write(f"{name.strip()}\n\n{table(outcome)}\n")
        for topic, count in outcome.topics().most_common():
            if topic not in COUNTED:
                self.stdout.write(f"{count:>9,}  {topic}")
        total = outcome.sum
        self.stdout.write(f"\n{total.created} created, {total.changed} changed, {total.unchanged} unchanged.")
        if dry_run:
            self.stdout.write("This was a dry run: nothing was stored.")
        elif not outcome.has_changes:
            self.stdout.write("The catalogue says all this already.")
        if report:
            self.stdout.write(f"{report} says what became of each row.")
        elif outcome.remarks:
            self.stdout.write("--report FILE writes down what became of each row.")


def table(outcome: Outcome) -> str:
    """The tallies as a table for a terminal."""
    lines = ["".join([f"{'':<16}", *(f"{column:>11}" for column in COLUMNS)])]
    for kind, tally in [*outcome.tallies.items(), ("all", outcome.sum)]:
        lines.append("".join([f"{kind:<16}", *(f"{getattr(tally, column):>11,}" for column in COLUMNS)]))
    return "\n".join(lines) + "\n"


def write_report(path: Path, remarks: list[Remark]) -> None:
    """Write one JSON object a line: topic, id, name, why."""
    with path.open("wb") as file:
        for remark in remarks:
            file.write(msgspec.json.encode(remark) + b"\n")
