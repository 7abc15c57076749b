"""Patience: what passes is waited for, what does not is said."""

import datetime as dt
import gzip
from email.utils import format_datetime
from http.client import HTTPMessage
from pathlib import Path

import pytest

from incidents.following.faults import Unreachable
from incidents.following.fetching import Fetcher, Refused, backoff, retry_after
from tests.incidents.following.scripted import Reply, Script, encrypted_server
from tests.run.ports import free_port


def fetch(script: Script, *replies: Reply, patience: float = 100.0) -> tuple[bytes, list[float]]:
    """What came back, and the pauses before."""
    pauses: list[float] = []
    script.replies = list(replies)
    body = Fetcher(patience=patience, pause=pauses.append).fetch(f"{script.address}/page")
    return body, pauses


@pytest.mark.parametrize("status", (429, 503))
def test_the_wish_to_wait_is_honoured(script: Script, status: int) -> None:
    assert fetch(script, Reply(status, headers={"Retry-After": "7"}), Reply(body=b"page")) == (b"page", [7.0])


@pytest.mark.parametrize("status", (408, 429, 500, 502, 503, 504))
def test_who_does_not_say_how_long_is_asked_more_and_more_seldom(script: Script, status: int) -> None:
    body, pauses = fetch(script, *[Reply(status)] * 3, Reply(body=b"page"))

    assert body == b"page"
    assert [low <= pause <= 2 * low for low, pause in zip((0.5, 1, 2), pauses, strict=True)] == [True] * 3


def test_a_pause_never_grows_beyond_a_minute() -> None:
    assert 30 <= backoff(40) <= 60


def test_retry_after_may_be_a_time() -> None:
    headers = HTTPMessage()
    headers["Retry-After"] = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), usegmt=True)

    assert 3500 < (retry_after(headers) or 0) <= 3600


@pytest.mark.parametrize("said", ("", "soon", "-3", "²"))
def test_retry_after_that_says_nothing_is_none(said: str) -> None:
    headers = HTTPMessage()
    headers["Retry-After"] = said

    assert retry_after(headers) is None


def test_patience_ends(script: Script) -> None:
    with pytest.raises(Unreachable, match=r"answers 503; gave up after 90 s of waiting"):
        fetch(script, Reply(503, headers={"Retry-After": "45"}))

    assert len(script.asked) == 3


def test_what_was_cut_off_is_asked_again(script: Script) -> None:
    assert fetch(script, Reply(body=b"page", cut=2), Reply(body=b"page"))[0] == b"page"


@pytest.mark.parametrize("packed", (gzip.compress(b"page" * 99, mtime=0)[:-9], b"no gzip"))
def test_what_cannot_be_unpacked_is_asked_again(script: Script, packed: bytes) -> None:
    coded = {"Content-Encoding": "gzip"}
    whole = Reply(body=gzip.compress(b"page", mtime=0), headers=coded)

    assert fetch(script, Reply(body=packed, headers=coded), whole)[0] == b"page"


def test_a_refusal_is_not_asked_again(script: Script) -> None:
    with pytest.raises(Refused) as refused:
        fetch(script, Reply(404, b"nothing"))

    assert (refused.value.status, refused.value.body, len(script.asked)) == (404, b"nothing", 1)


def test_nobody_there_is_said_at_once() -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        Fetcher().fetch(f"http://127.0.0.1:{free_port()}/")


def test_a_server_that_goes_away_is_waited_for(script: Script) -> None:
    pauses: list[float] = []
    fetcher = Fetcher(patience=3, pause=pauses.append)
    script.replies = [Reply(body=b"page")]
    fetcher.fetch(script.address)

    with pytest.raises(Unreachable, match="gave up"):
        fetcher.fetch(f"http://127.0.0.1:{free_port()}/")

    assert len(pauses) >= 1


def test_a_certificate_of_nobody_is_not_trusted(script: Script, certificate: Path) -> None:
    with encrypted_server(script, certificate) as address, pytest.raises(Unreachable, match="not to be trusted"):
        Fetcher().fetch(address)

    assert script.asked == []


def test_a_certificate_of_an_authority_that_is_believed_is_trusted(
    script: Script, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    script.replies = [Reply(body=b"page")]

    with encrypted_server(script, certificate) as address:
        assert Fetcher().fetch(address) == b"page"


def test_no_redirect_leaves_encryption(script: Script, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    script.replies = [Reply(301, headers={"Location": script.address})]

    with encrypted_server(script, certificate) as address, pytest.raises(Unreachable, match="without encryption"):
        Fetcher().fetch(address)

    assert len(script.asked) == 1


def test_a_redirect_is_followed(script: Script) -> None:
    assert fetch(script, Reply(301, headers={"Location": "/other"}), Reply(body=b"page"))[0] == b"page"
    assert script.asked == ["/page", "/other"]


def test_encryption_that_is_none_is_said(script: Script) -> None:
    script.replies = [Reply(body=b"page")]

    with pytest.raises(Unreachable, match="cannot be reached"):
        Fetcher().fetch(script.address.replace("http:", "https:"))
