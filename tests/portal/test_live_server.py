"""Followers who wait, in a real server: pages are served meanwhile, releases arrive at once, and nobody is told what they may
not see."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from incidents.partners.keys import revoke_key
from incidents.publication.audience import PUBLIC
from incidents.publication.edition import renew_edition
from incidents.publication.models import Release
from incidents.representations.api.sequence import last_place
from incidents.vocabulary.tlp import TLP
from portal.start.processes import server_command
from tests.bench.processes import worker_megabytes
from tests.conftest import ROOT
from tests.factories import make_editor, make_published
from tests.factories.partners import make_partner, make_partner_key
from tests.portal.live_clients import CHANGES, STREAM, Listener, ask, refusal, running, until
from tests.portal.test_fastlane_server import fetch_often
from tests.run.ports import free_port

SOON = 2.0
"""In seconds: how long a release takes to reach whoever waits for it, at most."""
SOON_FOR_FORTY = 5.0
"""The same for forty, who are told one after the other, on a machine that runs other tests too."""
WAIT = 50
MOST_MEGABYTES = 150


def names(page: Any) -> list[tuple[str, int]]:
    return [(one["id"], one["number"]) for one in page["data"]]


def test_pages_are_served_while_forty_wait_and_all_forty_are_told(server_environment: dict[str, str]) -> None:
    make_published("Known")
    after = last_place(PUBLIC)
    with running(server_environment, LIVE_FOLLOWERS="40") as server:
        polls = [
            ask(server.port, f"{CHANGES}?after={after}&wait={WAIT}", address=f"198.51.100.{number}")
            for number in range(20)
        ]
        listeners = [Listener(server.port, address=f"203.0.113.{number}") for number in range(20)]
        assert until(lambda: all(one.last_id for one in listeners), 30)

        begun = time.monotonic()
        pages = [fetch_often(server.port, f"/incidents/?q=word{number}", times=3) for number in range(10)]
        took = time.monotonic() - begun
        assert not any(poll.seconds for poll in polls)
        new = make_published("New")
        committed_at = time.monotonic()

        assert {page.status for several in pages for page in several} == {200}
        assert took < WAIT / 2, "Thirty pages, with forty who wait."
        assert until(lambda: all(one.told for one in listeners))
        assert [names(poll.result()) for poll in polls] == [[(new.public_id, 1)]] * 20
        assert [one.names() for one in listeners] == [[(new.public_id, 1)]] * 20
        assert max(at for one in listeners for _, at in one.told) - committed_at < SOON_FOR_FORTY
        assert worker_megabytes(server.process.pid) <= MOST_MEGABYTES


def test_a_release_arrives_at_once(server_environment: dict[str, str]) -> None:
    with running(server_environment, workers=2) as server:
        poll = ask(server.port, f"{CHANGES}?slim=1&wait=60")
        listener = Listener(server.port, address="203.0.113.9", slim="1")
        assert until(lambda: bool(listener.last_id))
        time.sleep(1)

        new = make_published()
        committed_at = time.monotonic()

        assert until(lambda: bool(listener.told) and not poll.thread.is_alive())
        assert time.monotonic() - committed_at < SOON
        assert names(poll.result()) == listener.names() == [(new.public_id, 1)]
        assert "document" not in listener.told[0][0]


def test_a_release_one_may_not_see_wakes_nobody_else(server_environment: dict[str, str]) -> None:
    _, token = make_partner_key(make_partner(clearance=TLP.AMBER))
    with running(server_environment) as server:
        listener = Listener(server.port, address="203.0.113.1")
        partner = Listener(server.port, address="203.0.113.2", key=token)
        poll = ask(server.port, f"{CHANGES}?wait=4", address="203.0.113.3")
        assert until(lambda: bool(listener.last_id and partner.last_id))
        greeting = listener.raw

        hidden = make_published("Hidden", tlp=TLP.AMBER)

        assert until(lambda: bool(partner.told), SOON)
        assert partner.names() == [(hidden.public_id, 1)]
        page = poll.result()
        assert (names(page), poll.body.count(b"\n"), poll.seconds >= 4) == ([], 1, True)
        assert listener.raw == greeting


def test_a_key_that_is_revoked_ends_its_stream_and_tells_nothing_more(server_environment: dict[str, str]) -> None:
    key, token = make_partner_key(make_partner(clearance=TLP.AMBER))
    with running(server_environment) as server:
        listener = Listener(server.port, key=token)
        assert until(lambda: bool(listener.last_id))

        revoke_key(key, by=None)
        make_published("Secret", tlp=TLP.AMBER)

        assert until(lambda: not listener.thread.is_alive())
        assert listener.told == []
        listener.connect()
        assert listener.response.status == 401


def test_places_are_few_and_no_caller_has_all(server_environment: dict[str, str]) -> None:
    with running(server_environment, LIVE_FOLLOWERS="3") as server:
        listeners = [Listener(server.port, address=f"203.0.113.{number}") for number in range(3)]
        assert until(lambda: all(one.last_id for one in listeners))

        refused = refusal(server.port, STREAM, address="203.0.113.7")
        poll = ask(server.port, f"{CHANGES}?wait=60", address="203.0.113.8")

        assert (refused, poll.result()["data"]) == ((503, "no-place-to-listen", "30"), [])
        assert poll.seconds < 10
        listeners[0].hang_up()
        make_published()
        again = Listener(server.port, address="203.0.113.9")
        assert until(again.is_let_in, 20)
        assert refusal(server.port, STREAM, address="203.0.113.9")[0] == 503


def test_server_ends_at_once_though_many_wait(server_environment: dict[str, str]) -> None:
    with running(server_environment, workers=2) as server:
        poll = ask(server.port, f"{CHANGES}?wait=60", address="198.51.100.1")
        listeners = [Listener(server.port, address=f"203.0.113.{number}") for number in range(8)]
        assert until(lambda: all(one.last_id for one in listeners))

        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=20)

        assert time.monotonic() - begun < 5
        assert (poll.result()["data"], poll.result()["end"]) == ([], True)
        assert until(lambda: not any(one.thread.is_alive() for one in listeners))


def test_server_that_is_told_to_stop_while_it_loads_ends(server_environment: dict[str, str]) -> None:
    command = server_command(host="127.0.0.1", port=free_port(), workers=2)
    server = subprocess.Popen(command, cwd=ROOT, env=server_environment, start_new_session=True)
    try:
        assert until(lambda: len(children_of(server.pid)) == 2, 30)
        time.sleep(0.3)  # they load for a second at the least

        server.send_signal(signal.SIGTERM)

        server.wait(timeout=15)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def children_of(pid: int) -> list[str]:
    """The processes that a process has started."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()


def test_the_server_says_who_may_listen_before_they_wait(server_environment: dict[str, str]) -> None:
    with running(server_environment) as server:
        said = [
            refusal(server.port, f"{CHANGES}?wait=61"),
            refusal(server.port, f"{CHANGES}?wait=30&after=wrong"),
            refusal(server.port, STREAM, Last_Event_ID="wrong"),
            refusal(server.port, f"{STREAM}?limit=3"),
            refusal(server.port, STREAM, Authorization="Bearer wrong"),
        ]

    assert said == [
        (400, "invalid-parameters", ""),
        (400, "invalid-cursor", ""),
        (400, "invalid-cursor", ""),
        (400, "invalid-parameters", ""),
        (401, "not-authenticated", ""),
    ]


def more_than(listener: Listener, seen: int) -> Callable[[], bool]:
    """Whether a listener has been told more than it had seen."""
    return lambda: len(listener.told) > seen


@pytest.mark.slow
def test_a_listener_misses_nothing_though_it_and_the_server_are_cut_off(
    server_environment: dict[str, str], tmp_path: Path
) -> None:
    """INV-SEQUENCE for those who listen: three publish, the listener is cut off again and again, the server is killed once."""
    for role in ("Author", "Reviewer", "Publisher"):
        make_editor(role)
    with running(server_environment, workers=2) as server:
        listener = Listener(server.port, slim="1")
        assert until(lambda: bool(listener.last_id))
        command = [sys.executable, "-W", "ignore", "-m", "tests.incidents.publication.publishing_process", "5"]
        writers = [
            subprocess.Popen(
                [*command, f"Writer {number}"], cwd=ROOT, env=server_environment, stdout=subprocess.DEVNULL
            )
            for number in range(3)
        ]
        for turn in range(8):
            seen = len(listener.told)
            until(more_than(listener, seen), 5)
            listener.hang_up()
            if turn == 4:
                server.kill()
                server.start()
            listener.connect()
        assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
        expected = list(Release.objects.visible_to(PUBLIC).order_by("sequence").values_list("public_id", "number"))
        until(lambda: len(listener.told) >= len(expected))
        renew_edition()
        time.sleep(1)

        assert len(expected) == 3 * 5 * 2
        assert listener.names() == expected
