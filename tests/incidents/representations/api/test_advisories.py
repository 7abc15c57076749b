"""Advisories by the API: what the ledger holds, by the filters of the pages."""

from typing import Any

import pytest
from django.test import Client

from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory, Release
from incidents.vocabulary.words import ReleaseKind, Severity
from tests.factories import (
    make_full_incident,
    make_incident,
    make_organization,
    make_published,
    publish_incident,
    withdraw_incident,
)
from tests.factories.corpus import (
    release_again,
    release_document,
    release_various,
    tagged,
)
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db
LIST = "/api/v1/advisories/"


def ask(client: Client, address: str, **parameters: Any) -> Any:
    response = client.get(address, parameters)
    assert response.status_code == 200, response.content
    return response.json()


def ids(found: Any) -> list[str]:
    return [document["id"] for document in found["data"]]


@pytest.fixture
def corpus() -> None:
    release_various()


QUERIES = {
    "q": ["tokens", "T1566", "ransom*", "INC-2025-0002", "cloud -tokens"],
    "severity": ["critical", "high,low"],
    "state": ["open", "withdrawn", "resolved"],
    "sector": ["cloud"],
    "country": ["nl"],
    "organization": ["harbour-bank"],
    "service": ["harbour-bank/payments"],
    "technique": ["T1566", "attack/T1486,AML.T0051"],
    "mitigation": ["M1053"],
    "actor": ["grey-heron"],
    "tag": ["ransomware", "tokens"],
    "year": ["2024"],
    "certainty": ["context"],
    "sort": ["newest", "severity", "occurred", "relevance"],
    "cursor": [""],
}


def test_every_filter_of_the_pages_is_tried_below() -> None:
    assert set(QUERIES) == set(AdvisoryFilter.base_filters)


@pytest.mark.parametrize("query", [(name, value) for name, values in QUERIES.items() for value in values])
def test_a_filter_finds_what_the_page_finds_in_the_same_order(
    client: Client, corpus: None, query: tuple[str, str]
) -> None:
    parameters = dict([query])

    page = Page(client.get("/incidents/", parameters).content)

    titles = [document["title"] for document in ask(client, LIST, **parameters)["data"]]
    assert titles == page.texts("h2", "row-title")


def test_a_row_is_the_document_of_the_ledger_to_the_byte(client: Client) -> None:
    publish_incident(make_full_incident())
    publish_incident(make_incident("Another"))
    documents = list(Release.objects.order_by("-sequence").values_list("document_json", flat=True))

    body = client.get(LIST).content

    assert body == f'{{"data":[{",".join(documents)}],"next":null,"previous":null}}'.encode()


def test_one_advisory_is_the_same_bytes_as_its_json_representation(client: Client) -> None:
    advisory = make_published(full=True)

    by_api, by_page = (
        client.get(f"{place}{advisory.public_id}{end}") for place, end in ((LIST, "/"), ("/incidents/", ".json"))
    )

    assert (by_api.content, by_api["ETag"]) == (by_page.content, by_page["ETag"])


def test_fields_trims_rows_and_leaves_the_rest_to_the_byte(client: Client) -> None:
    advisory = make_published(full=True)

    body = client.get(LIST, {"fields": "title,severity,id"}).content

    row = f'{{"id":"{advisory.public_id}","severity":"high","title":"{advisory.title}"}}'
    assert body == f'{{"data":[{row}],"next":null,"previous":null}}'.encode()


def test_fields_trims_one_advisory(client: Client) -> None:
    advisory = make_published()

    assert ask(client, f"{LIST}{advisory.public_id}/", fields="id") == {"id": advisory.public_id}


def test_expand_adds_what_the_catalogue_says_now_each_entry_once(client: Client) -> None:
    publish_incident(make_full_incident())
    publish_incident(make_full_incident("Again"))
    make_organization("Nobody named this one")

    found = ask(client, LIST, expand="organizations,techniques,services,mitigations,actors,tags")["expanded"]

    assert {name: sorted(entries) for name, entries in found.items()} == {
        "organizations": ["cloudworks", "harbour-bank"],
        "techniques": ["attack/T1486", "attack/T1498", "attack/T1566"],
        "services": ["harbour-bank/online-banking"],
        "mitigations": ["attack/M1053"],
        "actors": ["grey-heron"],
        "tags": ["denial-of-service"],
    }
    assert found["organizations"]["cloudworks"]["advisories"] == 2
    assert found["techniques"]["attack/T1498"]["tactics"] == ["Impact"]


def test_expand_beside_one_document_leaves_the_document_whole(client: Client) -> None:
    advisory = make_published(full=True)
    place = f"{LIST}{advisory.public_id}/"

    expanded = ask(client, place, expand="tags")

    assert list(expanded.pop("expanded")) == ["tags"]
    assert expanded == ask(client, place)


@pytest.mark.parametrize("sort", ["newest", "severity", "occurred"])
@pytest.mark.parametrize("filters", [{}, {"tag": "same"}, {"modified_since": "2000-01-01"}])
def test_pages_show_each_row_once_while_others_publish(client: Client, sort: str, filters: dict[str, str]) -> None:
    severities = list(Severity)
    for number in range(7):
        release_document(
            f"Row {number}", severity=severities[number % 5], tags=tagged("same"), timeline=f"2024-0{number + 1}"
        )
    before = ids(ask(client, LIST, sort=sort, **filters))
    seen: list[str] = []
    cursor: str | None = ""

    while cursor is not None:
        found = ask(client, LIST, sort=sort, limit=2, cursor=cursor, **filters)
        seen, cursor = seen + ids(found), found["next"]
        release_document("Meanwhile", severity=Severity.CRITICAL, tags=tagged("same"), timeline="2025-06")

    # What came meanwhile stands before the first page, or behind a page already read: never in the way.
    assert [name for name in seen if name in before] == before
    assert len(seen) == len(set(seen))


def test_links_lead_to_the_neighbours_with_the_same_parameters(client: Client, settings: Any) -> None:
    for number in range(3):
        release_document(f"Row {number}")
    first = client.get(LIST, {"limit": "1", "severity": "medium"})
    cursor = first.json()["next"]

    second = client.get(LIST, {"limit": "1", "severity": "medium", "cursor": cursor})

    place = f"{settings.SITE_URL}{LIST}?limit=1&severity=medium"
    assert first["Link"] == f'<{place}>; rel="first", <{place}&cursor={cursor}>; rel="next"'
    said = second.json()
    assert second["Link"] == (
        f'<{place}>; rel="first", <{place}&cursor={said["next"]}>; rel="next", '
        f'<{place}&cursor={said["previous"]}>; rel="prev"'
    )


def test_withdrawn_advisories_are_found_by_id_and_by_time_and_left_out_otherwise(client: Client) -> None:
    release_document("Stands")
    gone = release_document("Gone", kind=ReleaseKind.WITHDRAWAL)

    assert ids(ask(client, LIST)) == ["INC-2025-0001"]
    assert ids(ask(client, LIST, id=f"INC-2025-0001,{gone.public_id.lower()},INC-2025-0099")) == [
        gone.public_id,
        "INC-2025-0001",
    ]
    assert ids(ask(client, LIST, modified_since="2025-01-01")) == [gone.public_id, "INC-2025-0001"]
    assert ids(ask(client, LIST, modified_since="2025-01-01", state="open")) == ["INC-2025-0001"]


def test_since_means_the_last_release_or_the_first(client: Client) -> None:
    old = release_document("Old, with news")
    release_document("Old")
    new = release_document("New")
    release_again(old)
    since = Advisory.objects.get(pk=new.pk).released_at.isoformat()

    assert ids(ask(client, LIST, modified_since=since)) == [old.public_id, new.public_id]
    assert ids(ask(client, LIST, released_since=since)) == [new.public_id]


@pytest.mark.parametrize("spelling", ["2025-01-01T12:02:00Z", "2025-01-01T13:02:00+01:00", "2025-01-01 12:02"])
def test_a_time_is_read_in_any_zone(client: Client, spelling: str) -> None:
    release_document("One minute too old")
    release_document("Just in time")

    assert ids(ask(client, LIST, released_since=spelling)) == ["INC-2025-0002"]


def test_a_plus_sign_that_became_a_space_is_understood(client: Client) -> None:
    release_document()

    response = client.get(f"{LIST}?modified_since=2025-01-01T12:00:00+00:00")

    assert len(response.json()["data"]) == 1


@pytest.mark.parametrize("kind", ["estimate", "exact"])
@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 3),
        ({"q": "tokens"}, 1),
        ({"tag": "ransomware"}, 2),
        ({"modified_since": "2025-01-01"}, 4),
        ({"year": 1999}, 0),
    ],
)
def test_a_count_is_given_where_it_is_asked_for(
    client: Client, corpus: None, kind: str, filters: dict[str, Any], count: int
) -> None:
    assert "count" not in ask(client, LIST, limit=1, **filters)
    assert ask(client, LIST, limit=1, count=kind, **filters)["count"] == {"value": count, "relation": "exact"}


def test_an_id_in_lower_case_leads_on_with_its_parameters(client: Client) -> None:
    response = client.get(f"{LIST}inc-2025-0001/?fields=id")

    assert (response.status_code, response["Location"]) == (301, f"{LIST}INC-2025-0001/?fields=id")


def test_a_merged_advisory_leads_on_and_a_withdrawn_one_stays(client: Client) -> None:
    kept, merged, gone = (make_incident(title) for title in ("Kept", "Merged", "Gone"))
    for incident in (kept, merged, gone):
        publish_incident(incident)
    withdraw_incident(merged, merged_into=kept.public_id)
    withdraw_incident(gone, reason="It did not happen.")

    response = client.get(f"{LIST}{merged.public_id}/?fields=id")

    assert (response.status_code, response["Location"]) == (301, f"{LIST}{kept.public_id}/?fields=id")
    release = ask(client, f"{LIST}{gone.public_id}/")["release"]
    assert (release["kind"], release["reason"]) == ("withdrawal", "It did not happen.")


def test_releases_are_listed_the_oldest_first_page_by_page(client: Client, settings: Any) -> None:
    advisory = release_document()
    for _ in range(2):
        advisory = release_again(advisory)
    place = f"{LIST}{advisory.public_id}/releases/"

    first = ask(client, place, limit=2)
    second = ask(client, place, limit=2, cursor=first["next"])

    assert [row["number"] for row in first["data"] + second["data"]] == [1, 2, 3]
    assert second["data"] == [
        {
            "number": 3,
            "kind": "update",
            "significance": "material",
            "reason": "New facts.",
            "released_at": "2025-01-01T12:03:00Z",
            "tlp": "clear",
            "url": f"{settings.SITE_URL}{place}3/",
        }
    ]


def test_a_release_is_read_for_ever(client: Client) -> None:
    advisory = release_document("As it was")
    release_again(advisory, title="As it is")

    found = [ask(client, f"{LIST}{advisory.public_id}/releases/{number}/")["title"] for number in (1, 2)]

    assert found == ["As it was", "As it is"]


def test_the_difference_of_two_releases_is_that_of_the_page_whichever_is_named_first(client: Client) -> None:
    advisory = release_document("As it was")
    release_again(advisory, title="As it is", severity=Severity.HIGH)

    there, back = (ask(client, f"{LIST}{advisory.public_id}/changes/{pair}/") for pair in ("1..2", "2..1"))

    assert there == back
    assert (there["old"]["number"], there["new"]["number"]) == (1, 2)
    assert there["changes"] == [
        {"path": "title", "label": "Title", "kind": "changed", "before": "As it was", "after": "As it is"},
        {"path": "severity", "label": "Severity", "kind": "changed", "before": "Medium", "after": "High"},
    ]


@pytest.mark.parametrize(
    "place",
    [
        "INC-2025-0009/",
        "INC-2025-0009/releases/",
        "INC-2025-0001/releases/2/",
        "INC-2025-0001/releases/99999999999/",
        "INC-2025-0001/changes/1..2/",
        "INC-2025-0001/changes/1..1/",
    ],
)
def test_what_is_not_there_is_a_problem(client: Client, place: str) -> None:
    release_document()

    response = client.get(f"{LIST}{place}")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["type"].endswith("/api/problems/not-found/")
