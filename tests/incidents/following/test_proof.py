"""The proof that following misses nothing and repeats nothing: publishers write, the follower is killed, the copy is whole.

Server, publishers and follower are processes of their own, as they would be.
"""

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler

from portal.settings.databases import database_settings
from portal.start.processes import server_command
from tests.conftest import ROOT, manage
from tests.run.ports import await_port, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PUBLISHERS, KILLS = 8, 20
EDITORS = "from tests.factories import *; [make_editor(r) for r in ('Author','Reviewer','Publisher')]"
Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def environment(scratch_database: str) -> dict[str, str]:
    """Of processes that work on the scratch database."""
    settings = {"DATABASE_URL": scratch_database, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    return {**os.environ, **settings, "TEST_DATABASE_URL": "", "PYTHONWARNINGS": "ignore"}


@pytest.fixture
def portal(environment: dict[str, str]) -> Iterator[str]:
    """The address of a running server with two worker processes."""
    port = free_port()
    server = subprocess.Popen(server_command(host="127.0.0.1", port=port, workers=2), cwd=ROOT, env=environment)
    await_port(port, server)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=30)


@pytest.fixture
def publishers(scratch_database: str, environment: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Eight that publish at the same time, all at work."""
    manage("shell", "-v", "0", "-c", EDITORS, database=scratch_database)
    module = "tests.incidents.following.publishing_process"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", module, f"Publisher {number}"],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(PUBLISHERS)
    ]
    for publisher in started:
        assert publisher.stdout is not None
        publisher.stdout.readline()
    yield started
    for publisher in started:
        publisher.kill()
        publisher.communicate()


@pytest.fixture
def ledger(scratch_database: str) -> Iterator[Rows]:
    """Run a query on the portal's database."""
    handler = ConnectionHandler({"default": database_settings(scratch_database, pool=False)})

    def fetch(query: str) -> list[tuple[Any, ...]]:
        with handler["default"].cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    yield fetch
    handler["default"].close()


def in_copy(path: Path, query: str) -> list[tuple[Any, ...]]:
    """Run a query on the copy."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def stored(path: Path) -> int:
    """How many releases the copy holds; none where it is not made yet."""
    try:
        return in_copy(path, "SELECT count(*) FROM releases")[0][0] if path.exists() else 0
    except sqlite3.OperationalError:
        return 0


def follow_until_killed(portal: str, path: Path, environment: dict[str, str], chance: random.Random) -> str:
    """Start a follower, kill it at a moment that nobody chose, and return what it complained of.

    Half of them are killed wherever they are, while they start too; half some time after they stored a first page.
    """
    command = [sys.executable, "manage.py", "follow", portal, "--into", str(path), "--watch", "0.01", "--limit", "3"]
    before = stored(path)
    follower = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if chance.random() < 0.5:
        while stored(path) == before and follower.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
    else:
        time.sleep(chance.uniform(0, 1.5))
    follower.kill()
    return follower.communicate()[1]


def finish(publishers: list[subprocess.Popen[str]]) -> list[tuple[str, int]]:
    """Let every publisher finish; what each complained of, and its exit status."""
    for publisher in publishers:
        assert publisher.stdin is not None
        publisher.stdin.close()
        publisher.stdin = None
    return [(publisher.communicate(timeout=120)[1], publisher.returncode) for publisher in publishers]


def test_copy_is_whole_though_its_follower_was_killed_twenty_times(
    portal: str, publishers: list[subprocess.Popen[str]], environment: dict[str, str], ledger: Rows, tmp_path: Path
) -> None:
    path, chance = tmp_path / "copy.sqlite3", random.Random(20)
    at_the_start = ledger("SELECT count(*) FROM incidents_release")[0][0]

    complaints = [follow_until_killed(portal, path, environment, chance) for _ in range(KILLS)]
    followed = stored(path)
    assert finish(publishers) == [("", 0)] * PUBLISHERS
    options = (portal, "--into", str(path))
    last = [
        manage("follow", *options, *more, database="sqlite://:memory:", check=False) for more in ((), ("--verify",))
    ]

    assert complaints == [""] * KILLS
    assert [(one.returncode, one.stderr) for one in last] == [(0, ""), (0, "")]
    released = ledger(
        "SELECT public_id, number, kind, document_json FROM incidents_release WHERE tlp = 'clear' ORDER BY sequence"
    )
    copied = in_copy(path, "SELECT id, number, kind, document, sha256 FROM releases ORDER BY place")
    assert [(*row[:3], row[3].decode()) for row in copied] == released
    assert [hashlib.sha256(row[3]).hexdigest() for row in copied] == [row[4] for row in copied]
    assert sorted(in_copy(path, "SELECT id, number, merged_into, standing <> 'current' FROM advisories")) == sorted(
        ledger("SELECT public_id, number, merged_into, is_withdrawn FROM incidents_advisory WHERE tlp = 'clear'")
    )
    kinds = {row[0] for row in in_copy(path, "SELECT event FROM releases")}
    assert kinds == {"created", "updated", "corrected", "withdrawn", "merged"}
    assert 0 < followed <= len(released)
    assert len(released) < ledger("SELECT count(*) FROM incidents_release")[0][0]
    assert at_the_start < len(released)
