"""Cursors of `changes`: a place in the global sequence, sealed, so that nobody sees how far two places lie apart.

A cursor is permanent. It also holds the clearance it was given under: somebody who may see more by now has to start again,
because what was released before and is new to them lies behind the cursor. And it holds a few bits of the release there: a portal
that was set back to an older backup, and has gone another way since, notices that the cursor is of another history.
"""

import datetime as dt
import hashlib
import struct
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS

from incidents.publication.audience import Audience
from incidents.publication.models import Release
from incidents.publication.sealing import NotSealed, seal, unseal
from incidents.representations.api.problems import (
    CLEARANCE_RAISED,
    HISTORY_REPLACED,
    ParameterError,
    Problem,
    cursor_problem,
)

_PURPOSE = "changes"
_MARK_BYTES = 4
_FORM = struct.Struct(f">BQ{_MARK_BYTES}s")
_FORM_WITHOUT_MARK = struct.Struct(">BQ")
"""What cursors were before they had a mark; they are permanent."""


class Place(NamedTuple):
    """A place in the sequence: the number and the SHA-256 in the chain of the release there."""

    sequence: int
    sha256: str


NOWHERE = Place(0, "")
"""Before the first release."""


def write_place(place: Place, audience: Audience) -> str:
    """The cursor after this release, which the audience may see; or at the beginning."""
    return seal(_FORM.pack(audience.highest_rank, place.sequence, _mark_of(place.sha256)), _PURPOSE)


def read_place(cursor: str, audience: Audience) -> int:
    """The number in the sequence after which to go on. One indexed read.

    Raises:
        Problem: the cursor is none of ours, was given under a lower clearance, or is of a history that is no more.
    """
    try:
        rank, sequence, mark = _unpack(unseal(cursor, _PURPOSE))
    except (NotSealed, struct.error):
        error = ParameterError(parameter="after", detail="This is no cursor of “changes” that was made here.")
        raise cursor_problem(cursor, error) from None
    if rank < audience.highest_rank:
        raise Problem(CLEARANCE_RAISED)
    if sequence and mark and not _is_there(sequence, mark):
        raise Problem(HISTORY_REPLACED)
    return sequence


def last_place_of(audience: Audience, *, before: dt.datetime | None = None) -> Place:
    """The place of the newest release that an audience may see, or of the newest released before a time. One indexed read."""
    releases = Release.objects.visible_to(audience).order_by("-sequence")
    if before is not None:
        releases = releases.filter(released_at__lt=before)
    found = releases.values_list("sequence", "sha256").first()
    return Place(*found) if found else NOWHERE


def last_place(audience: Audience) -> str:
    """The cursor after the newest release that an audience may see: where a copy of everything ends. One indexed read."""
    return write_place(last_place_of(audience), audience)


def _unpack(content: bytes) -> tuple[int, int, bytes]:
    if len(content) == _FORM_WITHOUT_MARK.size:
        return (*_FORM_WITHOUT_MARK.unpack(content), b"")
    rank, sequence, mark = _FORM.unpack(content)
    return rank, sequence, mark


def _mark_of(sha256: str) -> bytes:
    """A few bits by which a release is known, of which nothing about its hash can be read."""
    return hashlib.sha256(sha256.encode()).digest()[:_MARK_BYTES]


def _is_there(sequence: int, mark: bytes) -> bool:
    """Whether the release with this number is the one that the cursor was made for. A replica that has not heard of it yet is no
    proof that it is gone: what the default database holds counts then."""
    held = Release.objects.filter(sequence=sequence).values_list("sha256", flat=True)
    found = held.first() or held.using(DEFAULT_DB_ALIAS).first()
    return found is not None and _mark_of(found) == mark
