"""A kill before each single statement that a follower sends to its file: whatever it is, nothing is lost and nothing repeated.

`test_proof` kills at random moments of a whole installation; here no moment is left to chance.
"""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.incidents.following.scripted import Script, changes, index, told

pytestmark = pytest.mark.slow
PROGRAM = """
import os, signal, sqlite3, sys
from pathlib import Path

address, path, fatal = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
connect, statements = sqlite3.connect, []

def note(statement):
    statements.append(statement)
    if len(statements) == fatal:
        os.kill(os.getpid(), signal.SIGKILL)

def watched(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.set_trace_callback(note)
    return connection

sqlite3.connect = watched
from incidents.following.copy_file import CopyFile
from incidents.following.fetching import Fetcher
from incidents.following.mirror import mirror
from incidents.following.remote import RemotePortal

portal = RemotePortal(address, Fetcher())
with CopyFile(path, portal=portal.name()) as copy:
    mirror(portal, copy, limit=2)
print(len(statements))
"""
ROWS = [("A", 1), ("B", 1), ("A", 2)]


def follow(script: Script, path: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    """Follow the script in a process that is killed before its statement of this number."""
    command = [sys.executable, "-c", PROGRAM, script.address, str(path), str(fatal)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def in_copy(path: Path, query: str) -> list[Any]:
    """What a query says on the copy."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_no_statement_is_a_bad_moment_to_be_killed(script: Script, tmp_path: Path) -> None:
    script.at = {
        "/api/v1/": index(),
        "/api/v1/changes/?limit=2": changes(told("A"), told("B"), after="one", end=False),
        "/api/v1/changes/?limit=2&after=one": changes(told("A", 2, "withdrawn"), after="two"),
    }
    statements = int(follow(script, tmp_path / "whole", 0).stdout)

    for fatal in range(1, statements + 1):
        path = tmp_path / f"killed-{fatal}"
        killed, again = follow(script, path, fatal), follow(script, path, 0)
        assert (killed.returncode, again.returncode, again.stderr) == (-signal.SIGKILL, 0, ""), fatal
        assert in_copy(path, "SELECT id, number FROM releases ORDER BY place") == ROWS, fatal
        assert in_copy(path, "SELECT id, number, standing FROM advisories") == [
            ("A", 2, "withdrawn"),
            ("B", 1, "current"),
        ], fatal

    assert statements > 20
