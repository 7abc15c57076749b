"""Parameters that cannot be understood: each is named, with what is allowed and what is nearest; none is ignored."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from incidents.partners.scopes import Scope
from incidents.representations.api.advisory_query import MEANINGS, AdvisoryQuery
from incidents.representations.api.parameters import Parameter, read_instant
from incidents.representations.api.urls import parameter_names, version_1
from tests.factories.corpus import release_document

pytestmark = pytest.mark.django_db
VIEWS = {pattern.name: pattern.callback.view_class for pattern in version_1}
READ = {name: view for name, view in VIEWS.items() if view.scope is Scope.READ}


def errors(client: Client, query: str, place: str = "/api/v1/advisories/") -> Any:
    response = client.get(f"{place}?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response["Cache-Control"] == "private, no-store"
    return response.json()["errors"]


def test_an_unknown_name_is_answered_with_the_names_and_the_nearest(client: Client) -> None:
    (error,) = errors(client, "severty=high")

    assert error == {
        "parameter": "severty",
        "detail": "This address has no parameter “severty”.",
        "allowed": sorted([*AdvisoryQuery.base_filters, "fields", "expand", "count", "limit"]),
        "nearest": "severity",
    }


def test_a_value_out_of_a_list_is_answered_with_the_list_and_the_nearest(client: Client) -> None:
    assert errors(client, "severity=hihg") == [
        {
            "parameter": "severity",
            "detail": "“hihg” is no value of “severity”. Allowed are critical, high, medium, low, informational.",
            "allowed": ["critical", "high", "medium", "low", "informational"],
            "nearest": "high",
        }
    ]


@pytest.mark.parametrize(
    ("query", "parameter", "detail", "nearest"),
    [
        ("fields=titel", "fields", "“titel” is no value of “fields”.", "title"),
        ("expand=actor", "expand", "“actor” is no value of “expand”.", "actors"),
        ("count=all", "count", "“all” is no value of “count”. Allowed are estimate, exact.", None),
        ("limit=0", "limit", "“0” is no value of “limit”. Give a number from 1 to 200.", None),
        ("limit=201", "limit", "“201” is no value of “limit”. Give a number from 1 to 200.", None),
        ("limit=²", "limit", "“²” is no value of “limit”. Give a number from 1 to 200.", None),
        ("limit=1&limit=2", "limit", "“limit” takes one value; 2 were given.", None),
        ("id=x", "id", "“x” is no value of “id”. Give ids such as INC-2025-0001.", None),
        ("modified_since=yesterday", "modified_since", "“yesterday” is no value of “modified_since”. Give a day", None),
        ("year=24", "year", "“24” is no value of “year”. Give a year in four digits, such as 2025.", None),
        ("severity=high,,low", "severity", "“high,,low” has a comma too many.", None),
        ("severity=,", "severity", "“,” has a comma too many.", None),
        (f"q={'x' * 201}", "q", "“q” takes at most 200 characters; 201 were given.", None),
    ],
)
def test_a_bad_value_is_answered_with_parameter_and_reason(
    client: Client, query: str, parameter: str, detail: str, nearest: str | None
) -> None:
    (error,) = errors(client, query)

    assert (error["parameter"], error["detail"][: len(detail)], error.get("nearest")) == (parameter, detail, nearest)


def test_everything_that_is_wrong_is_said_at_once(client: Client) -> None:
    found = errors(client, "limit=x&severity=grave,high&colour=red")

    assert [error["parameter"] for error in found] == ["colour", "limit", "severity"]


@pytest.mark.parametrize("name", [name for name, view in READ.items() if name == "index" or not view.parameters])
def test_an_address_without_parameters_takes_none(client: Client, name: str) -> None:
    release_document()
    places = {
        "index": "/api/v1/",
        "difference": "/api/v1/advisories/INC-2025-0001/changes/1..2/",
        "exports": "/api/v1/exports/",
        "export": f"/api/v1/exports/advisories-{'0' * 32}.ndjson.gz",
    }

    assert [error["parameter"] for error in errors(client, "limit=1", places[name])] == ["limit"]


def test_too_many_ids_are_refused(client: Client) -> None:
    query = ",".join(f"INC-2025-{number:04d}" for number in range(201))

    (error,) = errors(client, f"id={query}")

    assert error["detail"] == "“id” takes at most 200 values; 201 were given."


def test_every_parameter_is_explained() -> None:
    declared = {one.name: one for view in VIEWS.values() for one in view.parameters}

    assert set(MEANINGS) == set(AdvisoryQuery.base_filters)
    assert parameter_names() == set(MEANINGS) | set(declared)
    assert [one for one in declared.values() if not isinstance(one, Parameter) or not one.meaning.endswith(".")] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from([*sorted(parameter_names()), "x"]), st.text(max_size=30), max_size=3))
@example({"cursor": "\x00", "q": "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace")})
@example({"modified_since": "0001-01-01T00:00:00+14:00"})
@example({"modified_since": "9999-12-31T23:59:59-14:00"})
@example({"released_since": "0001-01-01"})
def test_whatever_is_asked_is_answered_or_refused_and_breaks_nothing(client: Client, asked: dict[str, str]) -> None:
    for place in ("/api/v1/advisories/", "/api/v1/changes/", "/api/v1/facets/", "/api/v1/techniques/"):
        response = client.get(place, asked)

        assert response.status_code in (200, 400)
        assert isinstance(response.json(), dict)


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_is_read_as_what_it_is(moment: Any) -> None:
    try:
        text = moment.isoformat()
        instant = moment.timestamp()
    except (ValueError, OverflowError):
        return
    if not 1 < moment.year < 9999 or moment.utcoffset().microseconds:
        return

    read = read_instant(text)

    assert read.endswith("+00:00")
    assert abs(type(moment).fromisoformat(read).timestamp() - instant) < 1e-6


def test_what_is_said_too_often_is_refused_even_if_it_is_the_same(client: Client) -> None:
    release_document()

    assert [error["parameter"] for error in errors(client, "id=" + ",".join(["INC-2025-0001"] * 201))] == ["id"]
    assert client.get("/api/v1/advisories/?severity=" + ",".join(["high"] * 30)).status_code == 200
