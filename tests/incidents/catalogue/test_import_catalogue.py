"""`manage.py import_catalogue`, as a person uses it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.audit.models import AuditEntry
from incidents.catalogue.models import Technique
from incidents.publication.edition import current_edition
from tests.factories.bundles import matrix, mitigation, relate, tactic, technique, write_bundle

pytestmark = pytest.mark.django_db

IMPACT = tactic("TA0040", "Impact")
FLOOD = technique("T1498", "Network Denial of Service", "impact")
FILTER = mitigation("M1037", "Filter Network Traffic")
WHOLE = (
    matrix(IMPACT),
    IMPACT,
    FLOOD,
    FILTER,
    relate(FILTER, "mitigates", FLOOD),
    {"type": "malware", "id": "malware--1"},
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "attack.json", *WHOLE)


def run(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("import_catalogue", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_first_run_tells_what_it_did(file: Path) -> None:
    assert run("attack", file) == (
        "MITRE ATT&CK enterprise\n"
        "\n"
        "                    created    changed  unchanged      newer     absent\n"
        "tactics                   1          0          0          0          0\n"
        "techniques                1          0          0          0          0\n"
        "mitigations               1          0          0          0          0\n"
        "threat actors             0          0          0          0          0\n"
        "coverage                  1          0          0          0          0\n"
        "all                       4          0          0          0          0\n"
        "\n"
        "        1  not part of the catalogue: malware\n"
        "\n"
        "4 created, 0 changed, 0 unchanged.\n"
        "--report FILE writes down what became of each row.\n"
    )


def test_second_run_says_that_nothing_changed(file: Path) -> None:
    run("attack", file)

    assert "0 created, 0 changed, 4 unchanged.\nThe catalogue says all this already.\n" in run("attack", file)


def test_report_has_a_line_for_each_row(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"

    run("attack", file, "--report", report)

    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert lines[0] == {
        "topic": "not part of the catalogue: malware",
        "id": "malware--1",
        "name": "",
        "why": "the catalogue keeps no such things",
    }
    assert [(line["topic"], line["id"]) for line in lines[1:]] == [
        ("created", "TA0040"),
        ("created", "T1498"),
        ("created", "M1037"),
        ("created", "M1037 → T1498"),
    ]


def test_dry_run_stores_nothing(file: Path) -> None:
    edition = current_edition()

    told = run("attack", file, "--dry-run")

    assert "4 created, 0 changed, 0 unchanged.\nThis was a dry run: nothing was stored." in told
    assert not Technique.objects.exists()
    assert not AuditEntry.objects.exists()
    assert current_edition() == edition


def test_edition_is_renewed_only_by_changes(file: Path) -> None:
    before = current_edition()
    run("attack", file)
    after = current_edition()
    run("attack", file)

    assert (after, current_edition()) == (before + 1, before + 1)


def test_act_is_logged_as_the_commands(file: Path) -> None:
    run("attack", file)

    assert AuditEntry.objects.get().origin == "command import_catalogue"


def test_bad_file_stores_nothing(tmp_path: Path) -> None:
    broken = write_bundle(tmp_path / "broken.json", *WHOLE, {**FLOOD, "id": "attack-pattern--2", "name": ["a", "list"]})

    with pytest.raises(CommandError, match=r"broken.json: object 6 \(attack-pattern--2\) is malformed"):
        run("attack", broken)

    assert not Technique.objects.exists()


def test_unwritable_report_stores_nothing(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"the report cannot be written .* Nothing was stored"):
        run("attack", file, "--report", tmp_path / "no" / "such" / "folder.jsonl")

    assert not Technique.objects.exists()


def test_report_does_not_overwrite_the_file(file: Path) -> None:
    before = file.read_bytes()

    with pytest.raises(CommandError, match="the report would overwrite the file to import"):
        run("attack", file, "--report", file)

    assert file.read_bytes() == before


def test_unknown_framework_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'local'"):
        run("local", file)
