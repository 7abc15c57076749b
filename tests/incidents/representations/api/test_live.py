"""Waiting for the next release, as one thread sees it; `tests/portal/test_live_server.py` has the rest."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from rest_framework.request import Request

from incidents.publication.audience import PUBLIC
from incidents.publication.document import Narrative
from incidents.representations.api.caller import Caller
from incidents.representations.api.live.answer import Follower, LiveAnswer
from incidents.representations.api.live.places import Places, holder_of
from incidents.representations.api.sequence import NOWHERE, last_place, write_place
from incidents.vocabulary.tlp import TLP
from tests.factories.corpus import release_again, release_document

CHANGES, STREAM = "/api/v1/changes/", "/api/v1/changes/stream/"
EVENT = re.compile(rb"id: (\S+)\ndata: (.*)\n\n")


def events(client: Client, **parameters: str) -> list[tuple[str, Any]]:
    """The events of a stream, each with its id."""
    answer = client.get(STREAM, parameters)
    assert answer.status_code == 200
    return [(last.decode(), json.loads(data)) for last, data in EVENT.findall(answer.getvalue())]


@pytest.mark.django_db
class TestStream:
    def test_it_begins_with_where_one_stands_and_how_long_to_wait_before_connecting_anew(self, client: Client) -> None:
        release_document()

        answer = client.get(STREAM)

        assert (answer["Content-Type"], answer["Cache-Control"], answer["X-Accel-Buffering"]) == (
            *("text/event-stream", "no-store", "no"),
        )
        assert answer.getvalue() == f"retry: 1000\nid: {last_place(PUBLIC)}\n\n".encode()

    def test_an_event_is_the_row_of_changes_and_its_id_is_the_cursor_after_it(self, client: Client) -> None:
        advisory = release_document("One")
        release_again(advisory, narrative=Narrative(impact="Two\nlines.\r\n\r\ndata: none"))
        rows = client.get(CHANGES).json()

        told = events(client, released_since="2000-01-01")

        assert [row for _, row in told] == rows["data"]
        assert told[-1][0] == rows["next"]

    def test_slim_leaves_the_documents_out(self, client: Client) -> None:
        release_document()

        (_, row), *_ = events(client, released_since="2000-01-01", slim="1")

        assert "document" not in row

    @pytest.mark.parametrize("last", ["", "wrong", "\x84"])
    def test_an_id_of_no_event_is_refused(self, client: Client, last: str) -> None:
        answer = client.get(STREAM, {"released_since": "2025-01-27"}, headers={"last-event-id": last})

        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "Last-Event-ID")

    def test_the_last_event_counts_more_than_the_address(self, client: Client) -> None:
        release_document("One")
        release_document("Two")
        (first, _), (second, row) = events(client, released_since="2000-01-01")

        answer = client.get(STREAM, {"after": second}, headers={"last-event-id": first})

        assert [json.loads(data) for _, data in EVENT.findall(answer.getvalue())] == [row]
        assert events(client, after=second) == []

    def test_what_is_hidden_does_not_show_in_where_it_begins(self, client: Client) -> None:
        release_document("Shown")
        shown = last_place(PUBLIC)
        release_document("Hidden", tlp=TLP.AMBER)
        release_document("Shown later")

        start = client.get(STREAM, {"released_since": "2025-01-01T12:03:00Z"}).getvalue()

        assert start.startswith(f"retry: 1000\nid: {shown}\n\n".encode())

    def test_who_may_see_more_by_now_starts_again(self, client: Client, partner: Callable[[TLP], Client]) -> None:
        release_document()

        answer = partner(TLP.GREEN).get(STREAM, headers={"last-event-id": last_place(PUBLIC)})

        assert answer.status_code == 409

    def test_a_partner_is_told_what_they_may_see_and_keeps_it_to_themselves(
        self, client: Client, partner: Callable[[TLP], Client]
    ) -> None:
        release_document("Green", tlp=TLP.GREEN)
        release_document("Amber", tlp=TLP.AMBER)
        green = partner(TLP.GREEN)

        assert [row["id"] for _, row in events(green, released_since="2000-01-01")] == ["INC-2025-0001"]
        assert events(client, released_since="2000-01-01") == []
        assert green.get(STREAM)["Cache-Control"] == "private, no-store"

    def test_head_keeps_no_place(self, client: Client, settings: Settings) -> None:
        settings.LIVE_FOLLOWERS = 0

        answer = client.head(STREAM)

        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "text/event-stream", b"")
        assert client.get(STREAM).status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize("wait", ["61", "-1", "1.5", "", "ten", "9999999999"])
def test_how_long_to_wait_has_bounds(client: Client, wait: str) -> None:
    answer = client.get(CHANGES, {"wait": wait})

    assert answer.status_code == (400 if wait else 200)


@pytest.mark.django_db
def test_nobody_waits_where_there_is_something(client: Client) -> None:
    release_document()

    answer = client.get(CHANGES, {"wait": "60"})

    assert (answer.streaming, answer["Cache-Control"], len(answer.json()["data"])) == (False, "no-store", 1)
    assert answer.json() == client.get(CHANGES).json()


@pytest.mark.django_db
def test_without_a_place_the_answer_comes_at_once(client: Client, settings: Settings) -> None:
    settings.LIVE_FOLLOWERS = 0
    after = write_place(NOWHERE, PUBLIC)

    answer = client.get(CHANGES, {"wait": "60", "after": after})

    assert answer.json() == {"data": [], "next": after, "end": True}


def test_one_caller_has_a_share_of_the_places(settings: Settings) -> None:
    settings.LIVE_FOLLOWERS = 8
    places = Places()
    mine = [places.take("me") for _ in range(3)]
    others = [places.take(f"other {number}") for number in range(7)]

    assert [place is not None for place in mine] == [True, True, False]
    assert [place is not None for place in others] == [True] * 6 + [False]
    assert mine[0] is not None
    mine[0].leave()
    mine[0].leave()
    assert [places.take("late") is not None, places.take("later") is not None] == [True, False]


def test_addresses_of_one_network_share_their_places() -> None:
    def holder(address: str) -> str:
        return holder_of(Request(RequestFactory().get("/", REMOTE_ADDR=address)), Caller())

    assert holder("2001:db8:1:2::1") == holder("2001:db8:1:2:ffff::9") != holder("2001:db8:1:3::1")
    assert holder("192.0.2.1") != holder("192.0.2.2")


class Failing(Follower):
    """Cannot look."""

    def look(self) -> bytes | None:
        raise RuntimeError("The database is away.")

    def sleep(self) -> None:
        raise AssertionError

    def last_words(self) -> bytes:
        return b"Ask again."


def test_an_answer_that_is_never_sent_keeps_no_place(settings: Settings) -> None:
    settings.LIVE_FOLLOWERS = 1
    places = Places()

    def begin() -> bool:
        place = places.take("me")
        return place is not None and bool(LiveAnswer(Failing(), place, media_type="text/plain"))

    assert [begin(), begin()] == [True, True]


def test_a_fault_says_its_last_words_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    place = Places().take("me")
    assert place is not None

    answer = LiveAnswer(Failing(), place, media_type="text/plain")

    assert b"".join(answer) == b"Ask again."
    assert "The database is away." in caplog.text
