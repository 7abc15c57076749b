"""The page of a service: state now, ninety days, history, and never a word that was not published."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from incidents.publication.document import ServiceEffect, ServiceRef
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import IncidentState, ReleaseKind, ServiceImpact
from tests.factories import make_organization, make_service
from tests.factories.corpus import release_document
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db
ADDRESS = "/services/harbour-bank/online-banking/"
NOW = dt.datetime(2025, 1, 20, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2025, 9, 1, 12, tzinfo=dt.UTC)


def release_affected(
    title: str = "Outage",
    impact: ServiceImpact = ServiceImpact.MAJOR_OUTAGE,
    start: str = "2025-01-04",
    end: str = "",
    **fields: Any,
) -> None:
    make_service()
    service = ServiceRef(key="harbour-bank/online-banking", name="Online banking", organization="Harbour Bank")
    effect = ServiceEffect(service=service, impact=impact, occurred_from=start, occurred_to=end)
    release_document(title, affected_services=(effect,), **fields)


def read(client: Client, at: dt.datetime = NOW, query: str = "", status: int = 200) -> Page:
    with time_machine.travel(at, tick=False):
        response = client.get(ADDRESS + query)
    assert response.status_code == status
    return Page(response.content)


def bars(found: Page) -> list[str]:
    return [given["aria-label"] for _, given, _ in found.elements if "service-bar" in given.get("class", "")]


def ways(found: Page) -> list[str]:
    """The links to other ninety days."""
    return [place for place in found.attributes("a", "href") if place.endswith("#days")]


def state(found: Page) -> str:
    return found.texts("p", "service-state")[0]


def test_the_state_now_is_what_an_open_incident_says(client: Client) -> None:
    release_affected()

    found = read(client)

    assert state(found) == "Major outage"
    assert found.texts("ul", "service-reasons") == [
        "since 4 January 2025: Outage as published 1 January 2025, 12:01 UTC, release 1"
    ]


def test_an_incident_that_is_over_leaves_no_state_and_no_claim_that_all_is_well(client: Client) -> None:
    release_affected(end="2025-01-05", state=IncidentState.RESOLVED)

    found = read(client)

    assert state(found) == "No published incident affects it now"
    assert "so it does not say that the service works" in found.text_of("content")


def test_ninety_days_without_an_incident_say_so_and_nothing_more(client: Client) -> None:
    release_affected(end="2025-01-05", state=IncidentState.RESOLVED)

    found = read(client, LATER)

    assert state(found) == "No incident published in the last 90 days"
    assert [name for name, given, _ in found.elements if given.get("class", "").startswith("service-bar")] == ["a"]
    assert found.texts("h3", "row-title") == ["Outage"]


def test_an_old_incident_published_of_late_is_not_called_recent(client: Client) -> None:
    release_affected(start="2023-05-01", end="2023-05-02", state=IncidentState.RESOLVED)

    assert state(read(client)) == "None of the published incidents falls in the last 90 days"


def test_an_empty_line_leads_to_the_last_incident_before_it(client: Client) -> None:
    release_affected("Older", start="2024-03-01", end="2024-03-02", state=IncidentState.RESOLVED)
    release_affected("Old", end="2025-01-05", state=IncidentState.RESOLVED)

    found = read(client, LATER)

    assert (
        "No published incident falls into these 90 days. The last one before them: Old, from 4 January 2025."
        in found.text_of("content")
    )
    assert ways(found) == ["?until=2025-06-03#days", "?until=2025-02-04#days"]


def test_the_ninety_days_up_to_any_day_are_shown_and_the_state_is_still_that_of_now(client: Client) -> None:
    release_affected("Old", end="2025-01-05", state=IncidentState.RESOLVED)
    release_affected("New", ServiceImpact.DEGRADED, start="2025-08-30")

    found = read(client, LATER, "?until=2025-02-04")

    assert state(found) == "Degraded"
    assert "90 days to 4 February 2025" in found.texts("h2")
    assert bars(found)[:1] == ["Major outage, 4 Jan – 5 Jan: Old"]
    assert [row for row in found.texts("tr")[1:] if "Old" not in row] == []
    assert found.texts("text", "service-last") == ["4 Feb", "today"]
    assert ways(found) == ["?until=2025-05-05#days", ".#days"]
    assert [given["content"] for _, given, _ in found.elements if given.get("name") == "robots"] == ["noindex, follow"]
    assert "canonical" not in found.attributes("link", "rel")


def test_a_day_that_is_none_is_said_and_the_last_ninety_are_shown(client: Client) -> None:
    release_affected()

    found = read(client, NOW, "?until=2025-02-30", status=400)

    assert "has to be a day such as 2025-03-31" in found.text_of("content")
    assert bars(found) == ["Major outage, since 4 Jan: Outage"]


def test_nothing_earlier_is_offered_where_nothing_earlier_is_known(client: Client) -> None:
    release_affected()

    assert ways(read(client)) == []


def test_the_table_says_what_the_line_draws(client: Client) -> None:
    release_affected("First", ServiceImpact.DEGRADED, "2025-01-04T08:10Z", "2025-01-04T09:00Z")
    release_affected("Second", ServiceImpact.DATA_EXPOSED, "2025-01")

    found = read(client)

    assert found.texts("tr")[1:] == [
        "DegradedFrom 4 January 2025, 08:10 UTCUntil 4 January 2025, 09:00 UTCFirst INC-2025-0001",
        "Data exposedFrom January 2025Until lasts, as far as is publishedSecond INC-2025-0002",
    ]
    labels = [given["aria-label"] for name, given, _ in found.elements if "service-bar" in given.get("class", "")]
    assert labels == ["Data exposed, since Jan 2025: Second", "Degraded, 4 Jan, 08:10 – 4 Jan, 09:00 UTC: First"]
    assert found.texts("ul", "service-key") == ["Data exposed Degraded"]


def test_withdrawn_and_narrow_advisories_are_in_no_state_but_withdrawn_ones_stay_reachable(client: Client) -> None:
    release_affected("Stands", ServiceImpact.DEGRADED)
    release_affected("Mistake", ServiceImpact.COMPROMISED, kind=ReleaseKind.WITHDRAWAL)
    release_affected("Narrow", ServiceImpact.COMPROMISED, tlp=TLP.GREEN)

    found = read(client)

    assert state(found) == "Degraded"
    assert found.texts("h3", "row-title") == ["Stands"]
    assert found.texts("p", "further") == ["Filter and sort these advisories 1 withdrawn, not counted"]


def test_a_service_leads_to_its_feed(client: Client) -> None:
    release_affected()

    feed = "/incidents/feed.atom?service=harbour-bank/online-banking"
    assert [place for place in read(client).attributes("a", "href") if place == feed] == [feed]
    assert feed in read(client).attributes("link", "href")


def test_long_names_and_names_from_the_right_keep_their_direction(client: Client) -> None:
    make_service("بوابة الدفع " * 12, organization=make_organization("بنك الميناء", sector="financial-services"))
    service = make_organization("بنك الميناء").services.get()
    ref = ServiceRef(key=service.key, name=service.name, organization=service.organization.name)
    release_document(
        "انقطاع",
        affected_services=(ServiceEffect(service=ref, impact=ServiceImpact.DEGRADED, occurred_from="2025-01-04"),),
    )

    with time_machine.travel(NOW, tick=False):
        found = Page(client.get(service.get_absolute_url()).content)

    (heading,) = [given for name, given, _ in found.elements if name == "h1"]
    assert heading == {"dir": "auto"}
    assert state(found) == "Degraded"


@pytest.mark.parametrize("count", [1, 30])
def test_a_service_costs_the_same_queries_for_one_incident_and_for_thirty(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        release_affected(f"Row {number}")
    cache.clear()

    with time_machine.travel(NOW, tick=False), django_assert_num_queries(6):
        client.get(ADDRESS)
    with time_machine.travel(LATER, tick=False), django_assert_num_queries(7):
        client.get(ADDRESS + "?until=2025-02-04")
