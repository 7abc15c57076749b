"""`changes`: every release the caller may see, in the order of the sequence, so that a copy that follows it is complete.

Sequence order is commit order (INV-SEQUENCE): whoever asks for what comes after the last release they have misses nothing and
sees nothing twice, while others publish. The numbers of the sequence themselves stay inside (`sequence.py`).
"""

import datetime as dt
from typing import Any

import msgspec
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.publication.audience import Audience
from incidents.publication.events import DESCRIBED, describe_release, releases_with_change
from incidents.publication.filters import Choice
from incidents.publication.models.ledger import ReleaseQuerySet
from incidents.representations.api.answer import address_of, json_answer
from incidents.representations.api.parameters import LIMIT, SLIM_WORDS, Asked, Parameter, read_instant
from incidents.representations.api.sequence import BEGINNING, read_place, write_place
from incidents.representations.api.view import ApiView


class ChangeList(ApiView):
    """Every release that the caller may see, the oldest first, from a cursor on."""

    parameters = (
        Parameter("after", "Where to go on: “next” of the last answer. Cursors stay valid for ever.", str),
        Parameter("released_since", "Without “after”: begin with releases at this time or later.", read_instant),
        Parameter("slim", "1 leaves the documents out.", Choice(tuple(SLIM_WORDS))),
        LIMIT,
    )

    def get(self, request: Request) -> HttpResponseBase:
        """A page of releases, where to go on, and whether it is the end for now. One query."""
        asked = self.read(request)
        rows = releases_after(asked, self.audience)
        limit, is_slim = asked.number("limit"), asked.is_set("slim")
        found = list(rows.values_list(*DESCRIBED, named=True)[: limit + 1])
        page = found[:limit]
        place = write_place(page[-1].sequence, self.audience) if page else asked.one("after") or _start(self.audience)
        rows_told = [describe_release(row, is_slim=is_slim) for row in page]
        body = msgspec.json.encode({"data": rows_told, "next": place, "end": len(found) <= limit})
        return json_answer(request, body, modified=_newest(page), links={"next": _address(request, place)})


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


def _newest(page: list[Any]) -> dt.datetime | None:
    return max((row.released_at for row in page), default=None)


def _start(audience: Audience) -> str:
    return write_place(BEGINNING, audience)


def _address(request: Request, place: str) -> str:
    kept = [(name, value) for name, value in request.query_params.items() if name not in ("after", "released_since")]
    return address_of(request.path, [*kept, ("after", place)])
