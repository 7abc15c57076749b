"""Rate limits as a program meets them: so many pass, the next is told to wait, and nobody is in the way of another."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.partners.limits import take
from incidents.partners.meter.in_file import FileStore
from incidents.partners.meter.meter import the_meter
from incidents.partners.scopes import Scope
from tests.factories.partners import make_partner, make_partner_key

pytestmark = pytest.mark.django_db
LIST = "/api/v1/tags/"


@pytest.fixture(autouse=True)
def limited(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Three requests in ten minutes for the public, five for common partners."""
    settings.API_LIMITS = {"public": (3, 600), "standard": (5, 600), "high": (7, 600)}
    settings.METER_FILE = str(tmp_path / "meter.sqlite3")
    yield
    store: Any = the_meter().store
    assert isinstance(store, FileStore)


def ask(token: str = "", address: str = "203.0.113.7", place: str = LIST, method: str = "GET") -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return Client(headers=headers, REMOTE_ADDR=address).generic(method, place)


def statuses(times: int, **asked: Any) -> list[int]:
    return [ask(**asked).status_code for _ in range(times)]


def test_as_many_pass_as_the_limit_says_and_the_next_is_told_to_wait() -> None:
    assert statuses(4) == [200, 200, 200, 429]

    refused = ask()

    said = json.loads(refused.content)
    wait = int(refused["Retry-After"])
    assert (said["type"], said["status"]) == ("http://127.0.0.1:8000/api/problems/rate-limited/", 429)
    assert said["violated-policies"] == ["public"]
    assert said["detail"] == (
        f"The limit for requests without a key from one address is 3 requests in 600 seconds. Ask again in {wait} s."
    )
    assert 590 <= wait <= 600
    assert refused["Cache-Control"] == "private, no-store"
    assert refused["RateLimit-Policy"] == '"public";q=3;w=600'
    assert refused["RateLimit"] == f'"public";r=0;t={wait}'


def test_every_answer_says_how_much_is_left() -> None:
    said = [ask()["RateLimit"].split(";t=")[0] for _ in range(2)]

    assert said == ['"public";r=2', '"public";r=1']


def test_errors_and_304_count_and_say_so_too() -> None:
    etag = ask()["ETag"]
    unchanged = Client(headers={"if-none-match": etag}, REMOTE_ADDR="203.0.113.7").get(LIST)
    wrong = ask(place=f"{LIST}?colour=red")

    assert (unchanged.status_code, unchanged["RateLimit"].split(";t=")[0]) == (304, '"public";r=1')
    assert (wrong.status_code, wrong["RateLimit"].split(";t=")[0]) == (400, '"public";r=0')


def test_each_key_has_its_own_limit_by_the_tier_of_its_partner() -> None:
    _, common = make_partner_key()
    _, other = make_partner_key()
    _, high = make_partner_key(make_partner(tier="high"))
    _, unknown = make_partner_key(make_partner(tier="of long ago"))

    assert statuses(6, token=common) == [200] * 5 + [429]
    assert statuses(5, token=other) == [200] * 5
    assert statuses(8, token=high) == [200] * 7 + [429]
    assert statuses(6, token=unknown) == [200] * 5 + [429]
    assert statuses(3) == [200] * 3


def test_addresses_are_counted_apart_but_not_within_one_network_of_ipv6() -> None:
    assert statuses(4, address="203.0.113.7") == [200, 200, 200, 429]
    assert statuses(1, address="203.0.113.8") == [200]
    assert statuses(1, address="::ffff:203.0.113.7") == [429]
    assert [ask(address=f"2001:db8:1:2::{number}").status_code for number in range(4)] == [200, 200, 200, 429]
    assert statuses(1, address="2001:db8:1:3::1") == [200]


def test_guessing_keys_counts_for_the_address_and_leaves_others_alone() -> None:
    _, token = make_partner_key()

    assert statuses(4, token="tocsin_guess") == [401, 401, 401, 429]
    assert statuses(1, token=token) == [200]


def test_a_key_of_the_wrong_scope_counts_for_itself() -> None:
    _, token = make_partner_key(scopes=[Scope.SUBMIT])

    assert statuses(6, token=token) == [403] * 5 + [429]


def test_asking_what_may_be_asked_is_free() -> None:
    assert statuses(9, method="OPTIONS") == [204] * 9


def test_without_limits_nothing_is_said_of_any(settings: Settings) -> None:
    settings.API_LIMITS = {}

    assert [name for name in ask().headers if name.lower().startswith("ratelimit")] == []


def test_where_nothing_can_be_counted_everybody_passes(settings: Settings) -> None:
    settings.METER_FILE = "/dev/null/meter.sqlite3"
    _, token = make_partner_key()
    try:
        assert statuses(5) == [200] * 5
        assert statuses(6, token=token) == [200] * 6
    finally:
        settings.METER_FILE = ":memory:"


def test_somebody_without_a_readable_address_is_not_thrown_together_with_others() -> None:
    assert [take(None, "") for _ in range(5)] == [None] * 5


def test_the_meter_keeps_no_address(tmp_path: Path) -> None:
    ask(address="203.0.113.77")

    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"address:" in written
    assert b"203.0.113.77" not in written
