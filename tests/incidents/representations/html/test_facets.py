"""Facets beside the list: counts that follow the other filters, exact or marked as capped; suggestions while typing."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from incidents.publication import narrow
from incidents.representations.html.asking import Question
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Severity
from tests.factories import make_organization, make_service, make_tag, make_technique
from tests.factories.corpus import effect, involved, release_document, step, tagged
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db


def options(client: Client, address: str) -> dict[str, str]:
    """What can be chosen, with its count, by label."""
    response = client.get(address)
    assert response.status_code == 200
    texts = Page(response.content).texts("a")
    counted = [text.rpartition(" ")[0] for text in texts if text.endswith((" advisory", " advisories"))]
    return {text.rpartition(" ")[0]: text.rpartition(" ")[2] for text in counted}


@pytest.fixture
def corpus() -> None:
    make_organization("Harbour Bank")
    make_technique("T1486", "Data Encrypted for Impact")
    bank = involved("harbour-bank", sector="financial-services", country="NL")
    release_document("A", severity=Severity.HIGH, organizations=(bank,), attacks=(step("T1486"),), timeline="2024")
    release_document("B", severity=Severity.HIGH, organizations=(bank,), timeline="2023")
    release_document(
        "C", severity=Severity.LOW, organizations=(involved("cloudworks", sector="cloud"),), timeline="2024"
    )
    release_document("D", severity=Severity.LOW, kind=ReleaseKind.WITHDRAWAL, organizations=(bank,), timeline="2024")
    release_document("E", severity=Severity.LOW, tlp=TLP.GREEN, organizations=(bank,), timeline="2024")


def test_without_filters_every_count_is_exact(corpus: None, client: Client) -> None:
    found = options(client, "/incidents/")

    assert {
        name: found[name] for name in ("High", "Low", "Withdrawn", "Financial services", "Netherlands", "2024")
    } == {
        "High": "2",
        "Low": "1",
        "Withdrawn": "1",
        "Financial services": "2",
        "Netherlands": "2",
        "2024": "2",
    }
    assert (found["Harbour Bank"], found["T1486 Data Encrypted for Impact"]) == ("2", "1")


def test_counts_follow_the_other_filters_and_not_their_own(corpus: None, client: Client) -> None:
    found = options(client, "/incidents/?year=2024&severity=high")

    assert {name: found.get(name) for name in ("High", "Low", "2024", "2023", "Harbour Bank", "Cloud and hosting")} == {
        "High": "1",
        "Low": "1",
        "2024": "1",
        "2023": "1",
        "Harbour Bank": "1",
        "Cloud and hosting": None,
    }


def test_counts_follow_the_words(corpus: None, client: Client) -> None:
    found = options(client, "/incidents/?q=cloudworks")

    assert (found["Low"], found.get("High"), found["2024"]) == ("1", None, "1")


def test_a_count_of_more_hits_than_are_counted_is_marked(
    corpus: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrow, "MOST_READ", 2)

    found = options(client, "/incidents/?q=outage")

    assert (found["High"], found["Low"]) == ("1+", "1+")
    assert "3 advisories" in client.get("/incidents/?q=outage").content.decode()
    monkeypatch.setattr(narrow, "MOST_COUNTED", 2)
    assert "2+ advisories" in client.get("/incidents/?q=outage&sort=newest").content.decode()


def test_names_of_what_no_visible_advisory_names_are_not_told(client: Client) -> None:
    make_organization("Secret Holding")
    release_document(tlp=TLP.AMBER, organizations=(involved("secret-holding"),))

    body = client.get("/incidents/?organization=secret-holding").content.decode()

    assert "Secret Holding" not in body


def test_words_found_are_marked_in_a_snippet(client: Client) -> None:
    release_document("Outage", summary="Nothing worked & the <b>ledgers</b> of the bank stood still.")

    body = client.get("/incidents/?q=ledger").content.decode()

    assert "worked &amp; the &lt;b&gt;<mark>ledgers</mark>&lt;/b&gt; of the bank" in body


@pytest.mark.parametrize(
    ("summary", "marked"),
    [
        ("The “Ledgers” – sledgers, all of them – stood still.", "The “<mark>Ledgers</mark>” – sledgers, all"),
        ("Der Zähler, die Ledgers: nichts ging.", "Der Zähler, die <mark>Ledgers</mark>: nichts ging."),
        ("AT&T’s ledger; 2×ledgers.", "AT&amp;T’s <mark>ledger</mark>; 2×<mark>ledgers</mark>."),
    ],
)
def test_whole_words_are_marked_whatever_signs_stand_around_them(client: Client, summary: str, marked: str) -> None:
    release_document("Outage", summary=summary)

    assert marked in client.get("/incidents/?q=ledger").content.decode()


def test_a_mistyped_word_is_forgiven_and_said(client: Client) -> None:
    release_document("Deepseek stood open", severity=Severity.HIGH)

    body = client.get("/incidents/?q=deepsek&severity=high").content.decode()

    assert "Nothing says “deepsek”." in body
    assert "Deepseek stood open" in body


def suggested(client: Client, words: str) -> list[tuple[str, str, str]]:
    answer = client.get("/incidents/suggest.json", {"q": words})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    return [(one["text"], one["kind"], one["address"]) for one in answer.json()["suggestions"]]


def test_suggestions_are_names_first_then_advisories(client: Client) -> None:
    service = make_service("Harbour Pay")
    make_tag("Harbours")
    release_document(
        "Harbour closed",
        organizations=(involved("harbour-bank"),),
        affected_services=(effect(service.key),),
        tags=tagged("harbours"),
    )

    assert suggested(client, "harb") == [
        ("Harbour Bank", "Organisation", "/organizations/harbour-bank/"),
        ("Harbour Pay", "Service", f"/services/{service.key}/"),
        ("Harbours", "Tag", "/tags/harbours/"),
        ("Harbour closed", "INC-2025-0001", "/incidents/INC-2025-0001/"),
    ]


def test_techniques_are_suggested_by_id_and_by_name(client: Client) -> None:
    make_technique("T1486", "Data Encrypted for Impact")

    assert suggested(client, "t14") == suggested(client, "data enc")
    assert suggested(client, "t14") == [("T1486 Data Encrypted for Impact", "Technique", "/techniques/attack/T1486/")]


@pytest.mark.parametrize("words", ["", "a", "x" * 500, "%", "\0", "'\"", "深"])
def test_odd_words_suggest_nothing(client: Client, words: str) -> None:
    release_document()

    assert suggested(client, words) == []


def test_nothing_hidden_is_suggested(client: Client) -> None:
    make_organization("Secret Holding")
    release_document("Secret outage", tlp=TLP.AMBER, organizations=(involved("secret-holding"),))

    assert suggested(client, "secr") == []


def test_one_filter_alone_is_counted_exactly(corpus: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrow, "MOST_READ", 1)

    found = options(client, "/incidents/?severity=high")
    body = client.get("/incidents/?state=withdrawn").content.decode()

    assert (found["High"], found["Low"], found["2023"]) == ("2", "1", "1+")
    assert '<span class="sortings-total">1 advisory</span>' in body


@pytest.mark.parametrize("words", ["harbour", "100%", "a+b&c=d", "__value__ \0 %00"])
def test_addresses_of_values_hold_all_that_is_asked_for(client: Client, words: str) -> None:
    question = Question("/incidents/", QueryDict(urlencode({"q": words, "severity": "high", "year": "2024"})))

    for name, value in (("severity", "low"), ("state", "open"), ("service", "a/b"), ("year", "2023")):
        assert question.adding(name)(value) == question.address(also=(name, value))
