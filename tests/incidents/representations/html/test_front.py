"""The front page: open incidents by severity, the week on the bell line, ways in; nothing that is not public."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from time_machine import travel

from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import IncidentState, ReleaseKind, Severity
from tests.factories import make_incident, make_published, make_service, make_technique, publish_incident
from tests.factories.corpus import START, effect, involved, release_document, step
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db


def read(client: Client) -> Page:
    response = client.get("/")
    assert response.status_code == 200
    return Page(response.content)


def sections(found: Page) -> dict[str, str]:
    texts = {a.get("aria-labelledby", ""): text for tag, a, text in found.elements if tag == "section"}
    return {name: " ".join("".join(text).split()) for name, text in texts.items()}


def test_open_incidents_stand_by_severity_and_resolved_ones_do_not(client: Client) -> None:
    release_document("Low", severity=Severity.LOW, state=IncidentState.INVESTIGATING)
    release_document("Critical", severity=Severity.CRITICAL, state=IncidentState.CONTAINED)
    release_document("Over", severity=Severity.CRITICAL, state=IncidentState.RESOLVED)

    assert sections(read(client))["open-now"] == (
        "Open now Critical Critical Contained Release 1, 1 January 2025 INC-2025-0002 "
        "Low Low Investigating Release 1, 1 January 2025 INC-2025-0001 All open incidents, the gravest first"
    )


def test_this_week_shows_releases_with_kind_and_reason(client: Client) -> None:
    advisory = make_published("Outage", by=None)
    publish_incident(
        make_incident_of(advisory.public_id),
        kind=ReleaseKind.CORRECTION,
        significance="editorial",
        reason="A name was misspelt.",
    )

    found = read(client)

    week = sections(found)["this-week"]
    assert "Correction, editorial Outage A name was misspelt." in week
    assert "First publication Outage" in week
    assert [a.get("class", "") for tag, a, _ in found.elements if tag == "li" and "Outage" in "".join(_)] == [
        "hollow",
        "",
    ]


def make_incident_of(public_id: str) -> Any:
    return type(make_incident("Other")).objects.get(public_id=public_id)


def test_a_quiet_week_says_so_and_shows_the_last_releases(client: Client) -> None:
    release_document("Long ago")

    with travel(START + dt.timedelta(days=30), tick=False):
        quiet = sections(read(client))["this-week"]
    with travel(START + dt.timedelta(days=6), tick=False):
        lively = sections(read(client))["this-week"]

    assert quiet.startswith("This week Nothing was released in the last seven days. The last releases were these:")
    assert "Long ago" in quiet
    assert lively.startswith("This week 1 January 2025 · First publication Long ago")


def test_ways_in_count_standing_advisories(client: Client) -> None:
    make_service()
    make_technique("T1486", "Data Encrypted for Impact")
    for kind in (ReleaseKind.INITIAL, ReleaseKind.INITIAL, ReleaseKind.WITHDRAWAL):
        release_document(
            kind=kind,
            organizations=(involved("harbour-bank", sector="financial-services"),),
            affected_services=(effect("harbour-bank/online-banking"),),
            attacks=(step("T1486"),),
        )

    assert sections(read(client))["ways"] == (
        "Ways in By sector Financial services 2 advisories All incidents By service Online banking Harbour Bank 2 advisories "
        "All services By technique Data Encrypted for Impact T1486 2 advisories All techniques"
    )


def test_a_new_release_is_on_the_front_page_at_once(client: Client) -> None:
    release_document("First", organizations=(involved("a", sector="cloud"),))
    read(client)
    release_document("Second", organizations=(involved("a", sector="cloud"),))

    assert "Cloud and hosting 2 advisories" in sections(read(client))["ways"]


def test_nothing_narrow_or_withdrawn_or_drafted_is_open(client: Client) -> None:
    make_incident("Draft secret")
    release_document("Narrow secret", tlp=TLP.AMBER, organizations=(involved("a", sector="mining"),))
    release_document("Shown")

    body = client.get("/").content.decode()

    assert ("secret" in body, "Mining" in body, "Shown" in body) == (False, False, True)


def test_an_empty_portal_has_a_front_page(client: Client) -> None:
    assert sections(read(client))["this-week"] == "This week Nothing has been released yet."


@pytest.mark.parametrize("count", [1, 30])
def test_the_front_page_costs_the_same_queries_for_one_row_and_for_thirty(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    make_service()
    make_technique("T1486", "Data Encrypted for Impact")
    for number in range(count):
        release_document(
            f"Row {number}",
            organizations=(involved("harbour-bank", sector="financial-services"),),
            affected_services=(effect("harbour-bank/online-banking"),),
            attacks=(step("T1486"),),
        )
    cache.clear()

    with django_assert_num_queries(9):
        client.get("/")
