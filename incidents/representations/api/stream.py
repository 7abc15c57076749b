"""`changes/stream`: releases as Server-Sent Events, to those who listen."""

import datetime as dt
from collections.abc import Callable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.representations.api.authentication import is_still
from incidents.representations.api.changes import AFTER, SINCE, SLIM, told_after
from incidents.representations.api.live.answer import NEVER_KEPT, LiveAnswer
from incidents.representations.api.live.events import MEDIA_TYPE, EventStream, StreamedRelease
from incidents.representations.api.live.places import PLACES, holder_of
from incidents.representations.api.parameters import Asked, Parameter
from incidents.representations.api.problems import (
    CLEARANCE_RAISED,
    HISTORY_REPLACED,
    INVALID_CURSOR,
    NO_PLACE,
    ParameterError,
    Problem,
)
from incidents.representations.api.sequence import last_place_of, read_place, write_place
from incidents.representations.api.view import ApiView

LAST_EVENT_ID = "Last-Event-ID"


class ChangeStream(ApiView):
    """Every release that the caller may see, as it comes.

    It goes on from the header `Last-Event-ID`, which a browser sends by itself when it connects anew, else from `after` or
    `released_since`, else from now.
    """

    shape, media_types = str, (MEDIA_TYPE,)
    parameters = (AFTER, SINCE, SLIM)
    headers = (Parameter(LAST_EVENT_ID, "The id of the last event that came: it goes on after that one.", str),)
    problems = (CLEARANCE_RAISED, HISTORY_REPLACED, NO_PLACE)

    def get(self, request: Request) -> HttpResponseBase:
        """A stream of events; up to two queries, and one each time there is a new edition."""
        asked = self.read(request)
        sequence, cursor = self.find_start(request, asked)
        place = PLACES.take(holder_of(request, self.caller))
        if place is None:
            raise Problem(NO_PLACE)
        listener = EventStream(
            self.finder(request, is_slim=asked.is_set("slim")),
            sequence=sequence,
            cursor=cursor,
        )
        return LiveAnswer(listener, place, media_type=MEDIA_TYPE)

    def head(self, request: Request) -> HttpResponseBase:
        """What `get` says before the first event."""
        self.find_start(request, self.read(request))
        return HttpResponse(content_type=MEDIA_TYPE, headers={"Cache-Control": NEVER_KEPT, "X-Accel-Buffering": "no"})

    def find_start(self, request: Request, asked: Asked) -> tuple[int, str]:
        """The number in the sequence after which to go on, and the cursor there.

        Raises:
            Problem: the cursor cannot be used.
        """
        # An empty one is refused as well: no client sends it, and a server makes one of signs that it cannot read.
        last = request.headers.get(LAST_EVENT_ID)
        if last is not None:
            try:
                return read_place(last, self.audience), last
            except Problem as problem:
                if problem.kind is not INVALID_CURSOR:
                    raise
                error = ParameterError(parameter=LAST_EVENT_ID, detail="This is no id of an event that was sent here.")
                raise Problem(INVALID_CURSOR, errors=(error,)) from None
        if after := asked.one("after"):
            return read_place(after, self.audience), after
        since = asked.one("released_since")
        place = last_place_of(self.audience, before=dt.datetime.fromisoformat(since) if since else None)
        return place.sequence, write_place(place, self.audience)

    def finder(self, request: Request, *, is_slim: bool) -> Callable[[int, int], list[StreamedRelease] | None]:
        """What gives the next releases, as long as the caller is still who they were."""

        def find(sequence: int, most: int) -> list[StreamedRelease] | None:
            if not is_still(request, self.caller):
                return None
            return told_after(sequence, most, self.audience, is_slim=is_slim)

        return find
