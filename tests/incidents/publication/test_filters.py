"""Filters of lists: what each finds, how they combine, what is refused, what stays hidden."""

from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory
from incidents.vocabulary.tlp import TLP
from tests.factories import make_technique
from tests.factories.catalogues import speak
from tests.factories.corpus import (
    effect,
    release_document,
    release_various,
    tagged,
)

pytestmark = pytest.mark.django_db


def asked(query: str, audience: Audience = PUBLIC) -> AdvisoryFilter:
    return AdvisoryFilter(QueryDict(query), Advisory.objects.visible_to(audience))


def titles(query: str, audience: Audience = PUBLIC) -> list[str]:
    found = asked(query, audience)
    assert found.problems == {}
    return [row.title for row in found.page().rows]


@pytest.fixture
def corpus() -> None:
    release_various()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Model", "Cloud", "Bank"]),
        ("severity=critical", ["Bank"]),
        ("severity=critical&severity=low", ["Model", "Bank"]),
        ("severity=HIGH", ["Cloud"]),
        ("state=open", ["Bank"]),
        ("state=resolved", ["Cloud"]),
        ("state=withdrawn", ["Mistake"]),
        ("state=withdrawn&state=disputed", ["Mistake", "Model"]),
        ("sector=cloud&sector=artificial-intelligence", ["Model", "Cloud"]),
        ("country=nl", ["Bank"]),
        ("organization=harbour-bank", ["Bank"]),
        ("organization=unheard-of", []),
        ("service=harbour-bank/payments", ["Bank"]),
        ("technique=T1486", ["Bank"]),
        ("technique=t1486", ["Bank"]),
        ("technique=attack/T1566", ["Cloud", "Bank"]),
        ("technique=AML.T0051", ["Model"]),
        ("technique=atlas/AML.T0051&technique=T1486", ["Model", "Bank"]),
        ("technique=T1486,+AML.T0051", ["Model", "Bank"]),
        ("technique=T1566&certainty=observed", ["Cloud"]),
        ("technique=T1566&certainty=context&certainty=observed", ["Cloud", "Bank"]),
        ("certainty=suspected", ["Model"]),
        ("mitigation=M1053", ["Bank"]),
        ("actor=grey-heron", ["Bank"]),
        ("tag=ransomware", ["Cloud", "Bank"]),
        ("tag=tokens&tag=ransomware", ["Cloud", "Bank"]),
        ("year=2024", ["Model", "Cloud"]),
        ("year=2023&year=2024&severity=high", ["Cloud"]),
        ("tag=ransomware&technique=T1566&certainty=observed&sector=cloud&year=2024", ["Cloud"]),
        ("sort=severity", ["Bank", "Cloud", "Model"]),
        ("sort=occurred", ["Model", "Cloud", "Bank"]),
        ("q=tokens", ["Cloud"]),
        ("q=tok", ["Cloud"]),
        ("q=tokens+were&severity=low", []),
        ("q=INC-2025-0001", ["Bank"]),
        ("q=inc-2025-0001", ["Bank"]),
        ("q=T1486", ["Bank"]),
        ("q=AML.T0051", ["Model"]),
        ("q=M1053", ["Bank"]),
        ("q=!!!", []),
        ("unknown=1", ["Model", "Cloud", "Bank"]),
        ("severity=&q=", ["Model", "Cloud", "Bank"]),
    ],
)
def test_a_filter_finds_what_it_says_newest_first(corpus: None, query: str, found: list[str]) -> None:
    assert titles(query) == found


def test_a_technique_searched_for_finds_its_sub_techniques_too(corpus: None) -> None:
    parent = make_technique("T1566", "Phishing")
    make_technique("T1566.002", "Spearphishing Link", parent=parent)

    assert titles("q=T1566") == ["Model", "Cloud", "Bank"]


def test_an_organization_is_found_by_an_affected_service_of_its_own() -> None:
    release_document("Outage", affected_services=(effect("cloudworks/storage"),))

    assert titles("organization=cloudworks") == ["Outage"]


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        (
            "severity=grave",
            "severity",
            "“grave” is no value of “severity”. Allowed are critical, high, medium, low, informational.",
        ),
        ("year=24", "year", "“24” is no value of “year”. Give a year in four digits, such as 2025."),
        ("country=NLD", "country", "“NLD” is no value of “country”. Give two letters, such as US or IN."),
        ("service=x", "service", "“x” is no value of “service”. Write organization/service: harbour-bank/payments."),
        (
            "technique=phishing",
            "technique",
            "“phishing” is no value of “technique”. Write an id such as T1566, attack/T1566 or AML.T0051.",
        ),
        (
            "technique=stix/T1566",
            "technique",
            "“stix/T1566” is no value of “technique”. Write an id such as T1566, attack/T1566 or AML.T0051.",
        ),
        ("sort=newest&sort=severity", "sort", "“sort” takes one value at once; 2 were given."),
        ("cursor=abc", "cursor", "This link to a page of results is no longer valid. Start again from the first page."),
    ],
)
def test_a_bad_value_is_answered_with_parameter_value_and_what_is_allowed(
    query: str, parameter: str, message: str
) -> None:
    assert asked(query).problems == {parameter: [message]}


def test_nothing_is_listed_while_something_is_not_understood(corpus: None) -> None:
    assert asked("severity=critical&year=x").page().rows == []


@pytest.mark.parametrize(
    "value",
    [
        "%00",
        "a%00b",
        "x" * 10_000,
        "%ED%A0%80",
        "%FF%FE",
        "'%3B--",
        "%22 OR 1=1",
        "{}",
        "%E2%80%AE",
        "a%0d%0ab",
        "\U0001f6a8",
        "%25s",
    ],
)
@pytest.mark.parametrize("name", [*AdvisoryFilter.base_filters])
def test_hostile_values_find_nothing_and_break_nothing(name: str, value: str) -> None:
    release_document()

    found = asked(f"{name}={value}")

    assert found.page().rows == [] or name == "q"
    assert all(len(text) < 700 for texts in found.problems.values() for text in texts)


def test_too_many_values_are_refused() -> None:
    query = "&".join(f"year={year}" for year in range(1990, 2020))

    assert asked(query).problems == {"year": ["“year” takes at most 25 values at once; 30 were given."]}


def test_an_audience_finds_only_what_its_clearance_allows() -> None:
    for tlp in TLP:
        release_document(tlp.label, tlp=tlp, tags=tagged("same"))

    assert titles("tag=same") == ["TLP:CLEAR"]
    assert titles("tag=same", Audience(TLP.GREEN)) == ["TLP:GREEN", "TLP:CLEAR"]
    assert titles("q=TLP", Audience(TLP.RED)) == ["TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"]


def test_problems_are_said_in_the_language_of_the_reader(settings: Any, tmp_path: Path) -> None:
    messages = {
        "Give two letters, such as US or IN.": "Zwei Buchstaben, etwa US oder IN.",
        "“%(value)s” is no value of “%(name)s”. %(hint)s": "%(name)s: „%(value)s“ geht nicht. %(hint)s",
        "This link to a page of results is no longer valid. Start again from the first page.": "Der Verweis ist veraltet.",
    }
    speak(settings, tmp_path, "de", messages)

    with override("de"):
        said = asked("country=xxx&cursor=old").problems

    assert said == {
        "country": ["country: „xxx“ geht nicht. Zwei Buchstaben, etwa US oder IN."],
        "cursor": ["Der Verweis ist veraltet."],
    }
    assert asked("cursor=old").problems["cursor"][0].startswith("This link")


def test_an_order_is_the_same_in_every_language(settings: Any, tmp_path: Path) -> None:
    speak(settings, tmp_path, "de", {"a way to sort|Newest release": "Neueste"})
    for number in range(40):
        release_document(f"Advisory {number}")
    cursor = asked("").page().next

    with override("de"):
        found = asked(f"cursor={cursor}")

        assert (str(found.order.label), len(found.page().rows)) == ("Neueste", 10)
