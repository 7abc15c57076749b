"""`changes`: every release the caller may see, in the order of the sequence, so that a copy that follows it is complete.

Sequence order is commit order (INV-SEQUENCE): whoever asks for what comes after the last release they have misses nothing and
sees nothing twice, while others publish. The numbers of the sequence themselves stay inside (`sequence.py`).
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.publication.audience import Audience
from incidents.publication.edition import current_edition
from incidents.publication.events import DESCRIBED, ReleaseEvent, describe_release, releases_with_change
from incidents.publication.filters import Choice
from incidents.publication.models.ledger import ReleaseQuerySet
from incidents.representations.api.answer import MEDIA_TYPE, address_of, json_answer
from incidents.representations.api.authentication import is_still
from incidents.representations.api.live.answer import NEVER_KEPT, LiveAnswer
from incidents.representations.api.live.events import StreamedRelease
from incidents.representations.api.live.places import PLACES, holder_of
from incidents.representations.api.live.polling import LongPoll
from incidents.representations.api.parameters import (
    LIMIT,
    LONGEST_WAIT,
    SLIM_WORDS,
    Asked,
    Parameter,
    read_instant,
    read_wait,
)
from incidents.representations.api.problems import CLEARANCE_RAISED, HISTORY_REPLACED
from incidents.representations.api.sequence import NOWHERE, Place, read_place, write_place
from incidents.representations.api.view import ApiView


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """Where a list that grows goes on.

    Attributes:
        next: the cursor to go on from, for ever; also where there is no more for now.
        end: whether there is no more for now.
    """

    next: str
    end: bool


AFTER = Parameter("after", "Where to go on: “next” of the last answer. Cursors stay valid for ever.", str)
SINCE = Parameter(
    "released_since",
    "Without “after”: begin with releases at this time or later.",
    read_instant,
    example="2025-01-27",
)
SLIM = Parameter("slim", "1 leaves the documents out.", Choice(tuple(SLIM_WORDS)), example="1")
WAIT = Parameter(
    "wait",
    f"Where there is nothing new: wait for it so many seconds, 0 to {LONGEST_WAIT}, before the answer says so.",
    read_wait,
    default="0",
    example="30",
)


class ChangeList(ApiView):
    """Every release that the caller may see, the oldest first, from a cursor on."""

    shape, listing, problems = ReleaseEvent, Followed, (CLEARANCE_RAISED, HISTORY_REPLACED)
    parameters = (AFTER, SINCE, SLIM, LIMIT, WAIT)

    def get(self, request: Request) -> HttpResponseBase:
        """A page of releases, where to go on, and whether it is the end for now. One query, and one for a cursor; with `wait` two
        more.
        """
        asked = self.read(request)
        waits = "wait" in request.query_params
        edition = current_edition() if waits else 0
        page = read_page(asked, self.audience)
        seconds = asked.number("wait") if request.method == "GET" and not page.rows else 0
        place = PLACES.take(holder_of(request, self.caller)) if seconds else None
        if place is not None:
            poll = LongPoll(self.later(request, asked), empty=page.body, edition=edition, seconds=seconds)
            return LiveAnswer(poll, place, media_type=MEDIA_TYPE)
        answer = json_answer(
            request, page.body, modified=_newest(page.rows), links={"next": _address(request, page.next)}
        )
        if waits:
            answer.headers["Cache-Control"] = NEVER_KEPT
        return answer

    def later(self, request: Request, asked: Asked) -> Callable[[], bytes | None]:
        """What gives the page later, if there is anything on it then and the caller is still who they were."""

        def find() -> bytes | None:
            if not is_still(request, self.caller):
                return None
            page = read_page(asked, self.audience)
            return page.body if page.rows else None

        return find


class ChangePage(NamedTuple):
    """A page of releases: rows of the ledger, where to go on, and all of it as JSON."""

    rows: list[Any]
    next: str
    body: bytes


def read_page(asked: Asked, audience: Audience) -> ChangePage:
    """The page that was asked for. One query, and one for a cursor.

    Raises:
        Problem: the cursor cannot be used.
    """
    limit, is_slim = asked.number("limit"), asked.is_set("slim")
    found = list(releases_after(asked, audience).values_list(*DESCRIBED, named=True)[: limit + 1])
    rows = found[:limit]
    last = Place(rows[-1].sequence, rows[-1].sha256) if rows else NOWHERE
    place = write_place(last, audience) if rows or not asked.one("after") else asked.one("after")
    told = [describe_release(row, is_slim=is_slim) for row in rows]
    return ChangePage(rows, place, msgspec.json.encode({"data": told, "next": place, "end": len(found) <= limit}))


def releases_after(asked: Asked, audience: Audience) -> ReleaseQuerySet:
    """The releases an audience may see after the place asked for, each beside the document before it.

    Raises:
        Problem: the cursor cannot be used.
    """
    rows = releases_with_change(audience)
    if after := asked.one("after"):
        return rows.filter(sequence__gt=read_place(after, audience))
    if since := asked.one("released_since"):
        return rows.filter(released_at__gte=dt.datetime.fromisoformat(since))
    return rows


def told_after(sequence: int, most: int, audience: Audience, *, is_slim: bool) -> list[StreamedRelease]:
    """The first so many releases after a number in the sequence, each as an event. One query."""
    rows = releases_with_change(audience).filter(sequence__gt=sequence).values_list(*DESCRIBED, named=True)[:most]
    return [
        StreamedRelease(
            row.sequence,
            write_place(Place(row.sequence, row.sha256), audience),
            msgspec.json.encode(describe_release(row, is_slim=is_slim)),
        )
        for row in rows
    ]


def _newest(page: list[Any]) -> dt.datetime | None:
    return max((row.released_at for row in page), default=None)


def _address(request: Request, place: str) -> str:
    kept = [(name, value) for name, value in request.query_params.items() if name not in ("after", "released_since")]
    return address_of(request.path, [*kept, ("after", place)])
