"""The calendar: a dot a day, months with their advisories, and nothing where nothing is known."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from incidents.publication.document import Timeline
from incidents.representations.html import archive
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind
from tests.factories.corpus import release_document
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db


def read(client: Client, address: str, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status
    return Page(response.content)


def release_at(*dates: str, **fields: Any) -> None:
    for date in dates:
        release_document(f"At {date}", timeline=Timeline(occurred_from=date), **fields)


def titles(found: Page) -> list[str]:
    return found.texts("h3", "row-title")


def test_the_calendar_lists_the_years_newest_first(client: Client) -> None:
    release_at("2023", "2024-02-01", "2024-05")

    found = read(client, "/incidents/calendar/")

    assert found.texts("tr")[1:] == ["2024 2", "2023 1"]


def test_a_year_has_a_line_for_each_month_with_a_dot_for_each_day(client: Client) -> None:
    release_at("2024-02-10", "2024-02-10T09:00Z", "2024-02-29", "2024-02")

    found = read(client, "/incidents/2024/")

    assert found.texts("tr")[2:4] == [
        "February 10 February: 2 advisories29 February: 1 advisory 41 without a day",
        "March –none",
    ]
    assert [address for address in found.attributes("a", "href") if "#d-" in address] == [
        "/incidents/2024/02/#d-2024-02-10",
        "/incidents/2024/02/#d-2024-02-29",
    ]


def test_what_is_known_to_the_year_stands_under_the_year_and_in_no_month(client: Client) -> None:
    release_at("2024", "2024-01-01")

    year, january = read(client, "/incidents/2024/"), read(client, "/incidents/2024/01/")

    assert (titles(year), titles(january)) == (["At 2024"], ["At 2024-01-01"])
    assert year.texts("h2") == ["Some time in 2024"]
    assert january.texts("p", "archive-yearly") == ["Of 1 more advisory only the year is known: some time in 2024."]


def test_a_month_goes_day_by_day_and_keeps_apart_what_has_no_day(client: Client) -> None:
    release_at("2024-03-09", "2024-03", "2024-03-02T10:00Z", "2024-03-02")

    found = read(client, "/incidents/2024/03/")

    assert found.texts("h2") == ["In March 2024, the day is not known", "2 March 2024", "9 March 2024"]
    assert titles(found) == ["At 2024-03", "At 2024-03-02", "At 2024-03-02T10:00Z", "At 2024-03-09"]


def test_an_advisory_says_what_it_is_dated_by_where_that_is_not_the_incident(client: Client) -> None:
    release_document("Disclosed", timeline=Timeline(disclosed="2025-01-01"))
    release_document("Released")

    found = read(client, "/incidents/2025/01/")

    assert found.texts("p", "row-said") == ["Dated by its disclosure.", "Dated by its first release."]


def test_months_and_years_lead_to_the_nearest_ones_that_have_advisories(client: Client) -> None:
    release_at("2021-05-01", "2023-02", "2024-11-30")

    year, month = read(client, "/incidents/2023/"), read(client, "/incidents/2023/02/")

    assert steps(year) == ["/incidents/2021/", "/incidents/2024/"]
    assert steps(month) == ["/incidents/2021/05/", "/incidents/2024/11/"]


def steps(found: Page) -> list[str]:
    return [given["href"] for tag, given, _ in found.elements if tag == "a" and given.get("rel") in ("prev", "next")]


@pytest.mark.parametrize(
    "address", ["/incidents/2023/", "/incidents/2024/02/", "/incidents/2024/13/", "/incidents/0999/"]
)
def test_a_time_without_advisories_has_no_page(client: Client, address: str) -> None:
    release_at("2024-01-01")

    assert client.get(address).status_code == 404


def test_the_archive_tells_nothing_of_what_is_withdrawn_or_not_public(client: Client) -> None:
    release_at("2024-01-01", tlp=TLP.GREEN)
    release_at("2024-01-02", kind=ReleaseKind.WITHDRAWAL)

    assert client.get("/incidents/2024/").status_code == 404
    assert client.get("/incidents/2024/01/").status_code == 404
    assert read(client, "/incidents/calendar/").texts("p", "notice") == [
        "Nothing is listed yet: a year appears with its first published advisory."
    ]


@pytest.mark.parametrize(("address", "date"), [("/incidents/2024/03/", "2024-03-05"), ("/incidents/2024/", "2024")])
def test_a_long_list_is_paged_and_loses_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, date: str
) -> None:
    monkeypatch.setattr(archive, "ARCHIVE_SIZE", 3)
    for number in range(7):
        release_document(f"Row {number}", timeline=Timeline(occurred_from=date))

    read_titles, here = [], address
    while here:
        found = read(client, here)
        read_titles += titles(found)
        buttons = [a for tag, a, _ in found.elements if tag == "a" and "pages-next" in a.get("class", "")]
        here = buttons[0]["href"] if buttons else ""

    assert read_titles == [f"Row {number}" for number in range(7)]
    assert client.get(f"{address}?cursor=tampered").status_code == 400


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("address", "queries"), [("/incidents/calendar/", 1), ("/incidents/2024/", 3), ("/incidents/2024/03/", 3)]
)
def test_the_archive_costs_the_same_queries_for_one_row_and_for_thirty(
    client: Client, django_assert_num_queries: Any, address: str, queries: int, count: int
) -> None:
    for number in range(count):
        release_at(f"2024-03-{number + 1:02d}", "2024")
    cache.clear()

    with django_assert_num_queries(queries):
        client.get(address)
