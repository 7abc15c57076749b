"""Beginning a copy with an export: what is stored, what is refused, and that no moment is a bad one to be killed at."""

import gzip
import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from incidents.following.beginning import begin_with_export
from incidents.following.copy_file import CopyFile
from incidents.following.faults import FollowFault, WrongAnswer
from incidents.following.fetching import Fetcher
from incidents.following.mirror import mirror
from incidents.following.remote import RemotePortal
from incidents.following.verify import Comparison
from tests.conftest import ROOT
from tests.incidents.following.scripted import Reply, Script, changes, index, slim, told
from tests.incidents.following.test_kills import in_copy

EXPORTS = "/api/v1/exports/"
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
from incidents.following.beginning import begin_with_export
from incidents.following.copy_file import CopyFile
from incidents.following.fetching import Fetcher
from incidents.following.mirror import mirror
from incidents.following.remote import RemotePortal

portal = RemotePortal(address, Fetcher())
with CopyFile(path, portal=portal.name()) as copy:
    begin_with_export(portal, copy)
    mirror(portal, copy, limit=2)
print(len(statements))
"""


def document(public_id: str, number: int = 1, kind: str = "initial", **fields: Any) -> dict[str, Any]:
    """A document as an export has it."""
    release = {"number": number, "kind": kind, "significance": "material", "reason": "", "tlp": "clear"}
    return {"id": public_id, "release": {**release, "released_at": "2025-01-27T13:33:00Z"}, "merged_into": "", **fields}


def written(one: dict[str, Any]) -> bytes:
    return json.dumps(one, separators=(",", ":")).encode()


def as_told(one: dict[str, Any], event: str) -> dict[str, object]:
    """The same as `changes` tells it."""
    release = one["release"]
    said = {
        "kind": release["kind"],
        "merged_into": one["merged_into"],
        "changed": ["title"] if event == "updated" else [],
    }
    sha256 = hashlib.sha256(written(one)).hexdigest()
    return told(one["id"], release["number"], event, document=one, sha256=sha256, **said)


FIRST, LATER = document("A"), document("A", 2, "update")
GONE = document("B", 2, "withdrawal", merged_into="A")
BEFORE = [as_told(FIRST, "created"), as_told(document("B"), "created")]
IN_EXPORT = [as_told(LATER, "updated"), as_told(GONE, "merged")]
SINCE = as_told(document("C"), "created")
PACKED = gzip.compress(b"".join(written(one) + b"\n" for one in (LATER, GONE)), mtime=0)
SHA256 = hashlib.sha256(PACKED).hexdigest()
FILE = f"{EXPORTS}advisories-{SHA256[:32]}.ndjson.gz"


def listed(**fields: Any) -> Reply:
    """The list of exports, with one that does not fit."""
    export = {"content": "advisories", "format": "ndjson", "compression": "gzip", "file": FILE.rpartition("/")[2]}
    said = {"bytes": len(PACKED), "sha256": SHA256, "rows": 2, "after": "exported", "built_at": "2025-02-01T00:00:00Z"}
    return Reply(
        body=json.dumps({"data": [{**export, **said, "compression": "zstd"}, {**export, **said, **fields}]}).encode()
    )


@pytest.fixture
def portal(script: Script) -> RemotePortal:
    """A portal with an export, and one release since."""
    script.at = {
        "/api/v1/": index(),
        EXPORTS: listed(),
        FILE: Reply(206, PACKED),
        "/api/v1/changes/?limit=200&after=exported": changes(SINCE, after="end"),
        "/api/v1/changes/?limit=2&after=exported": changes(SINCE, after="end"),
        "/api/v1/changes/?limit=2&after=end": changes(after="end"),
    }
    return RemotePortal(script.address, Fetcher(pause=lambda seconds: None))


def begin(portal: RemotePortal, path: Path) -> int | None:
    with CopyFile(path, portal=portal.name()) as copy:
        return begin_with_export(portal, copy)


def differences(script: Script, portal: RemotePortal, path: Path) -> list[str]:
    """What a comparison says, with a portal that tells everything from its first release on."""
    script.at["/api/v1/changes/?limit=200&slim=1"] = slim(*BEFORE, *IN_EXPORT, SINCE)
    script.at["/api/v1/changes/?limit=200&after=end&slim=1"] = slim(after="end")
    with CopyFile(path, portal=portal.name(), must_exist=True) as copy:
        return list(Comparison(portal, copy))


def test_a_copy_holds_what_the_export_holds_and_goes_on_from_there(portal: RemotePortal, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    rows = begin(portal, path)
    with CopyFile(path, portal=portal.name()) as copy:
        mirror(portal, copy)

    assert rows == 2
    assert in_copy(path, "SELECT id, number, event, document FROM releases ORDER BY place") == [
        ("A", 2, "exported", written(LATER)),
        ("B", 2, "exported", written(GONE)),
        ("C", 1, "created", written(document("C"))),
    ]
    assert in_copy(path, "SELECT id, standing, merged_into FROM advisories ORDER BY id") == [
        *[("A", "current", ""), ("B", "merged", "A")],
        ("C", "current", ""),
    ]
    assert [one.name for one in tmp_path.iterdir() if one.name != "copy"] == []


def test_it_is_the_same_as_the_portal_without_the_releases_before(
    script: Script, portal: RemotePortal, tmp_path: Path
) -> None:
    path = tmp_path / "copy"
    begin(portal, path)
    with CopyFile(path, portal=portal.name()) as copy:
        mirror(portal, copy)

    assert differences(script, portal, path) == []


def test_what_an_export_brought_and_was_lost_or_damaged_is_named(
    script: Script, portal: RemotePortal, tmp_path: Path
) -> None:
    path = tmp_path / "copy"
    begin(portal, path)
    with CopyFile(path, portal=portal.name()) as copy:
        mirror(portal, copy)
        copy.connection.execute("PRAGMA foreign_keys = OFF")
        copy.connection.execute("DELETE FROM releases WHERE id = 'A'")
        copy.connection.execute("UPDATE releases SET document = '{}' WHERE id = 'B'")

    said = differences(script, portal, path)

    assert "B, release 2: the document has another SHA-256 than the portal’s." in said
    assert "A, release 2: the copy does not have it." in said


def test_a_copy_that_has_begun_goes_on_without_one(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    begin(portal, tmp_path / "copy")
    asked = len(script.asked)

    assert begin(portal, tmp_path / "copy") is None
    assert script.asked[asked:] == ["/api/v1/"]


def test_where_there_is_none_the_copy_stays_empty(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    script.at[EXPORTS] = Reply(body=b'{"data": []}')

    assert begin(portal, tmp_path / "copy") is None
    assert in_copy(tmp_path / "copy", "SELECT cursor FROM copy") == [("",)]


def test_a_file_that_was_cut_off_is_gone_on_with(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    del script.at[FILE]
    script.replies = [Reply(200, PACKED, cut=len(PACKED) - 40), Reply(206, PACKED[40:])]

    assert begin(portal, tmp_path / "copy") == 2


def test_a_file_that_is_there_whole_is_not_fetched_again(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    (tmp_path / f"copy.{SHA256[:16]}.export").write_bytes(PACKED)

    assert begin(portal, tmp_path / "copy") == 2
    assert FILE not in script.asked


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"rows": 3}, "2 rows"),
        ({"file": "../secret"}, "names an export that is none"),
        ({"after": ""}, "names an export that is none"),
    ],
)
def test_what_contradicts_itself_is_refused_whole(
    script: Script, portal: RemotePortal, tmp_path: Path, changed: dict[str, Any], why: str
) -> None:
    script.at[EXPORTS] = listed(**changed)

    with pytest.raises(WrongAnswer, match=why):
        begin(portal, tmp_path / "copy")

    assert in_copy(tmp_path / "copy", "SELECT count(*) FROM releases") == [(0,)]


@pytest.mark.parametrize(
    "content", [b"no gzip", PACKED[:-9], gzip.compress(b"no json\n", mtime=0), gzip.compress(b"{}\n", mtime=0)]
)
def test_a_file_that_is_no_export_is_refused_whole(
    script: Script, portal: RemotePortal, tmp_path: Path, content: bytes
) -> None:
    script.at[EXPORTS] = listed(sha256=hashlib.sha256(content).hexdigest())
    script.at[FILE] = Reply(206, content)

    with pytest.raises(FollowFault):
        begin(portal, tmp_path / "copy")

    assert in_copy(tmp_path / "copy", "SELECT count(*) FROM releases") == [(0,)]


@pytest.mark.slow
@pytest.mark.usefixtures("portal")
def test_no_statement_is_a_bad_moment_to_be_killed(script: Script, tmp_path: Path) -> None:
    def run(path: Path, fatal: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", PROGRAM, script.address, str(path), str(fatal)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    statements = int(run(tmp_path / "whole", 0).stdout)

    for fatal in range(1, statements + 1):
        path = tmp_path / f"killed-{fatal}"
        killed, again = run(path, fatal), run(path, 0)
        assert (killed.returncode, again.returncode, again.stderr) == (-signal.SIGKILL, 0, ""), fatal
        assert in_copy(path, "SELECT id, number FROM releases ORDER BY place") == [("A", 2), ("B", 2), ("C", 1)], fatal
    assert statements > 20
