"""Following with a partner's key: where it is taken from, where it goes, and what a copy made with it is."""

import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.following.copy_file import CopyFile
from incidents.following.faults import Unreachable
from incidents.following.fetching import Fetcher
from tests.incidents.following.scripted import Reply, Script, changes, encrypted_server, index, problem, told
from tests.incidents.following.test_kills import in_copy

KEY = "tocsin_abc123_s3cret"
SENT = f"Bearer {KEY}"


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key in the environment unless a test puts one there."""
    monkeypatch.delenv("TOCSIN_KEY", raising=False)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file that holds the key."""
    path = tmp_path / "key"
    path.write_text(f"{KEY}\n", encoding="utf-8")
    return path


def follow(script: Script, path: Path, *replies: Reply, key_file: Path | None = None) -> None:
    """Follow what the script says into a file."""
    script.replies = list(replies)
    call_command("follow", script.address, into=path, key_file=key_file, verbosity=0)


def test_the_key_of_a_file_goes_with_each_request(script: Script, tmp_path: Path, key_file: Path) -> None:
    follow(script, tmp_path / "copy", index(), changes(told("A")), key_file=key_file)

    assert script.keys == [SENT, SENT]


def test_the_key_of_the_environment_is_taken_where_no_file_is_named(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_KEY", KEY)

    follow(script, tmp_path / "copy", index(), changes(told("A")))

    assert script.keys == [SENT, SENT]


def test_without_a_key_none_is_sent(script: Script, tmp_path: Path) -> None:
    follow(script, tmp_path / "copy", index(), changes(told("A")))

    assert script.keys == [None, None]


def test_others_cannot_read_a_copy_made_with_a_key(script: Script, tmp_path: Path, key_file: Path) -> None:
    follow(script, tmp_path / "copy", index(), changes(told("A")), key_file=key_file)

    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


def test_a_refused_key_is_named_as_the_reason(script: Script, tmp_path: Path, key_file: Path) -> None:
    refusal = problem(401, "invalid-key", "This key is not valid")

    with pytest.raises(CommandError, match=r"does not take the key: This key is not valid\. So it is") as refused:
        follow(script, tmp_path / "copy", refusal, key_file=key_file)

    assert refused.value.returncode == 3


def test_who_gave_no_key_is_not_told_of_one(script: Script, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"is no portal: .*/api/v1/ answers 403"):
        follow(script, tmp_path / "copy", Reply(403))


def test_files_made_afterwards_have_their_usual_rights(script: Script, tmp_path: Path, key_file: Path) -> None:
    (tmp_path / "before").touch()

    follow(script, tmp_path / "copy", index(), changes(told("A")), key_file=key_file)

    (tmp_path / "after").touch()
    assert (tmp_path / "after").stat().st_mode == (tmp_path / "before").stat().st_mode


def test_a_copy_made_with_a_key_does_not_go_on_without(script: Script, tmp_path: Path, key_file: Path) -> None:
    follow(script, tmp_path / "copy", index(), changes(told("A")), key_file=key_file)

    with pytest.raises(CommandError, match=r"made with a key, .* give the key"):
        follow(script, tmp_path / "copy", index(), changes(told("B")))

    assert in_copy(tmp_path / "copy", "SELECT id FROM releases") == [("A",)]


def test_a_copy_made_without_a_key_does_not_go_on_with_one(script: Script, tmp_path: Path, key_file: Path) -> None:
    follow(script, tmp_path / "copy", index(), changes(told("A")))

    with pytest.raises(CommandError, match=r"made without a key, .* begin a copy in another file"):
        follow(script, tmp_path / "copy", index(), changes(told("B")), key_file=key_file)


def test_a_copy_from_before_there_were_keys_goes_on(script: Script, tmp_path: Path) -> None:
    with CopyFile(tmp_path / "copy", portal="https://advisories.example.org") as copy:
        copy.connection.execute("ALTER TABLE copy DROP COLUMN has_key")
        copy.connection.execute("PRAGMA user_version = 1")

    follow(script, tmp_path / "copy", index(), changes(told("A")))

    assert in_copy(tmp_path / "copy", "SELECT id, has_key FROM releases, copy") == [("A", 0)]


@pytest.mark.parametrize("said", ("", "two words", "clé"))
def test_a_file_without_a_key_is_refused(script: Script, tmp_path: Path, said: str) -> None:
    (tmp_path / "key").write_text(said, encoding="utf-8")

    with pytest.raises(CommandError, match="this is no key") as refused:
        follow(script, tmp_path / "copy", index(), key_file=tmp_path / "key")

    assert (refused.value.returncode, script.asked) == (4, [])


def test_a_key_file_that_is_not_there_is_named(script: Script, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere: the key cannot be read \(.*No such file"):
        follow(script, tmp_path / "copy", index(), key_file=tmp_path / "nowhere")


def test_a_key_is_not_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(Unreachable, match=r"not encrypted, so the key is not sent there: give its https address"):
        Fetcher(key=KEY).fetch("http://advisories.example.org/api/v1/")


def test_a_key_is_not_taken_along_a_redirect(
    script: Script, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypted_server(script, certificate) as address:
        script.replies = [Reply(302, headers={"Location": f"{address}elsewhere"}), Reply(body=b"page")]

        with pytest.raises(Unreachable, match=r"leads to .*elsewhere, where the key is not sent"):
            Fetcher(key=KEY).fetch(f"{address}page")

    assert script.asked == ["/page"]
