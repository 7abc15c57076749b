"""Exports for each clearance, built for those who need them and when they are due."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.partners.models import Partner
from incidents.publication.audience import PUBLIC, Audience
from incidents.representations.api.exporting.building import build_exports
from incidents.representations.api.exporting.shelf import exports_ready, folder
from incidents.representations.api.exporting.wanted import audiences, due
from incidents.vocabulary.tlp import TLP
from tests.factories.corpus import release_document
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db
EXPORTS = "/api/v1/exports/"
GREEN, AMBER = Audience(TLP.GREEN), Audience(TLP.AMBER)
PartnerOf = Callable[[TLP], Client]


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path) -> Path:
    """A folder of this test's exports."""
    settings.EXPORT_ROOT = str(tmp_path / "exports")
    settings.EXPORT_EVERY = 24.0
    return tmp_path / "exports"


def later(hours: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(hours=hours)


def test_each_clearance_has_a_list_and_files_of_its_own(client: Client, partner: PartnerOf) -> None:
    release_document("Shown")
    release_document("Narrow", tlp=TLP.AMBER)
    built = {audience: build_exports(audience, formats=["ndjson"])[0] for audience in (PUBLIC, GREEN, AMBER)}
    callers = {PUBLIC: client, GREEN: partner(TLP.GREEN), AMBER: partner(TLP.AMBER)}

    listed = {who: caller.get(EXPORTS).json()["data"][0] for who, caller in callers.items()}
    reads = [callers[who].get(f"{EXPORTS}{built[AMBER].file}") for who in callers]

    assert {who: (one["file"], one["rows"]) for who, one in listed.items()} == {
        who: (export.file, export.rows) for who, export in built.items()
    }
    assert [listed[who]["rows"] for who in callers] == [1, 1, 2]
    assert [answer.status_code for answer in reads] == [404, 404, 200]
    assert reads[2]["Cache-Control"] == "private, no-store"


def test_a_refusal_of_a_file_above_is_that_of_a_file_that_never_was(client: Client) -> None:
    release_document("Narrow", tlp=TLP.AMBER)
    above = build_exports(AMBER, formats=["ndjson"])[0]

    answers = [client.get(f"{EXPORTS}{file}") for file in (above.file, f"advisories-{'0' * 32}.ndjson.gz")]

    assert answers[0].content == answers[1].content
    assert [sorted(answer.headers.items()) for answer in answers[:1]] == [sorted(answers[1].headers.items())]


def test_a_partner_goes_on_from_the_cursor_of_their_export(partner: PartnerOf) -> None:
    release_document("Narrow", tlp=TLP.AMBER)
    build_exports(AMBER, formats=["ndjson"])
    release_document("Narrow too", tlp=TLP.AMBER)
    caller = partner(TLP.AMBER)

    after = caller.get(EXPORTS).json()["data"][0]["after"]

    told = caller.get("/api/v1/changes/", {"after": after}).json()["data"]
    assert [one["document"]["title"] for one in told] == ["Narrow too"]


def test_they_are_for_the_public_and_for_clearances_that_partners_with_access_have() -> None:
    make_partner(clearance=TLP.CLEAR)
    make_partner(clearance=TLP.AMBER)
    make_partner(clearance=TLP.GREEN, is_active=False)
    make_partner(clearance=TLP.AMBER_STRICT, expires_at=later(-1))

    assert audiences(timezone.now()) == [PUBLIC, AMBER]


def test_what_nobody_has_a_clearance_for_any_more_is_removed(shelf: Path) -> None:
    release_document("Narrow", tlp=TLP.AMBER)
    make_partner(clearance=TLP.AMBER)
    call_command("export", "--format", "csv", verbosity=0)
    made = sorted(path.name for path in shelf.iterdir() if path.is_dir())
    Partner.objects.update(is_active=False)

    call_command("export", "--format", "csv", verbosity=0)

    assert made == ["amber", "clear"]
    assert sorted(path.name for path in shelf.iterdir() if path.is_dir()) == ["clear"]


def test_they_are_due_when_something_was_released_and_the_last_are_old(settings: Settings) -> None:
    nothing_yet = due(timezone.now())
    release_document("One")
    first = due(timezone.now())
    build_exports(PUBLIC, formats=["ndjson"])
    unchanged = due(later(25))
    release_document("Two")

    assert (nothing_yet, first, unchanged) == ([], [PUBLIC], [])
    assert (due(later(23)), due(later(25))) == ([], [PUBLIC])
    settings.EXPORT_EVERY = 0
    assert due(later(25)) == []


def test_what_the_public_may_not_see_makes_nothing_due_for_it() -> None:
    release_document("One")
    build_exports(PUBLIC, formats=["ndjson"])
    make_partner(clearance=TLP.GREEN)

    release_document("Narrow", tlp=TLP.GREEN)

    assert due(later(25)) == [GREEN]


def test_one_format_alone_leaves_the_others_as_they_are() -> None:
    release_document("One")
    build_exports(PUBLIC)
    before = {export.file for export in exports_ready(PUBLIC)}
    release_document("Two")

    build_exports(PUBLIC, formats=["csv"])

    kept = {export.file for export in exports_ready(PUBLIC)}
    assert before <= kept
    assert len(kept - before) == 2
    assert {path.name for path in folder(PUBLIC).glob("advisories-*")} == kept
