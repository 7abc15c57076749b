"""Loading in bulk: what becomes of a line, what is a bad one, and that a killed run goes on where it stopped."""

import gzip
import json
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.utils import ConnectionHandler

from incidents.catalogue.models import Organization, ThreatActor
from incidents.intake.countries import TWO_LETTERS
from incidents.intake.models import IntakeMark
from incidents.intake.scale.shape import BadLine, read_line
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Release
from incidents.publication.verify import find_damage
from incidents.record.models import Incident
from portal.settings.databases import database_settings
from tests.conftest import ROOT, manage
from tests.factories import make_editor, make_mitigation, make_published, make_technique

pytestmark = pytest.mark.django_db
MANY = 4000

LINE: dict[str, Any] = {
    "id": "SYN-1-0000001",
    "title": "Intrusion into billing at Harbour Bank",
    "summary": "Somebody got in.",
    "body": ["On a Monday.", "It took a day."],
    "occurred": "2022-06",
    "disclosed": "2022-09-25",
    "organisation": {"name": "Harbour  Bank", "country": "NLD", "sector": "Finance"},
    "services": ["billing", "VPN"],
    "assets": ["Network Server"],
    "actions": ["hacking: Unknown", "malware: C2"],
    "techniques": ["T1498", "T1566"],
    "mitigations": ["M1037"],
    "cves": ["CVE-2022-0001"],
    "actor": {"type": "external", "variety": "Unknown", "name": "ACTOR-0007", "confidence": "medium"},
    "severity": "HIGH",
    "records_affected": 12450,
    "tlp": "CLEAR",
    "sources": [{"title": "News", "url": "https://news.example/1", "type": "court"}],
    "updates": [
        {"at": "2022-10-02T08:00:30Z", "status": "resolved", "title": "Closed", "text": "Done."},
        {"at": "2022-10-01T08:00:30Z", "status": "investigating", "title": "Opened", "text": ""},
    ],
}


def line(number: int = 1, **change: Any) -> dict[str, Any]:
    """A line with an id of its own."""
    return {**LINE, "id": f"SYN-1-{number:07}", **change}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes lines to a file, beside a catalogue that knows what they name."""
    make_technique("T1498")
    make_technique("T1566", "Phishing")
    make_mitigation()

    def write_file(*lines: dict[str, Any] | str, name: str = "scale.jsonl") -> Path:
        path = tmp_path / name
        text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    return write_file


def load(path: Path, *arguments: str) -> str:
    """Run the command and return what it says, errors included."""
    said = StringIO()
    try:
        call_command("load_scale", path, *arguments, stdout=said, stderr=said, verbosity=0, no_color=True)
    except CommandError as error:
        said.write(f"{error}\n")
    return said.getvalue()


def test_a_line_becomes_a_published_advisory(write):
    load(write(line()))

    document = Advisory.objects.get().document
    assert (document.id, document.title, document.severity) == ("INC-2022-0001", LINE["title"], "high")
    assert (document.timeline.occurred_from, document.timeline.disclosed) == ("2022-06", "2022-09-25")
    assert document.narrative.what_happened == "On a Monday.\n\nIt took a day."
    assert document.narrative.impact == (
        "- Assets: Network Server\n- Actions: hacking: Unknown, malware: C2\n- Vulnerabilities: CVE-2022-0001"
    )
    assert [(one.organization.name, one.organization.country) for one in document.organizations] == [
        ("Harbour Bank", "NL")
    ]
    assert [effect.service.name for effect in document.affected_services] == ["billing", "VPN"]
    assert [step.technique.external_id for step in document.attacks] == ["T1498", "T1566"]
    assert [advice.title for advice in document.recommendations] == ["Filter Network Traffic"]
    assert [tag.slug for tag in document.tags] == ["hacking", "malware"]
    assert [(claim.actor and claim.actor.slug, claim.confidence) for claim in document.attributions] == [
        ("actor-0007", "moderate")
    ]
    assert [(loss.likely, loss.unit) for loss in document.losses] == [("12450", "records")]
    assert [(source.number, source.kind) for source in document.sources] == [(1, "regulator")]
    assert [(update.at, update.kind) for update in document.updates] == [
        ("2022-10-01T08:00Z", "investigating"),
        ("2022-10-02T08:00Z", "resolved"),
    ]
    assert list(find_damage()) == []


def test_it_goes_on_after_what_was_published_before(write):
    make_published(occurred_from="2022")

    load(write(line(1), line(2, occurred="2021")))

    assert list(Release.objects.values_list("sequence", "public_id")) == [
        (1, "INC-2022-0001"),
        (2, "INC-2022-0002"),
        (3, "INC-2021-0001"),
    ]
    assert list(find_damage()) == []


def test_labels_of_the_data_are_respected(write):
    load(write(line(1), line(2, tlp="GREEN"), line(3, tlp="AMBER+STRICT")))

    assert [advisory.public_id for advisory in Advisory.objects.visible_to(PUBLIC)] == ["INC-2022-0001"]
    assert Advisory.objects.count() == 3


def test_organizations_actors_and_services_are_shared(write):
    shouting = {**LINE["organisation"], "name": " HARBOUR BANK "}

    load(write(line(1), line(2), line(3, organisation=shouting), line(4, organisation={"name": "Hârbour Bank"})))

    assert sorted(Organization.objects.values_list("name", flat=True)) == ["Harbour Bank", "Hârbour Bank"]
    assert ThreatActor.objects.count() == 1


def test_loading_twice_changes_nothing(write):
    path = write(line(1), line(2))
    load(path)

    said = load(path)

    assert said.startswith("0 loaded, 2 known already, 0 bad")
    assert (Incident.objects.count(), Release.objects.count()) == (2, 2)


def test_gzip_is_read_too(write):
    assert load(write(line(1), line(2), name="scale.jsonl.gz")).startswith("2 loaded")


def test_damaged_gzip_keeps_what_was_loaded_and_says_so(write):
    path = write(line(1), name="scale.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-6])

    assert "damaged" in load(path)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "truncated"),
        ("null", "Expected `object`"),
        ('{"id": "\xff"}', "missing required field"),
        ("[" * 100_000, ""),
        (line(2, title=None), "`$.title`"),
        (line(2, title="   "), "its title is blank"),
        (line(2, title="x" * 201), "`$.title`"),
        (line(2, summary=None), "`$.summary`"),
        (line(2, occurred="Late 2016"), "occurred: “Late 2016”"),
        (line(2, occurred="2023-02-30"), "occurred: “2023-02-30”"),
        (line(2, occurred="9999-12-31"), "occurred: “9999-12-31”"),
        (line(2, disclosed=""), "disclosed: “”"),
        (line(2, services=None), "`$.services`"),
        (line(2, techniques=["T9999"]), "“T9999” is not in the catalogue"),
        (line(2, mitigations=["M9999"]), "“M9999” is not in the catalogue"),
        (line(2, severity="TERRIBLE"), "“terrible” is no Severity"),
        (line(2, tlp="PURPLE"), "“purple” is no TLP"),
        (line(2, tlp="RED"), "TLP:RED is never published"),
        (line(2, sources=[{"title": "x", "url": "javascript:alert(1)"}]), "no http(s) address"),
        (line(2, sources=[{"title": "", "url": "https://x.example"}]), "`$.sources[0].title`"),
        (line(2, body=["See [^9]."]), "cites source 9"),
        (line(2, updates=[{"at": "2022-10-01T08:00:00", "status": "x", "title": "x"}]), "no zone"),
        (line(1, title="Another"), "another line has the id SYN-1-0000001"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_loaded(write, bad, why):
    said = load(write(line(1), bad, line(3)))

    assert said.startswith("line 2: ")
    assert why in said.splitlines()[0]
    assert "2 loaded, 0 known already, 1 bad" in said
    assert "1 bad lines were left out" in said
    assert list(find_damage()) == []


def test_hostile_text_is_only_text(write, client):
    text = "<script>alert(1)</script> \u202e \x0b\x1b[31m javascript:alert(1) \u0000"

    load(write(line(1, summary=f"a{text}", body=[text * 3], title=f"Odd {text[:30]}")))

    page = client.get("/incidents/INC-2022-0001/").content.decode()
    assert "<script>alert" not in page
    assert "\0" not in Release.objects.get().document_json


def test_every_bad_line_is_in_the_report(write, tmp_path):
    report = tmp_path / "bad.txt"

    said = load(write(*["{"] * 30), "--report", str(report))

    assert len(report.read_text().splitlines()) == 30
    assert "… and 10 more" in said


def test_an_empty_catalogue_is_said_before_anything_is_done(tmp_path):
    path = tmp_path / "scale.jsonl"
    path.write_text(json.dumps(line()))

    assert "import_catalogue" in load(path)
    assert Incident.objects.count() == 0


def test_who_publishes_needs_the_rights_for_it(write):
    assert "You need the right" in load(write(line()), "--by", make_editor("Publisher").email)
    assert Incident.objects.count() == 0

    assert load(write(line()), "--by", make_editor("Reviewer", "Publisher").email).startswith("1 loaded")
    assert Release.objects.get().released_by == make_editor("Reviewer", "Publisher")


def test_a_line_is_read_as_it_stands():
    assert read_line(json.dumps(line()).encode()).organisation.sector == "Finance"
    with pytest.raises(BadLine):
        read_line(b"\xff")


def test_countries_have_two_letters_each_their_own():
    assert (len(TWO_LETTERS), len(set(TWO_LETTERS.values()))) == (249, 249)
    assert {len(three) for three in TWO_LETTERS} == {3}


@pytest.mark.slow
def test_a_killed_run_goes_on_without_gap_or_double(scratch_database, tmp_path):
    manage("load_starter_catalogue", database=scratch_database)
    path = tmp_path / "many.jsonl"
    path.write_text("".join(f"{json.dumps(line(number))}\n" for number in range(MANY)))

    stored = [kill_while_loading(scratch_database, path, after_more_than=least) for least in (0, 1500)]
    finished = manage("load_scale", str(path), database=scratch_database)

    assert 0 < stored[0] < stored[1] < MANY
    assert finished.stdout.startswith(f"{MANY - stored[1]:,} loaded, {stored[1]:,} known already, 0 bad")
    assert manage("verify_ledger", "--quiet", database=scratch_database).returncode == 0
    assert manage("load_scale", str(path), database=scratch_database).stdout.startswith(f"0 loaded, {MANY:,} known")


def kill_while_loading(database: str, path: Path, *, after_more_than: int) -> int:
    """Start a loading, kill it once it has stored more lines than this, and say how many are stored then."""
    handler = ConnectionHandler({"default": database_settings(database, pool=False)})
    victim = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "load_scale", str(path)],
        env={
            **os.environ,
            "DATABASE_URL": database,
            "TEST_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        },
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while count_marks(handler) <= after_more_than:
            assert victim.poll() is None
            time.sleep(0.02)
        victim.kill()
        victim.wait()
        return count_marks(handler)
    finally:
        victim.kill()
        handler["default"].close()


def count_marks(handler: ConnectionHandler) -> int:
    """How many lines are stored."""
    with handler["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incidents_intakemark")
        return int(cursor.fetchone()[0])


@pytest.mark.slow
def test_marks_and_records_belong_together(write):
    load(write(*(line(number) for number in range(1, 1201))))

    assert IntakeMark.objects.filter(format="scale").count() == Incident.objects.count() == 1200
