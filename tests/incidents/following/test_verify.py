"""Whether a copy is what the portal tells; and the command, which says so with its exit status."""

import sqlite3
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.incidents.following.scripted import Reply, Script, changes, index, slim, told

A, B, GONE = told("A"), told("B"), told("A", 2, "withdrawn")


@pytest.fixture
def path(script: Script, tmp_path: Path) -> Path:
    """A copy of two advisories, one of them withdrawn."""
    run(script, tmp_path / "copy", index(), changes(A, B, GONE))
    return tmp_path / "copy"


def run(script: Script, path: Path, *replies: Reply, **options: object) -> None:
    """Run the command against the script."""
    script.replies = list(replies)
    call_command("follow", script.address, into=path, **options)


def differences(script: Script, path: Path, capsys: pytest.CaptureFixture[str], *replies: Reply) -> list[str]:
    """What is said to differ, with the status 1."""
    capsys.readouterr()
    with pytest.raises(CommandError) as error:
        run(script, path, index(), *replies, verify=True)
    assert error.value.returncode == 1
    return capsys.readouterr().err.splitlines()


def damage(path: Path, statement: str) -> None:
    """Change the copy by hand."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_copy_that_is_whole(script: Script, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(script, path, index(), slim(A, B, after="x", end=False), slim(GONE), slim(), verify=True)

    assert capsys.readouterr().out.splitlines()[-1] == (
        "The copy is the same as the portal: 3 releases of 2 advisories."
    )
    assert [one.partition("?")[2] for one in script.asked[-3:]] == [
        "limit=200&slim=1",
        "limit=200&after=x&slim=1",
        "limit=200&after=cursor&slim=1",
    ]


def test_what_came_since_is_no_difference(script: Script, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = told("C"), told("D")

    run(script, path, index(), slim(A, B, GONE, late[0]), slim(*late), verify=True)

    assert "1 newer ones are still to be followed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE releases SET document = 'x' WHERE place = 2",
            "B, release 1: the document has another SHA-256 than the portal’s.",
        ),
        (
            "UPDATE releases SET sha256 = 'x' WHERE place = 2",
            "B, release 1: the portal says otherwise about it than the copy.",
        ),
        (
            "UPDATE releases SET reason = 'x' WHERE place = 1",
            "A, release 1: the portal says otherwise about it than the copy.",
        ),
        ("DELETE FROM releases WHERE place = 1", "A, release 1: the copy does not have it."),
        ("UPDATE advisories SET standing = 'current' WHERE id = 'A'", "A: the copy does not show its last release."),
        ("UPDATE advisories SET number = 1 WHERE id = 'A'", "A: the copy does not show its last release."),
        ("DELETE FROM advisories WHERE id = 'B'", "B: the copy does not show its last release."),
    ],
)
def test_damage_is_named(
    script: Script, path: Path, capsys: pytest.CaptureFixture[str], statement: str, said: str
) -> None:
    damage(path, statement)

    assert differences(script, path, capsys, slim(A, B, GONE), slim()) == [said]


def test_the_last_release_is_missed_too(script: Script, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage(path, "DELETE FROM releases WHERE place = 3")

    assert "A, release 2: the copy does not have it." in differences(script, path, capsys, slim(A, B, GONE), slim())


def test_what_the_portal_does_not_have_is_named(script: Script, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert differences(script, path, capsys, slim(A, B), slim()) == ["A, release 2: the portal does not have it."]


def test_another_document_at_the_portal_is_named(
    script: Script, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = told("B", sha256="0" * 64)

    assert differences(script, path, capsys, slim(A, other, GONE), slim()) == [
        "B, release 1: the document has another SHA-256 than the portal’s."
    ]


def test_verifying_makes_no_file(script: Script, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such file") as error:
        run(script, tmp_path / "copy", index(), verify=True)

    assert (error.value.returncode, list(tmp_path.iterdir())) == (4, [])


def test_what_is_no_portal_makes_no_file(script: Script, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no portal") as error:
        run(script, tmp_path / "copy", Reply(404))

    assert (error.value.returncode, list(tmp_path.iterdir())) == (3, [])


def test_a_pause_is_said_and_a_wait_that_is_too_long_ends(
    script: Script, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wait = [Reply(503, headers={"Retry-After": seconds}) for seconds in ("0", "9")]

    with pytest.raises(CommandError, match="gave up"):
        run(script, tmp_path / "copy", index(), *wait, patience=5)

    assert capsys.readouterr().err.endswith("answers 503; asking again in 0 s.\n")


@pytest.mark.parametrize("wrong", (("--limit", "0"), ("--limit", "201"), ("--watch", "-1"), ("--patience", "soon")))
def test_numbers_that_cannot_be_are_refused(wrong: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("follow", "https://example.org", "--into", "copy", *wrong)
