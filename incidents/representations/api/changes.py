"""`changes`: every release the caller may see, in the order of the sequence, so that a copy that follows it is complete.

Sequence order is commit order (INV-SEQUENCE): whoever asks for what comes after the last release they have misses nothing and
sees nothing twice, while others publish. The numbers of the sequence themselves stay inside (`sequence.py`).
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

import msgspec
from django.db.models import F, OuterRef, Subquery
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.publication.audience import Audience
from incidents.publication.edition import current_edition
from incidents.publication.filters import Choice
from incidents.publication.models import Release
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
from incidents.representations.api.problems import CLEARANCE_RAISED, HISTORY_REPLACED, UNKNOWN_CURSOR
from incidents.representations.api.sequence import NOWHERE, Place, read_place, write_place
from incidents.representations.api.view import ApiView
from incidents.vocabulary.words import ReleaseKind

_COLUMNS = (
    *("sequence", "public_id", "number", "kind", "significance", "reason", "released_at", "tlp"),
    *("merged_into", "document_json", "document_before", "sha256"),
)
_GROUPS = ("narrative", "timeline")
_ABOUT_THE_RELEASE = ("history", "release", "schema_version")


_DOCUMENT = msgspec.Meta(extra_json_schema={"$ref": "#/components/schemas/AdvisoryDocument"})


class Event(StrEnum):
    """What a release means for a copy of the advisory."""

    CREATED = "created"
    UPDATED = "updated"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class ReleaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One release as `changes` tells it.

    Attributes:
        event: what it means for a copy: the first release that the caller may see creates it.
        id: of the advisory.
        number: of the release, within the advisory.
        kind: of the release.
        significance: material or editorial.
        reason: for readers.
        released_at: an instant in UTC, to the millisecond.
        tlp: label of the release.
        merged_into: id of the advisory that took the place of this one; empty where none did.
        changed: what differs from the release before that the caller may see: fields of the document, those of its narrative
            and its timeline one by one.
        sha256: of the document's bytes, in hexadecimal digits.
        document: the document; missing where it was not asked for.
    """

    event: Event
    id: str
    number: int
    kind: str
    significance: str
    reason: str
    released_at: dt.datetime
    tlp: str
    changed: list[str]
    sha256: str
    merged_into: str
    document: Annotated[msgspec.Raw, _DOCUMENT] | msgspec.UnsetType = msgspec.UNSET


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

    shape, listing, problems = ReleaseEvent, Followed, (UNKNOWN_CURSOR, CLEARANCE_RAISED, HISTORY_REPLACED)
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
    found = list(releases_after(asked, audience).values_list(*_COLUMNS, named=True)[: limit + 1])
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
    rows = releases_told(audience)
    if after := asked.one("after"):
        return rows.filter(sequence__gt=read_place(after, audience))
    if since := asked.one("released_since"):
        return rows.filter(released_at__gte=dt.datetime.fromisoformat(since))
    return rows


def releases_told(audience: Audience) -> ReleaseQuerySet:
    """The releases an audience may see in the order of the sequence, each beside the document before it."""
    visible: Any = Release.objects.visible_to(audience)
    # Labels only widen (decision 6): what an audience sees of an advisory has no gap, so the one before is the number before.
    before = visible.filter(public_id=OuterRef("public_id"), number=OuterRef("number") - 1)
    told: ReleaseQuerySet = visible.annotate(
        merged_into=F("advisory__merged_into"), document_before=Subquery(before.values("document_json")[:1])
    ).order_by("sequence")
    return told


def told_after(sequence: int, most: int, audience: Audience, *, is_slim: bool) -> list[StreamedRelease]:
    """The first so many releases after a number in the sequence, each as an event. One query."""
    rows = releases_told(audience).filter(sequence__gt=sequence).values_list(*_COLUMNS, named=True)[:most]
    return [
        StreamedRelease(
            row.sequence,
            write_place(Place(row.sequence, row.sha256), audience),
            msgspec.json.encode(describe_release(row, is_slim=is_slim)),
        )
        for row in rows
    ]


def describe_release(row: Any, *, is_slim: bool) -> ReleaseEvent:
    """A release as it is told: `row` has the columns of `_COLUMNS`."""
    document = row.document_json.encode()
    is_withdrawal = row.kind == ReleaseKind.WITHDRAWAL
    return ReleaseEvent(
        event=event_of(row),
        id=row.public_id,
        number=row.number,
        kind=row.kind,
        significance=row.significance,
        reason=row.reason,
        released_at=row.released_at,
        tlp=row.tlp,
        merged_into=row.merged_into if is_withdrawal else "",
        changed=list(changed_fields(row.document_before, row.document_json)) if row.document_before else [],
        sha256=hashlib.sha256(document).hexdigest(),
        document=msgspec.UNSET if is_slim else msgspec.Raw(document),
    )


def event_of(row: Any) -> Event:
    """What a release means for a copy."""
    if row.kind == ReleaseKind.WITHDRAWAL:
        return Event.MERGED if row.merged_into else Event.WITHDRAWN
    if row.document_before is None:
        return Event.CREATED
    return Event.CORRECTED if row.kind == ReleaseKind.CORRECTION else Event.UPDATED


def changed_fields(before: str, after: str) -> Iterator[str]:
    """The fields in which two documents differ. The canonical form has one spelling for one value, so bytes are compared."""
    old, new = _PARTS.decode(before), _PARTS.decode(after)
    for name in sorted(old.keys() | new.keys()):
        if name in _ABOUT_THE_RELEASE or bytes(old.get(name, b"")) == bytes(new.get(name, b"")):
            continue
        if name in _GROUPS and name in old and name in new:
            yield from (f"{name}/{part}" for part in _differing(_PARTS.decode(old[name]), _PARTS.decode(new[name])))
        else:
            yield name


_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _differing(old: dict[str, msgspec.Raw], new: dict[str, msgspec.Raw]) -> Iterator[str]:
    return (name for name in sorted(old.keys() | new.keys()) if bytes(old.get(name, b"")) != bytes(new.get(name, b"")))


def _newest(page: list[Any]) -> dt.datetime | None:
    return max((row.released_at for row in page), default=None)


def _address(request: Request, place: str) -> str:
    kept = [(name, value) for name, value in request.query_params.items() if name not in ("after", "released_since")]
    return address_of(request.path, [*kept, ("after", place)])
