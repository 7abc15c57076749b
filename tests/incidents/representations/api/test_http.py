"""HTTP's small print at every address of the API: validators, methods, other sites' scripts, problems."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from incidents.representations.api.problems import KINDS
from incidents.vocabulary.tlp import TLP
from tests.factories import make_full_incident, publish_incident
from tests.factories.corpus import release_document

pytestmark = pytest.mark.django_db
WITH_TIME = [
    "advisories/",
    "advisories/INC-2025-0001/",
    "advisories/INC-2025-0001/releases/",
    "advisories/INC-2025-0001/releases/1/",
    "advisories/INC-2025-0001/changes/1..2/",
    "changes/",
    "facets/",
]
WITHOUT_TIME = [
    "",
    "organizations/",
    "organizations/harbour-bank/",
    "services/",
    "services/harbour-bank/online-banking/",
    "techniques/",
    "techniques/attack/T1486/",
    "mitigations/",
    "mitigations/attack/M1053/",
    "actors/",
    "actors/grey-heron/",
    "tags/",
    "tags/denial-of-service/",
]


@pytest.fixture
def corpus() -> None:
    """An advisory with something in every part, released twice."""
    incident = make_full_incident()
    publish_incident(incident)
    publish_incident(incident)


@pytest.mark.parametrize("place", WITH_TIME + WITHOUT_TIME)
def test_an_answer_has_validators_and_is_not_sent_twice(client: Client, corpus: None, place: str) -> None:
    first = client.get(f"/api/v1/{place}")

    again = client.get(f"/api/v1/{place}", headers={"if-none-match": first["ETag"]})
    other = client.get(f"/api/v1/{place}", headers={"if-match": '"other"'})

    assert (first.status_code, first["Content-Type"]) == (200, "application/json")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert ("Last-Modified" in first) is (place in WITH_TIME)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert other.status_code == 412


@pytest.mark.parametrize("place", WITH_TIME)
def test_an_answer_is_not_sent_again_to_who_has_it_since_it_changed(client: Client, corpus: None, place: str) -> None:
    modified = client.get(f"/api/v1/{place}")["Last-Modified"]

    assert client.get(f"/api/v1/{place}", headers={"if-modified-since": modified}).status_code == 304


@pytest.mark.parametrize("place", WITH_TIME + WITHOUT_TIME)
def test_head_says_what_get_says_without_a_body(client: Client, corpus: None, place: str) -> None:
    got, head = client.get(f"/api/v1/{place}"), client.head(f"/api/v1/{place}")

    assert (head.status_code, head.content, dict(head.items())) == (200, b"", dict(got.items()))


@pytest.mark.parametrize("place", WITH_TIME + WITHOUT_TIME)
def test_options_says_what_may_be_asked_and_by_whom(client: Client, place: str) -> None:
    answer = client.options(
        f"/api/v1/{place}", headers={"origin": "https://soc.example", "access-control-request-method": "GET"}
    )

    assert (answer.status_code, answer.content, answer["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" not in answer["Access-Control-Allow-Headers"]


def test_scripts_of_other_sites_read_answers_and_problems_but_nothing_else(client: Client) -> None:
    release_document()

    answers = [client.get(place) for place in ("/api/v1/advisories/", "/api/v1/nothing/", "/api/v1/changes/?x=1")]

    assert [answer["Access-Control-Allow-Origin"] for answer in answers] == ["*"] * 3
    assert (
        answers[0]["Access-Control-Expose-Headers"]
        == "Deprecation, ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, Sunset"
    )
    assert answers[0]["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Origin" not in client.get("/incidents/")
    assert "Access-Control-Allow-Origin" not in client.get("/api/problems/")


def test_an_answer_to_a_key_is_kept_by_nobody_and_read_by_no_script(partner: Any) -> None:
    release_document(tlp=TLP.AMBER)
    client = partner(TLP.AMBER)

    for place in ("advisories/", "advisories/INC-2025-0001/", "advisories/INC-2025-0099/", "nothing/", "changes/?x=1"):
        answer = client.get(f"/api/v1/{place}")

        assert answer["Cache-Control"] == "private, no-store"
        assert "Access-Control-Allow-Origin" not in answer


def test_a_partner_is_told_too_that_nothing_changed(partner: Any) -> None:
    release_document(tlp=TLP.AMBER)
    client = partner(TLP.AMBER)
    etag = client.get("/api/v1/advisories/")["ETag"]

    again = client.get("/api/v1/advisories/", headers={"if-none-match": etag})

    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-store")


@given(accept=st.sampled_from(["text/html", "application/xml;q=1", "image/*", "", "x", "application/json;indent=4"]))
def test_whatever_a_client_likes_best_it_gets_json(accept: str) -> None:
    answer = Client().get("/api/v1/", headers={"accept": accept})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert "Accept" not in answer["Vary"].split(", ")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_is_not_taken_is_a_problem(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/advisories/")

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert (answer["Allow"], answer["Cache-Control"]) == ("GET, HEAD, OPTIONS", "private, no-store")
    assert answer.json()["type"].endswith("/api/problems/method-not-allowed/")


def test_an_unknown_address_is_a_problem(client: Client, settings: Settings) -> None:
    answer = client.get("/api/v1/nothing/here/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json() == {
        "type": f"{settings.SITE_URL}/api/problems/not-found/",
        "title": "There is nothing at this address",
        "status": 404,
    }


def test_a_forgotten_slash_is_put_there(client: Client) -> None:
    answer = client.get("/api/v1/advisories?limit=1")

    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/advisories/?limit=1")


def test_a_foreign_host_is_a_problem_and_a_page_elsewhere(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["tocsin.example"]

    answers = [client.get(place, headers={"host": "evil.example"}) for place in ("/api/v1/", "/about/")]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["type"].endswith("/api/problems/bad-request/")
    assert answers[1]["Content-Type"].startswith("text/html")


def test_a_fault_of_ours_is_a_problem_that_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("incidents.representations.api.facets.count_facets", fail)

    answer = Client(raise_request_exception=False).get("/api/v1/facets/")

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer["Cache-Control"] == "private, no-store"
    assert b"secret" not in answer.content


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_problem_has_a_page_at_its_type(client: Client, name: str) -> None:
    kind = KINDS[name]

    page = client.get(kind.path)

    text = page.content.decode()
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert f"<h1>{kind.title}</h1>" in text
    assert all(sentence in text for sentence in (kind.meaning, kind.remedy))


def test_the_kinds_of_problems_are_listed_and_others_are_not_found(client: Client) -> None:
    text = client.get("/api/problems/").content.decode()

    assert [name for name in KINDS if f'href="/api/problems/{name}/"' not in text] == []
    assert client.get("/api/problems/none/").status_code == 404
