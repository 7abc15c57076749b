"""The demo: loaded whole through the gate, or not at all."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.catalogue.models import Organization, Technique
from incidents.intake.demo.load import DemoStands, load_demo
from incidents.intake.demo.story import FOLDER, DemoError, read_stories
from incidents.publication.models import Advisory, Release
from incidents.publication.verify import find_damage
from incidents.record.models import Incident
from tests.factories import make_published

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)

CATALOGUE = """
organizations:
  - {slug: harbour-bank, name: Harbour Bank, sector: financial-services, country: NL, services: [{slug: app, name: Banking app}]}
actors:
  - {slug: grey-heron, name: Grey Heron, kind: criminal}
tags:
  - {slug: outage, name: Outage}
"""
BANK = """
key: bank
id_year: 2025
releases:
  - at: "2025-01-27T17:40Z"
    kind: initial
    reason: First publication.
    incident:
      title: Harbour Bank locked out
      summary: An outage.
      organization: harbour-bank
      tags: [outage]
      attacks: [{technique: attack/T1498, tactic: impact, certainty: observed, cites: "1"}]
      affected_services: [{service: harbour-bank/app, impact: major_outage, cites: "1"}]
      recommendations: [{mitigation: attack/M1037, audience: operators, priority: now}]
      attributions: [{actor: grey-heron, status: claimed, said_by: A letter}]
      losses: [{kind: people, likely: 1200, unit: customers}]
      sources: [{number: 1, title: News, url: "https://news.example/1"}]
      statements: [{organization: harbour-bank, text: We are sorry.}]
      updates: [{at: "2025-01-27", title: Down, impacts: {harbour-bank/app: major_outage}}]
      related: [{incident: school, relation: similar, why: The same week.}]
  - at: now-26h
    kind: correction
    reason: It was not everybody.
    incident:
      summary: An outage for some.
    add:
      sources: [{number: 2, title: More news, url: "https://news.example/2"}]
"""
SCHOOL = """
key: school
id_year: 2025
releases:
  - at: "2025-01-29T08:00Z"
    kind: initial
    reason: First publication.
    incident: {title: A school is said to be hit, summary: A rumour., related: [{incident: bank}]}
  - at: "2025-02-01T08:00Z"
    kind: withdrawal
    reason: It did not happen.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A demo of two incidents and four releases."""
    (tmp_path / "incidents").mkdir()
    (tmp_path / "catalogue.yaml").write_text(CATALOGUE)
    (tmp_path / "incidents" / "bank.yaml").write_text(BANK)
    (tmp_path / "incidents" / "school.yaml").write_text(SCHOOL)
    return tmp_path


def rewrite(folder: Path, old: str, new: str) -> None:
    """Change a word of the bank's story."""
    path = folder / "incidents" / "bank.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_releases_of_all_incidents_enter_the_ledger_in_the_order_of_time(folder):
    releases = load_demo(folder=folder, now=NOW)

    assert [(release.public_id, release.number, release.kind, str(release.released_at)) for release in releases] == [
        ("INC-2025-0001", 1, "initial", "2025-01-27 17:40:00+00:00"),
        ("INC-2025-0002", 1, "initial", "2025-01-29 08:00:00+00:00"),
        ("INC-2025-0002", 2, "withdrawal", "2025-02-01 08:00:00+00:00"),
        ("INC-2025-0001", 2, "correction", "2026-11-22 10:00:00+00:00"),
    ]
    assert list(find_damage()) == []


def test_releases_of_the_same_moment_follow_each_other_by_a_millisecond(folder):
    rewrite(folder, "2025-01-27T17:40Z", "2025-01-29T08:00Z")

    first, second, *_ = load_demo(folder=folder, now=NOW)

    assert second.released_at - first.released_at == dt.timedelta(milliseconds=1)


def test_a_release_says_everything_said_before_and_what_it_changes(folder):
    load_demo(folder=folder, now=NOW)

    document = Advisory.objects.get(public_id="INC-2025-0001").document
    assert document.summary == "An outage for some."
    assert document.title == "Harbour Bank locked out"
    assert [source.number for source in document.sources] == [1, 2]
    assert [step.technique.external_id for step in document.attacks] == ["T1498"]
    assert [claim.actor and claim.actor.slug for claim in document.attributions] == ["grey-heron"]
    assert document.recommendations[0].counters == ("attack/T1498",)
    assert document.updates[0].impacts[0].service.key == "harbour-bank/app"


def test_a_related_incident_is_named_once_it_is_released(folder):
    load_demo(folder=folder, now=NOW)

    first, second = (release.document for release in Release.objects.of("INC-2025-0001"))
    assert first.related == ()
    assert [one.id for one in second.related] == ["INC-2025-0002"]


def test_two_people_sign_the_demo_and_nobody_can_sign_in_as_them(folder):
    load_demo(folder=folder, now=NOW)

    incident = Incident.objects.get(public_id="INC-2025-0001")
    assert incident.approved_by != incident.changed_by
    people = get_user_model().objects.filter(email__startswith="demo-")
    assert [(person.is_staff, person.is_superuser, person.has_usable_password()) for person in people] == [
        (False, False, False),
        (False, False, False),
    ]
    assert all(person.email.endswith("@example.org") for person in people)


def test_every_act_of_the_loading_is_in_the_audit_log(folder, settings):
    call_command("load_demo", verbosity=0)

    origins = set(AuditEntry.objects.filter(target_kind="incident").values_list("origin", flat=True))
    acts = set(AuditEntry.objects.filter(target_kind="incident").values_list("act", flat=True))
    assert origins == {"command load_demo"}
    assert acts == {"create", "edit", "submit", "approve", "publish", "withdraw"}


@pytest.mark.slow
def test_the_demo_that_is_shipped_loads_whole_and_every_document_can_be_read():
    releases = load_demo()

    stories = read_stories(FOLDER, now=timezone.now())
    assert len(releases) == sum(len(story.chapters) for story in stories)
    assert Advisory.objects.count() == len(stories) >= 12
    assert {release.kind for release in releases} == {"initial", "update", "correction", "withdrawal"}
    assert list(find_damage()) == []


def test_a_ledger_that_is_not_empty_is_refused(folder):
    make_published()

    with pytest.raises(DemoStands, match="empty"):
        load_demo(folder=folder)
    with pytest.raises(CommandError, match="--if-empty"):
        call_command("load_demo")


def test_if_empty_does_nothing_and_says_nothing():
    make_published()
    said = StringIO()

    call_command("load_demo", "--if-empty", stdout=said, stderr=said)

    assert (said.getvalue(), Release.objects.count()) == ("", 1)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("attack/T1498", "attack/T9999", r"bank\.yaml, release 1: attacks\[0\]: .* “attack/T9999”"),
        ("organization: harbour-bank", "organization: nobody", r"bank\.yaml, release 1: organization: .*“nobody”"),
        ("incident: school", "incident: church", r"bank\.yaml, release 1: related\[0\]: .*“church”"),
        (
            "certainty: observed",
            "certainty: sure",
            r"bank\.yaml, release 1: Invalid enum value 'sure' - at `attacks\[0\]",
        ),
        ("2025-01-27T17:40Z", "last week", r"bank\.yaml, release 1: at: “last week” is no time"),
        ("now-26h", "2999-01-01T00:00Z", r"bank\.yaml, release 2: at: .* lies in the future"),
        ("now-26h", "2024-01-01T00:00Z", r"bank\.yaml, release 2: at: .* does not lie after"),
        ("key: bank", "key: school", r"school\.yaml: the key “school” is that of .*bank\.yaml"),
        ("kind: correction", "kind: withdrawal", r"bank\.yaml, release 2: a withdrawal carries no content"),
        ("title: Harbour Bank locked out", "titel: Harbour Bank locked out", r"bank\.yaml, release 1: .*titel"),
        (
            'at: "2025-01-27", title',
            'at: "27 January", title',
            r"bank\.yaml, release 1: updates\[0\]\.at: .*27 January",
        ),
        ('number: 1, title: News, url: "https', 'number: 1, title: News, url: "ftp', r"release 1: sources\[0\]\.url: "),
        ('cites: "1"', 'cites: "7"', r"bank\.yaml, release 1: .*cites source 7"),
    ],
)
def test_an_error_names_file_and_place_and_leaves_nothing(folder, old, new, place):
    rewrite(folder, old, new)

    with pytest.raises(DemoError, match=place):
        load_demo(folder=folder, now=NOW)

    assert [model.objects.count() for model in (Incident, Release, Organization, Technique)] == [0, 0, 0, 0]


def test_broken_yaml_is_named_with_its_line(folder):
    (folder / "incidents" / "school.yaml").write_text("key: school\nreleases: [")

    with pytest.raises(DemoError, match=r"school\.yaml, line 3, column"):
        load_demo(folder=folder, now=NOW)


def test_catalogue_entries_that_exist_stay_as_they_are(folder):
    Organization.objects.create(name="Harbour Bank", slug="harbour-bank", sector="insurance")

    load_demo(folder=folder, now=NOW)

    assert Organization.objects.get(slug="harbour-bank").sector == "insurance"
