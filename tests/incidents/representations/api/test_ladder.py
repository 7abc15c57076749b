"""The ladder of keys at every address of the API, found from the router: nobody, the wrong scope, the wrong clearance, one that
expired, one that was revoked, one from the wrong network, the right one."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from incidents.partners.keys import revoke_key
from incidents.partners.models import ApiKey
from incidents.partners.scopes import Scope
from incidents.vocabulary.tlp import TLP
from tests.factories.partners import make_partner, make_partner_key
from tests.promises.addresses import addresses
from tests.promises.test_secret_word import make_public, make_secret, parameter_values

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.7"
Key = Callable[[Scope], tuple[ApiKey, str]]


def key_for(scope: Scope, clearance: TLP = TLP.AMBER_STRICT, **fields: Any) -> tuple[ApiKey, str]:
    return make_partner_key(make_partner(clearance=clearance, networks=["203.0.113.0/24"]), scopes=[scope], **fields)


def wrong_scope(scope: Scope) -> tuple[ApiKey, str]:
    return key_for(next(other for other in Scope if other is not scope))


def expired(scope: Scope) -> tuple[ApiKey, str]:
    return key_for(scope, expires_at=timezone.now() - timedelta(seconds=1))


def revoked(scope: Scope) -> tuple[ApiKey, str]:
    key, token = key_for(scope)
    revoke_key(key, by=None)
    return key, token


def of_ended_partner(scope: Scope) -> tuple[ApiKey, str]:
    key, token = key_for(scope)
    key.partner.is_active = False
    key.partner.save()
    return key, token


def view_at(place: str) -> Any:
    found: Any = resolve(place).func
    return found.view_class


def scope_at(place: str) -> Scope:
    return Scope(view_at(place).scope)


def methods_at(place: str) -> list[str]:
    """The methods that an address takes, besides asking what they are."""
    return [name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view_at(place), name)]


@pytest.fixture
def places() -> tuple[list[str], str]:
    """Every address of the API, for something public and something TLP:AMBER, and the secret word in the latter."""
    public, (secret, word) = make_public(), make_secret("amber")
    found = addresses(parameter_values([secret], public), ("en",))
    return sorted(place for place in found if place.startswith("/api/v1/")), word.lower()


def ask(place: str, token: str = "", *, method: str = "GET", address: str = HERE, **headers: str) -> Any:
    if token:
        headers["authorization"] = f"Bearer {token}"
    return Client(headers=headers, REMOTE_ADDR=address).generic(method, place, content_type="application/json")


@pytest.mark.parametrize(
    ("make", "address", "status", "problem"),
    [
        (wrong_scope, HERE, 403, "insufficient-scope"),
        (expired, HERE, 401, "not-authenticated"),
        (revoked, HERE, 401, "not-authenticated"),
        (of_ended_partner, HERE, 401, "not-authenticated"),
        (key_for, ELSEWHERE, 401, "not-authenticated"),
        (lambda scope: (None, "tocsin_" + "a" * 10 + "_" + "b" * 43), HERE, 401, "not-authenticated"),
    ],
    ids=["wrong scope", "expired", "revoked", "of a partner who has ended", "wrong network", "unknown"],
)
def test_a_key_that_is_not_right_opens_nothing_at_any_address(
    places: tuple[list[str], str], make: Key, address: str, status: int, problem: str
) -> None:
    tokens = {scope: make(scope)[1] for scope in {scope_at(place) for place in places[0]}}

    answers = {
        (place, method): ask(place, tokens[scope_at(place)], method=method, address=address)
        for place in places[0]
        for method in methods_at(place)
    }

    wrong = {
        asked: (answer.status_code, answer.get("Cache-Control"))
        for asked, answer in answers.items()
        if (answer.status_code, answer.get("Cache-Control")) != (status, "private, no-store")
        or not json.loads(answer.content)["type"].endswith(f"/{problem}/")
        or "Access-Control-Allow-Origin" in answer
    }
    assert wrong == {}
    assert len(answers) > 20


def test_only_the_right_clearance_opens_what_is_there(places: tuple[list[str], str]) -> None:
    asked, word = [place for place in places[0] if scope_at(place) is Scope.READ], places[1]
    callers = {
        "nobody": "",
        "below": key_for(Scope.READ, TLP.GREEN)[1],
        "right": key_for(Scope.READ, TLP.AMBER)[1],
    }

    read = {who: {place: ask(place, token) for place in asked} for who, token in callers.items()}

    told = {
        who: {
            place
            for place, answer in answers.items()
            if word in answer.getvalue().decode().lower().replace(place.lower(), "")
        }
        for who, answers in read.items()
    }
    statuses = {who: [answer.status_code for answer in answers.values()] for who, answers in read.items()}
    assert (told["nobody"], told["below"]) == (set(), set())
    assert len(told["right"]) > 5
    assert statuses["nobody"] == statuses["below"]
    assert statuses["right"].count(200) > statuses["below"].count(200)
    assert {answer["Cache-Control"] for answer in read["right"].values()} == {"private, no-store"}


def test_what_is_not_for_everybody_is_kept_by_nobody_304_and_errors_too(places: tuple[list[str], str]) -> None:
    asked = [place for place in places[0] if scope_at(place) is Scope.READ]
    _, token = key_for(Scope.READ)
    tags = {
        place: answer["ETag"]
        for place in asked
        if (answer := ask(place, token)).status_code == 200 and "ETag" in answer
    }

    unchanged = {place: ask(place, token, **{"if-none-match": tag}) for place, tag in tags.items()}
    wrong = {place: ask(f"{place}?colour=red", token) for place in asked}
    methods = {place: ask(place, token, method="DELETE") for place in asked}

    assert {answer.status_code for answer in unchanged.values()} == {304}
    assert {answer.status_code for answer in wrong.values()} <= {400, 404}
    assert {answer.status_code for answer in methods.values()} == {405}
    every = [*unchanged.values(), *wrong.values(), *methods.values()]
    assert {answer["Cache-Control"] for answer in every} == {"private, no-store"}


def test_no_key_stands_in_any_log(places: tuple[list[str], str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = [make(Scope.READ)[1] for make in (key_for, wrong_scope, expired, revoked)]

    for token in tokens:
        for place in places[0]:
            ask(place, token)
            ask(place, token[:-1])

    secrets = [token.split("_", 2)[2][:-1] for token in tokens]
    said = [f"{record.getMessage()} {record.args} {record.exc_text}" for record in caplog.records]
    assert said != []
    assert [line for line in said for secret in secrets if secret in line] == []
