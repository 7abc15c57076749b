"""Facets by the API: the counts of the list page, for whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from incidents.publication.narrow import FACETS
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Severity
from tests.factories.corpus import involved, release_document, step, tagged

pytestmark = pytest.mark.django_db


def facets(client: Client, **parameters: Any) -> dict[str, dict[str, int]]:
    response = client.get("/api/v1/facets/", parameters)
    assert response.status_code == 200, response.content
    found = response.json()["facets"]
    return {facet["name"]: {one["value"]: one["count"] for one in facet["values"]} for facet in found}


@pytest.fixture
def corpus() -> None:
    release_document("One", severity=Severity.HIGH, tags=tagged("a", "b"), attacks=(step("T1486"),))
    release_document("Two", severity=Severity.HIGH, tags=tagged("a"), organizations=(involved("x", country="NL"),))
    release_document("Three", severity=Severity.LOW, tags=tagged("b"))


def test_every_facet_is_counted(client: Client, corpus: None) -> None:
    found = facets(client)

    assert list(found) == list(FACETS)
    assert found["severity"] == {"high": 2, "low": 1}
    assert found["tag"] == {"a": 2, "b": 2}
    assert found["technique"] == {"attack/T1486": 1}


def test_a_filter_narrows_the_others_and_not_itself(client: Client, corpus: None) -> None:
    found = facets(client, tag="a", facet="severity,tag,country")

    assert found == {"severity": {"high": 2}, "country": {"NL": 1}, "tag": {"a": 2, "b": 2}}
    assert client.get("/api/v1/facets/", {"tag": "a"}).json()["total"] == {"value": 2, "relation": "exact"}


def test_the_most_common_values_come_first_and_the_rest_is_cut(client: Client, corpus: None) -> None:
    release_document("Four", tags=tagged("b"))

    assert facets(client, facet="tag", limit=1) == {"tag": {"b": 3}}
    assert facets(client, facet="tag", limit=1, severity="high") == {"tag": {"a": 2}}


def test_counts_depend_on_who_asks(client: Client, partner: Callable[[TLP], Client]) -> None:
    release_document("Shown", tags=tagged("same"))
    release_document("Hidden", tags=tagged("same", "secret"), tlp=TLP.AMBER)

    assert facets(client)["tag"] == {"same": 1}
    assert facets(partner(TLP.AMBER))["tag"] == {"same": 2, "secret": 1}
    assert facets(client, q="hidden")["tag"] == {}
    assert facets(partner(TLP.AMBER), q="hidden")["tag"] == {"same": 1, "secret": 1}
