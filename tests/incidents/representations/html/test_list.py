"""The list of advisories: rows, chips, problems, the empty state, paging, what it costs and what stays hidden."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override

from incidents.representations.html.listing import advisory_list
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty, IncidentState, ReleaseKind, Severity
from tests.factories import make_incident, make_organization, make_tag
from tests.factories.catalogues import speak
from tests.factories.corpus import advice, claim, effect, involved, release_document, step, tagged
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db
OVERLONG = "Ransom" * 33 + "w"


def read(client: Client, address: str, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status
    return Page(response.content)


def titles(found: Page) -> list[str]:
    return found.texts("h2", "row-title")


def links(found: Page, rel: str) -> list[str]:
    return [attributes["href"] for tag, attributes, _ in found.elements if tag == "a" and attributes.get("rel") == rel]


def test_a_row_says_what_one_must_know(client: Client) -> None:
    release_document(
        severity=Severity.HIGH,
        state=IncidentState.CONTAINED,
        organizations=(involved("harbour-bank"),),
        affected_services=(effect("harbour-bank/payments"),),
        attacks=(step("T1486"), step("T1566", Certainty.CONTEXT), step("T1498", Certainty.SUSPECTED)),
        timeline="2025-01",
    )

    (row,) = read(client, "/incidents/").texts("article", "row")

    assert row == (
        "High Harbour Bank locked out of its ledgers Harbour Bank · harbour-bank/payments Contained since January 2025 "
        "T1486 observed T1498 suspected INC-2025-0001 Release 1 1 January 2025"
    )


def test_the_list_speaks_the_language_of_the_reader(rf: Any, settings: Any, tmp_path: Path) -> None:
    messages = {
        "a filter|Severity": "Schwere",
        "a way to sort|Newest release": "Neueste",
        "%(total)s advisory/%(total)s advisories": "%(total)s Meldung/%(total)s Meldungen",
        "Suggestions": "Vorschläge",
    }
    speak(settings, tmp_path, "de", messages)
    release_document(severity=Severity.HIGH)
    release_document(severity=Severity.HIGH)

    with override("de"):
        found = Page(advisory_list(rf.get("/incidents/?severity=high")).content)

    assert found.texts("a", "chip")[0].startswith("Schwere ")
    assert found.texts("span", "sortings-total") == ["2 Meldungen"]
    assert {one["data-suggest-label"] for _, one, _ in found.elements if "data-suggest" in one} == {"Vorschläge"}


def test_active_filters_are_chips_that_remove_themselves(client: Client) -> None:
    release_document(tags=tagged("tokens"))

    found = read(client, "/incidents/?severity=high&severity=medium&q=ledgers&sort=severity")

    addresses = [a["href"] for tag, a, _ in found.elements if tag == "a" and "chip" in a.get("class", "").split()]
    assert list(zip(found.texts("a", "chip"), addresses, strict=True)) == [
        ("Words ledgers, remove×", "/incidents/?severity=high&severity=medium&sort=severity"),
        ("Severity High, remove×", "/incidents/?q=ledgers&severity=medium&sort=severity"),
        ("Severity Medium, remove×", "/incidents/?q=ledgers&severity=high&sort=severity"),
        ("Remove all", "/incidents/"),
    ]


def test_chips_name_only_what_a_visible_advisory_names(client: Client) -> None:
    make_organization("Harbour Bank")
    make_incident("Draft", organization=make_organization("Secret Holding"))
    release_document(organizations=(involved("harbour-bank"),))

    found = read(client, "/incidents/?organization=harbour-bank&organization=secret-holding")

    assert found.texts("a", "chip") == [
        "Organisation Harbour Bank, remove×",
        "Organisation secret-holding, remove×",
        "Remove all",
    ]


def test_what_is_not_understood_is_said_and_everything_typed_is_kept(client: Client) -> None:
    release_document()

    found = read(client, "/incidents/?sector=mines&severity=high&q=ledgers", status=400)

    assert titles(found) == []
    assert [text[:34] for text in found.texts("li") if "mines" in text and "0 advisories" not in text] == [
        "“mines” is no value of “sector”. A"
    ]
    assert found.texts("a", "chip") == ["Words ledgers, remove×", "Severity High, remove×", "Remove all"]
    assert [a["value"] for tag, a, _ in found.elements if a.get("id") == "list-words"] == ["ledgers"]


def test_values_are_links_that_add_or_drop_them_and_forms_carry_the_rest_along(client: Client) -> None:
    release_document(organizations=(involved("harbour-bank", sector="cloud"),), severity=Severity.HIGH)

    found = read(client, "/incidents/?severity=high&severity=low&sort=severity&q=ledgers")

    anchors = [a for tag, a, _ in found.elements if tag == "a"]
    options = {text: a["href"] for a, text in zip(anchors, found.texts("a"), strict=True) if a.get("rel") == "nofollow"}
    options = {text.rsplit(" ", 2)[0]: address for text, address in options.items()}
    assert options["High"] == "/incidents/?q=ledgers&severity=low&sort=severity"
    assert options["Cloud and hosting"] == "/incidents/?q=ledgers&severity=high&severity=low&sector=cloud&sort=severity"
    carried = [(a["name"], a["value"]) for tag, a, _ in found.elements if a.get("type") == "hidden"]
    assert carried == [
        ("severity", "high,low"),
        ("sort", "severity"),
        ("severity", "high,low"),
        ("q", "ledgers"),
        ("sort", "severity"),
    ]
    assert titles(read(client, "/incidents/?severity=high,low&q=ledgers")) == titles(found)


def test_the_empty_list_names_the_filter_to_drop(client: Client) -> None:
    release_document("Outage", severity=Severity.LOW)

    found = read(client, "/incidents/?q=outage&severity=critical")

    assert found.texts("h2") == ["No advisory matches all of this"]
    assert [(a["href"]) for tag, a, _ in found.elements if tag == "a" and a["href"].endswith("?q=outage")][
        -1
    ] == "/incidents/?q=outage"
    assert "Leave out severity: Critical" in found.texts("a")


def test_a_portal_without_advisories_says_so(client: Client) -> None:
    assert read(client, "/incidents/").texts("h2") == ["Nothing has been published yet"]


def test_the_id_of_a_withdrawn_advisory_leads_to_its_page(client: Client) -> None:
    release_document("Mistake", kind=ReleaseKind.WITHDRAWAL)

    found = read(client, "/incidents/?q=inc-2025-0001")

    assert found.texts("h2") == ["INC-2025-0001 was withdrawn"]


def test_withdrawn_and_narrower_labels_are_in_no_list(client: Client) -> None:
    release_document("Shown")
    release_document("Withdrawn", kind=ReleaseKind.WITHDRAWAL)
    for tlp in TLP:
        if tlp is not TLP.CLEAR:
            release_document(f"Hidden {tlp.label}", tlp=tlp)

    assert titles(read(client, "/incidents/")) == ["Shown"]
    assert titles(read(client, "/incidents/?state=withdrawn")) == ["Withdrawn"]
    assert titles(read(client, "/incidents/?q=hidden")) == []


def test_pages_link_to_each_other_and_show_each_row_once(client: Client) -> None:
    expected = [release_document(f"Row {number}").title for number in range(65)][::-1]
    seen, address, pages = [], "/incidents/?state=open", 0

    while address:
        found = read(client, address)
        seen += titles(found)
        pages += 1
        address = "".join(links(found, "next"))

    assert (seen, pages) == (expected, 3)
    assert titles(read(client, links(found, "prev")[0])) == expected[30:60]


def test_a_changed_cursor_is_a_clear_400(client: Client) -> None:
    found = read(client, "/incidents/?cursor=tampered", status=400)

    assert "This link to a page of results is no longer valid. Start again from the first page." in found.texts("li")


QUERIES = {
    "": 6,
    "?severity=high&state=open&year=2025&sort=severity": 9,
    "?q=ledgers": 12,
    "?severity=high": 9,
    "?q=ledgers&sector=cloud&sort=occurred": 13,
    "?sector=cloud&country=NL": 8,
    "?organization=harbour-bank&service=harbour-bank/payments": 9,
    "?technique=T1486&certainty=observed&mitigation=M1053&actor=grey-heron&tag=tokens": 9,
    "?organization=a&service=a/b&technique=T1486&mitigation=M1053&actor=grey-heron&tag=tokens": 8,
}


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("query", QUERIES)
def test_the_list_costs_the_same_queries_for_one_row_and_for_thirty(
    client: Client, django_assert_num_queries: Any, query: str, count: int
) -> None:
    for number in range(count):
        release_document(
            f"Row {number} of ledgers",
            severity=Severity.HIGH,
            organizations=(involved("harbour-bank", sector="cloud", country="NL"), involved("a")),
            affected_services=(effect("harbour-bank/payments"),),
            attacks=(step("T1486"),),
            recommendations=(advice("M1053"),),
            attributions=(claim("grey-heron"),),
            tags=tagged("tokens"),
        )
    cache.clear()

    with django_assert_num_queries(QUERIES[query]):
        client.get(f"/incidents/{query}")


def test_overlong_and_hostile_text_stays_text(client: Client) -> None:
    release_document("<script>alert(1)</script>" + OVERLONG[:170])

    body = client.get("/incidents/?q=%3Cscript%3Ealert(1)%3C/script%3E&tag=%22%3E").content.decode()

    assert "<script>" not in body
    assert html.escape("<script>alert(1)</script>") in client.get("/incidents/").content.decode()


def test_public_pages_set_no_cookie_and_vary_by_nothing_of_the_visitor(client: Client) -> None:
    release_document()
    client.cookies["analytics"] = "1"

    answers = [client.get(address) for address in ("/", "/incidents/", "/techniques/", "/organizations/")]

    assert [dict(answer.cookies) for answer in answers] == [{}, {}, {}, {}]
    assert not any("Cookie" in answer.headers.get("Vary", "") for answer in answers)


def test_lists_can_only_be_read(client: Client) -> None:
    assert client.post("/incidents/").status_code == 405
    assert client.head("/incidents/").status_code == 200


def test_the_plain_list_is_canonical_and_filtered_ones_are_not_indexed(client: Client) -> None:
    make_tag()
    plain = client.get("/incidents/").content.decode()
    filtered = client.get("/incidents/?severity=high").content.decode()

    assert re.search(r'rel="canonical" href="[^"]+/incidents/"', plain)
    assert '<meta name="robots" content="noindex, follow">' in filtered
