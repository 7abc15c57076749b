"""Addresses that go say so in every answer; people read it on the changelog."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.representations.api.changelog import API_CHANGES
from incidents.representations.api.retirement import CHANGELOG, Retirement

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.incidents.representations.api.retiring_urls")]
ABOUT = '<http://127.0.0.1:8000/api/changelog/>; rel="deprecation"; type="text/html"'
INSTEAD = '<http://127.0.0.1:8000/api/v1/tags/>; rel="successor-version"'


def said_by(place: str, **headers: str) -> dict[str, Any]:
    answer = Client(headers=headers).get(place)
    return {name: answer.get(name) for name in ("Deprecation", "Sunset", "Link")}


def test_an_address_that_goes_says_since_when_until_when_and_what_comes_instead() -> None:
    assert said_by("/api/v1/going/") == {
        "Deprecation": "@1767312000",
        "Sunset": "Fri, 03 Jul 2026 04:05:06 GMT",
        "Link": f'<https://tocsin.example/next>; rel="next", {ABOUT}, {INSTEAD}',
    }


def test_errors_and_304_say_it_too() -> None:
    etag = Client().get("/api/v1/going/")["ETag"]

    for answer in (said_by("/api/v1/going/?colour=red"), said_by("/api/v1/going/", **{"if-none-match": etag})):
        assert (answer["Deprecation"], answer["Sunset"]) == ("@1767312000", "Fri, 03 Jul 2026 04:05:06 GMT")


def test_without_a_date_there_is_no_sunset() -> None:
    assert (said_by("/api/v1/deprecated/")["Deprecation"], said_by("/api/v1/deprecated/")["Sunset"]) == (
        "@1767312000",
        None,
    )


def test_what_stays_says_nothing() -> None:
    answer = said_by("/api/v1/tags/")

    assert (answer["Deprecation"], answer["Sunset"]) == (None, None)
    assert "deprecation" not in (answer["Link"] or "")


def test_nothing_goes_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="cannot go before"):
        Retirement(dt.datetime(2026, 2, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_the_changelog_shows_every_change_the_newest_first(client: Client) -> None:
    page = client.get(CHANGELOG).content.decode()

    assert page.count('<li class="hollow">') == len(API_CHANGES)
    assert "<code>Authorization: Bearer</code>" in page
    assert [change.on for change in API_CHANGES] == sorted((change.on for change in API_CHANGES), reverse=True)
    assert all(change.what.count("`") % 2 == 0 for change in API_CHANGES)


def test_the_policy_says_limits_terms_and_contact(client: Client, settings: Settings) -> None:
    settings.API_LIMITS = {"public": (3, 60), "standard": (5, 60)}
    settings.API_TERMS_URL, settings.API_CONTACT = "https://tocsin.example/terms", "api@tocsin.example"

    answer = client.get("/.well-known/api-policy.json")

    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "api": "http://127.0.0.1:8000/api/v1/",
        "terms": "https://tocsin.example/terms",
        "contact": "mailto:api@tocsin.example",
        "limits": [
            {"tier": "public", "requests": 3, "window_seconds": 60, "counted_by": "address"},
            {"tier": "standard", "requests": 5, "window_seconds": 60, "counted_by": "key"},
        ],
        "keys": "http://127.0.0.1:8000/partners/",
        "changelog": "http://127.0.0.1:8000/api/changelog/",
        "problems": "http://127.0.0.1:8000/api/problems/",
    }
