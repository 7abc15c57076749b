"""Counting: exact when many count at once, anew in each window, and not in the way when it fails."""

import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from incidents.partners.meter.in_file import MEMORY, FileStore
from incidents.partners.meter.in_redis import PREFIX, RedisStore
from incidents.partners.meter.meter import REST_SECONDS, Meter, the_meter
from incidents.partners.meter.store import Counted, Store
from tests.conftest import ROOT

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def reach_redis() -> str:
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        pytest.skip(f"No Redis at {REDIS}; set TEST_REDIS_URL to one.")
    return REDIS


@pytest.fixture
def name() -> Iterator[str]:
    name = f"test:{secrets.token_hex(8)}"
    yield name
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).delete(PREFIX + name)
    except redis.RedisError:
        return


@pytest.fixture(params=["file", "redis"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    return (request.param, reach_redis() if request.param == "redis" else str(tmp_path / "new" / "meter.sqlite3"))


def store_at(place: tuple[str, str]) -> Store:
    return RedisStore(place[1]) if place[0] == "redis" else FileStore(place[1])


@pytest.mark.slow
def test_many_processes_and_threads_count_without_gap_or_double(place: tuple[str, str], name: str) -> None:
    command = [sys.executable, "-m", "tests.incidents.partners.counting_process", *place, name, "150"]

    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    said = [child.communicate(timeout=120)[0] for child in children]

    assert sorted(int(number) for line in said for number in line.split()) == list(range(1, 901))
    assert store_at(place).read([name]) == {name: 900}


def test_a_name_is_counted_by_itself_and_only_what_was_counted_is_read(place: tuple[str, str], name: str) -> None:
    store = store_at(place)

    counted = [store.count(name, 600) for _ in range(2)]

    assert [one.times for one in counted] == [1, 2]
    assert all(599 < one.seconds_left <= 600 for one in counted)
    assert store.read([name, f"{name}:other"]) == {name: 2}


def test_a_window_opens_with_the_first_and_closes_by_itself() -> None:
    now = [1000.0]
    store = FileStore(MEMORY, clock=lambda: now[0])

    first, now[0] = store.count("a", 60), 1059.9
    second, now[0] = store.count("a", 60), 1060.0
    third = store.count("a", 60)

    assert (first, third) == (Counted(1, 60.0), Counted(1, 60.0))
    assert (second.times, round(second.seconds_left, 1)) == (2, 0.1)


def test_closed_windows_are_forgotten() -> None:
    now = [1000.0]
    store = FileStore(MEMORY, clock=lambda: now[0])
    for number in range(5):
        store.count(f"stranger {number}", 60)

    now[0] += 200
    store.count("another", 60)

    assert store.database is not None
    assert store.database.execute("SELECT name FROM window").fetchall() == [("another",)]


def test_redis_never_keeps_a_counter_without_an_end(name: str) -> None:
    client = redis.Redis.from_url(reach_redis())
    client.set(PREFIX + name, 4)

    counted = RedisStore(REDIS).count(name, 60)

    assert (counted.times, 0 < client.pttl(PREFIX + name) <= 60_000) == (5, True)


@pytest.mark.parametrize(
    "store",
    [FileStore("/dev/null/meter.sqlite3"), FileStore(str(Path(__file__))), RedisStore("redis://127.0.0.1:1/0")],
    ids=["no folder", "no database", "no redis"],
)
def test_a_store_that_fails_lets_pass_and_is_left_alone_for_a_while(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    now = [100.0]
    meter = Meter(store, clock=lambda: now[0])

    with caplog.at_level(logging.WARNING):
        answers = [meter.count("a", 60), meter.count("a", 60), meter.read(["a"])]
        now[0] += REST_SECONDS
        meter.count("a", 60)

    assert answers == [None, None, None]
    assert len([record for record in caplog.records if "no limit holds" in record.getMessage()]) == 2


def test_the_meter_is_in_redis_where_the_cache_is(settings: object) -> None:
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:6379/3"}
    }
    assert isinstance(the_meter().store, RedisStore)

    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": ""}
    }
    assert isinstance(the_meter().store, FileStore)
