"""INV-ONCE under threads and processes: one key makes one submission, and the bounds of an address are exact."""

import os
import subprocess
import sys

import pytest
from django.db.utils import ConnectionHandler

from portal.settings.databases import database_settings
from tests.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def send_at_once(database: str, key: str, *, processes: int = 2, threads: int = 4) -> list[str]:
    """What is said to senders in several processes, each with several threads."""
    variables = {"DATABASE_URL": database, "TEST_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.incidents.intake.sending_process", key, str(threads)],
            env={**os.environ, **variables},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    outputs = [process.communicate(timeout=120) for process in running]
    assert [error for _, error in outputs] == [""] * processes
    return [line for output, _ in outputs for line in output.split()]


def count(database: str) -> int:
    """How many submissions a database holds."""
    handler = ConnectionHandler({"default": database_settings(database, pool=False)})
    try:
        with handler["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM incidents_submission")
            return int(cursor.fetchone()[0])
    finally:
        handler["default"].close()


def test_eight_senders_with_one_key_make_one_submission(scratch_database: str) -> None:
    before = count(scratch_database)

    said = send_at_once(scratch_database, "one-key")

    assert len(said) == 8
    assert len(set(said) - {"409"}) == 1
    assert count(scratch_database) == before + 1


def test_eight_senders_from_one_address_get_no_more_than_it_may(scratch_database: str) -> None:
    before = count(scratch_database)

    said = send_at_once(scratch_database, "-")

    taken = [one for one in said if one != "429"]
    assert len(said) == 8
    assert len(taken) == 5 - before
    assert count(scratch_database) == 5
