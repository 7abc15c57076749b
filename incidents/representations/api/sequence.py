"""Cursors of `changes`: a place in the global sequence, sealed, so that nobody sees how far two places lie apart.

A cursor is permanent. It also holds the clearance it was given under: somebody who may see more by now has to start again,
because what was released before and is new to them lies behind the cursor.
"""

import struct

from incidents.publication.audience import Audience
from incidents.publication.models import Release
from incidents.publication.sealing import NotSealed, seal, unseal
from incidents.representations.api.problems import CLEARANCE_RAISED, ParameterError, Problem, cursor_problem

BEGINNING = 0
_PURPOSE = "changes"
_FORM = struct.Struct(">BQ")


def write_place(sequence: int, audience: Audience) -> str:
    """The cursor after the release with this number in the sequence, which the audience may see; or at the beginning."""
    return seal(_FORM.pack(audience.highest_rank, sequence), _PURPOSE)


def read_place(cursor: str, audience: Audience) -> int:
    """The number in the sequence after which to go on.

    Raises:
        Problem: the cursor is none of ours, or was given under a lower clearance.
    """
    try:
        rank, sequence = _FORM.unpack(unseal(cursor, _PURPOSE))
    except (NotSealed, struct.error):
        error = ParameterError(parameter="after", detail="This is no cursor of “changes” that was made here.")
        raise cursor_problem(cursor, error) from None
    if rank < audience.highest_rank:
        raise Problem(CLEARANCE_RAISED)
    return int(sequence)


def last_place(audience: Audience) -> str:
    """The cursor after the newest release that an audience may see: where a copy of everything ends. One indexed read."""
    releases = Release.objects.visible_to(audience).order_by("-sequence")
    return write_place(releases.values_list("sequence", flat=True).first() or BEGINNING, audience)
