"""The copy: page by page, all or nothing, and only ever of one portal."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from incidents.following.copy_file import CopyFile
from incidents.following.faults import CursorRefused, NotAPortal, UnusableFile, WrongAnswer
from incidents.following.fetching import Fetcher
from incidents.following.mirror import mirror
from incidents.following.remote import RemotePortal
from tests.incidents.following.scripted import Reply, Script, changes, index, problem, told

NAME = "https://advisories.example.org"


@pytest.fixture
def portal(script: Script) -> RemotePortal:
    """The scripted server as a portal, with no patience."""
    return RemotePortal(script.address, Fetcher(patience=0))


def follow(script: Script, portal: RemotePortal, path: Path, *replies: Reply, limit: int = 2) -> int:
    """Follow what the script says."""
    script.replies = list(replies)
    with CopyFile(path, portal=NAME) as copy:
        return mirror(portal, copy, limit=limit)


def rows(path: Path, query: str) -> list[Any]:
    """What a query says on the copy."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_pages_are_followed_to_the_end_and_on_from_there(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    first = changes(told("A"), told("B"), after="one", end=False)

    assert follow(script, portal, path, first, changes(told("A", 2, "withdrawn"), after="two")) == 3
    assert follow(script, portal, path, changes(told("C"), after="three")) == 1

    assert script.asked == [f"/api/v1/changes/?limit=2{rest}" for rest in ("", "&after=one", "&after=two")]
    assert rows(path, "SELECT place, id, number, event, document FROM releases") == [
        (1, "A", 1, "created", b'{"id":"A","number":1}'),
        (2, "B", 1, "created", b'{"id":"B","number":1}'),
        (3, "A", 2, "withdrawn", b'{"id":"A","number":2}'),
        (4, "C", 1, "created", b'{"id":"C","number":1}'),
    ]
    assert rows(path, "SELECT portal, cursor, is_at_end FROM copy") == [(NAME, "three", 1)]


def test_what_became_of_each_advisory_is_shown(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    merged = told("B", 2, "merged", merged_into="C")

    follow(script, portal, path, changes(told("A"), told("B"), told("C"), told("A", 2, "withdrawn"), merged))

    assert rows(path, "SELECT * FROM advisories") == [
        ("A", 2, "withdrawn", ""),
        ("B", 2, "merged", "C"),
        ("C", 1, "current", ""),
    ]


def test_a_page_with_a_wrong_document_is_not_stored_at_all(
    script: Script, portal: RemotePortal, tmp_path: Path
) -> None:
    path = tmp_path / "copy"

    with pytest.raises(WrongAnswer, match="B, release 1: the document is not the one"):
        follow(script, portal, path, changes(told("A"), told("B", sha256="0" * 64)))

    assert rows(path, "SELECT count(*), (SELECT cursor FROM copy) FROM releases") == [(0, "")]


def test_a_release_told_twice_undoes_its_page(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    follow(script, portal, path, changes(told("A"), after="one"))

    with pytest.raises(WrongAnswer, match="A, release 1, which the copy has already"):
        follow(script, portal, path, changes(told("B"), told("A"), after="two"))

    assert rows(path, "SELECT id, (SELECT cursor FROM copy) FROM releases") == [("A", "one")]


def test_two_followers_do_not_write_over_each_other(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    path = tmp_path / "copy"
    script.replies = [changes(told("A"), after="one")]
    page = portal.changes(after="")
    with CopyFile(path, portal=NAME) as one, CopyFile(path, portal=NAME) as other:
        one.store(page, after="")

        with pytest.raises(UnusableFile, match="another process"):
            other.store(page, after="")

    assert rows(path, "SELECT count(*) FROM releases") == [(1,)]


@pytest.mark.parametrize("content", (b"A letter to Aunt Ada, which is longer than any header of a file.\n" * 20, b"x"))
def test_a_file_that_is_no_copy_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)

    with pytest.raises(UnusableFile):
        CopyFile(path, portal=NAME)

    assert [path.read_bytes(), [one.name for one in tmp_path.iterdir()]] == [content, ["letter.txt"]]


def test_another_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE letters (words TEXT)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(UnusableFile, match="no copy of a portal"):
        CopyFile(path, portal=NAME)

    assert path.read_bytes() == before


def test_a_copy_of_another_portal_is_refused(tmp_path: Path) -> None:
    CopyFile(tmp_path / "copy", portal="https://other.example.org").connection.close()

    with pytest.raises(UnusableFile, match=r"a copy of https://other\.example\.org"):
        CopyFile(tmp_path / "copy", portal=NAME)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match=r"nowhere/copy: cannot be opened"):
        CopyFile(tmp_path / "nowhere" / "copy", portal=NAME)


@pytest.mark.parametrize("name", ("invalid-cursor", "clearance-raised"))
def test_a_cursor_that_is_refused_is_no_reason_to_begin_silently(
    script: Script, portal: RemotePortal, tmp_path: Path, name: str
) -> None:
    with pytest.raises(CursorRefused, match=r"Not that one\. So it is\. Begin a copy in another file"):
        follow(script, portal, tmp_path / "copy", problem(400, name, "Not that one"))


@pytest.mark.parametrize(
    "reply",
    (
        Reply(body=b"<html>"),
        Reply(body=b'{"data":[],"next":"","end":true}'),
        changes(after="", end=False),
        Reply(404, b"nothing"),
        problem(400, "invalid-parameters", "Not so"),
    ),
)
def test_what_is_no_page_of_changes_is_refused(
    script: Script, portal: RemotePortal, tmp_path: Path, reply: Reply
) -> None:
    with pytest.raises(WrongAnswer):
        follow(script, portal, tmp_path / "copy", reply)


def test_more_that_leads_nowhere_does_not_go_on_for_ever(script: Script, portal: RemotePortal, tmp_path: Path) -> None:
    with pytest.raises(WrongAnswer, match="there is more, and not where"):
        follow(
            script,
            portal,
            tmp_path / "copy",
            changes(told("A"), after="one", end=False),
            changes(after="one", end=False),
        )


def test_a_portal_says_what_it_is_called(script: Script, portal: RemotePortal) -> None:
    script.replies = [index()]

    assert portal.name() == NAME


@pytest.mark.parametrize(
    "reply", (Reply(404), Reply(body=b"<html>"), Reply(body=b"[]"), Reply(body=b"{}"), Reply(body=b'{"changes":"/"}'))
)
def test_what_is_no_portal_is_told_from_one(script: Script, portal: RemotePortal, reply: Reply) -> None:
    script.replies = [reply]

    with pytest.raises(NotAPortal):
        portal.name()


@pytest.mark.parametrize("path", ("", "/", "/api/v1/", "/api/v1/changes/"))
def test_the_address_may_be_that_of_the_api(path: str) -> None:
    assert RemotePortal(f"https://example.org:8443{path}", Fetcher()).address == "https://example.org:8443"


@pytest.mark.parametrize(
    "address",
    (
        *("", "example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https://example.org/incidents/"),
        *("https://a:b@example.org", "https://example.org/?q=1", "http://[::1"),
    ),
)
def test_what_is_no_address_of_a_portal_is_refused(address: str) -> None:
    with pytest.raises(NotAPortal):
        RemotePortal(address, Fetcher())


def test_a_portal_may_take_its_time_until_there_is_something(
    script: Script, portal: RemotePortal, tmp_path: Path
) -> None:
    script.replies = [changes(told("A"), after="one")]

    with CopyFile(tmp_path / "copy", portal=NAME) as copy:
        assert mirror(portal, copy, limit=2, wait=30) == 1

    assert script.asked == ["/api/v1/changes/?limit=2&wait=30"]
    assert portal.knows_waiting


def test_a_portal_that_does_not_know_waiting_is_not_asked_for_it_again(
    script: Script, portal: RemotePortal, tmp_path: Path
) -> None:
    refusal = problem(400, "invalid-parameters", "Some parameters cannot be understood")
    script.replies = [refusal, changes(told("A"), after="one"), changes(after="one")]

    with CopyFile(tmp_path / "copy", portal=NAME) as copy:
        assert [mirror(portal, copy, limit=2, wait=30) for _ in range(2)] == [1, 0]

    assert script.asked == [f"/api/v1/changes/?limit=2{rest}" for rest in ("&wait=30", "", "&after=one")]


def test_an_answer_that_took_its_time_may_begin_with_line_breaks(
    script: Script, portal: RemotePortal, tmp_path: Path
) -> None:
    page = changes(told("A"), after="one")
    script.replies = [page._replace(body=b"\n\n" + page.body)]

    with CopyFile(tmp_path / "copy", portal=NAME) as copy:
        assert mirror(portal, copy, wait=30) == 1
