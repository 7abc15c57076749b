"""INV-SEQUENCE, INV-ATOMIC and INV-ID under many writers and under kills, in processes of their own."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.db.utils import ConnectionHandler

from portal.settings.databases import database_settings
from tests.conftest import ROOT, manage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WRITERS, INCIDENTS, KILLS = 8, 5, 20


def start_publisher(database: str, name: str, count: int) -> subprocess.Popen[str]:
    """A process that publishes `count` incidents on a database."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.incidents.publication.publishing_process", str(count), name],
        env={
            **os.environ,
            "DATABASE_URL": database,
            "TEST_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def rows(scratch_database: str) -> Iterator[object]:
    """Run a query on the scratch database."""
    handler = ConnectionHandler({"default": database_settings(scratch_database, pool=False)})

    def fetch(query: str) -> list[tuple[object, ...]]:
        with handler["default"].cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    yield fetch
    handler["default"].close()


def test_eight_writers_leave_no_gap_no_double_and_no_error(scratch_database, rows):
    manage(
        "shell",
        "-v",
        "0",
        "-c",
        "from tests.factories import *; [make_editor(r) for r in ('Author','Reviewer','Publisher')]",
        database=scratch_database,
    )
    before = rows("SELECT coalesce(max(sequence), 0) FROM incidents_release")[0][0]

    writers = [start_publisher(scratch_database, f"Writer {number}", INCIDENTS) for number in range(WRITERS)]
    finished = [(writer.communicate(timeout=240), writer.returncode) for writer in writers]

    assert [(errors, code) for (_, errors), code in finished] == [("", 0)] * WRITERS
    said = [line for (output, _), _ in finished for line in output.split()]
    stored = rows(
        f"SELECT sequence, public_id, number FROM incidents_release WHERE sequence > {before} ORDER BY sequence"
    )
    assert [row[0] for row in stored] == list(range(before + 1, before + 1 + WRITERS * INCIDENTS * 2))
    assert sorted(said) == sorted(f"{public_id}/{number}" for _, public_id, number in stored)
    assert manage("verify_ledger", "--quiet", database=scratch_database).returncode == 0


def test_a_kill_at_any_moment_leaves_whole_releases_only(scratch_database, rows):
    chance = random.Random(7)
    before = rows("SELECT coalesce(max(sequence), 0) FROM incidents_release")[0][0]

    for kill in range(KILLS):
        victim = start_publisher(scratch_database, f"Victim {kill}", 1000)
        assert victim.stdout is not None
        victim.stdout.readline()
        time.sleep(chance.uniform(0, 0.4))
        victim.kill()
        said = victim.communicate()[0].split()
        stored = {
            f"{public_id}/{number}" for public_id, number in rows("SELECT public_id, number FROM incidents_release")
        }
        assert stored.issuperset(said)

    assert manage("verify_ledger", database=scratch_database).returncode == 0
    halves = rows(
        "SELECT i.public_id FROM incidents_incident i LEFT JOIN incidents_advisory a ON a.public_id = i.public_id "
        "WHERE i.released_number <> coalesce(a.number, 0)"
    )
    unrendered = rows(
        "SELECT r.public_id FROM incidents_release r LEFT JOIN incidents_rendition n ON n.release_id = r.id "
        f"WHERE n.id IS NULL AND r.sequence > {before}"
    )
    assert (halves, unrendered) == ([], [])
