"""When, from where and how often a key was used."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from incidents.partners.limits import DAYS_SHOWN, requests_by_day
from tests.factories.partners import make_partner_key

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def read(token: str, address: str = "203.0.113.7") -> int:
    client = Client(headers={"authorization": f"Bearer {token}"}, REMOTE_ADDR=address)
    return client.get("/api/v1/").status_code


def test_the_last_use_is_noted_with_its_address_at_most_once_a_minute() -> None:
    key, token = make_partner_key()
    seen = []

    with time_machine.travel(NOON, tick=False) as clock:
        for seconds, address in ((0, "203.0.113.1"), (59, "203.0.113.2"), (1, "203.0.113.3")):
            clock.shift(seconds)
            with CaptureQueriesContext(connection) as queries:
                read(token, address)
            key.refresh_from_db()
            writes = [query for query in queries.captured_queries if query["sql"].startswith("UPDATE")]
            seen.append((key.last_used_at, key.last_used_from, len(writes)))

    assert seen == [
        (NOON, "203.0.113.1", 1),
        (NOON, "203.0.113.1", 0),
        (NOON + timedelta(minutes=1), "203.0.113.3", 1),
    ]


def test_a_key_that_opens_nothing_is_not_noted() -> None:
    key, token = make_partner_key(expires_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert read(token) == 401
    key.refresh_from_db()
    assert key.last_used_at is None


def test_where_nothing_can_be_written_the_caller_is_answered_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    key, token = make_partner_key()
    with read_only():
        assert read(token) == 200

    key.refresh_from_db()
    assert key.last_used_at is None
    assert f"The use of the key {key.prefix} cannot be noted" in caplog.text


class read_only:  # noqa: N801  reads like the context manager it is
    """The database takes no write inside the block."""

    def __enter__(self) -> None:
        self.point = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute(
                "SET TRANSACTION READ ONLY" if connection.vendor == "postgresql" else "PRAGMA query_only = ON"
            )

    def __exit__(self, *raised: object) -> None:
        if connection.vendor == "postgresql":
            transaction.savepoint_rollback(self.point)  # and with it what was set since
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")


def test_requests_are_counted_by_day(settings: Settings, tmp_path: object) -> None:
    settings.METER_FILE = f"{tmp_path}/meter.sqlite3"
    key, token = make_partner_key()
    _, other = make_partner_key()

    with time_machine.travel(NOON, tick=False) as clock:
        read(token)
        clock.shift(timedelta(days=1))
        for use in (token, token, other):
            read(use)
        days = requests_by_day(key, (NOON + timedelta(days=1)).date())
        clock.shift(timedelta(days=DAYS_SHOWN))
        later = requests_by_day(key, (NOON + timedelta(days=DAYS_SHOWN)).date())

    assert days is not None
    assert later is not None
    assert (len(days), list(days.values())[-3:]) == (DAYS_SHOWN, [0, 1, 2])
    assert next(iter(later.values())) == 2
    assert sum(later.values()) == 2
