"""Server-Sent Events (HTML, section 9.2): each release as it comes, for as long as the client stays; within reason.

The id of an event is the cursor after it. A browser sends the last one back in `Last-Event-ID` when it connects anew, so it
misses nothing and is told nothing twice.
"""

import random
import time
from collections.abc import Callable
from typing import NamedTuple

from incidents.publication.edition import current_edition
from incidents.representations.api.live.answer import SIGN_OF_LIFE_SECONDS, Follower
from incidents.representations.api.live.watch import WATCH

MEDIA_TYPE = "text/event-stream"
LONGEST_SECONDS = 300.0
"""A stream ends by itself then, and the client connects anew: so connections spread over the processes again."""
RETRY_MS = (1_000, 5_000)
"""How long clients wait before they do: spread, so that they do not come all at once after the server was away."""
MOST_EVENTS = 20
"""Told at a time."""
SIGN_OF_LIFE = b":\n\n"


class StreamedRelease(NamedTuple):
    """A release to tell: its number in the sequence, the cursor after it, and what is said, as JSON on one line."""

    sequence: int
    cursor: str
    body: bytes


class EventStream(Follower):
    """One who listens.

    Args:
        find: gives the first so many releases after a number in the sequence; None where the caller may not see any more
            what they could.
        sequence: where they stand.
        cursor: the same, as they know it.
    """

    def __init__(self, find: Callable[[int, int], list[StreamedRelease] | None], *, sequence: int, cursor: str) -> None:
        self.find = find
        self.sequence = sequence
        self.cursor = cursor
        self.edition = 0
        self.has_begun = False
        self.has_more = False
        self.spoke_at = time.monotonic()
        self.until = self.spoke_at + LONGEST_SECONDS

    def look(self) -> bytes | None:
        """What is new; at times a sign of life. The key of the caller is looked at each time."""
        is_over = self.has_begun and (WATCH.is_over or time.monotonic() >= self.until)
        if is_over:
            return None
        edition = current_edition()
        found = self.find(self.sequence, MOST_EVENTS)
        if found is None:
            return None
        self.edition = edition
        self.has_more = len(found) == MOST_EVENTS
        said = b"".join(b"id: %s\ndata: %s\n\n" % (event.cursor.encode(), event.body) for event in found)
        if found:
            self.sequence = found[-1].sequence
        if not self.has_begun:
            self.has_begun = True
            retry = random.SystemRandom().randint(*RETRY_MS)
            said = b"retry: %d\nid: %s\n\n" % (retry, self.cursor.encode()) + said
        elif not said and time.monotonic() - self.spoke_at >= SIGN_OF_LIFE_SECONDS:
            said = SIGN_OF_LIFE
        if said:
            self.spoke_at = time.monotonic()
        return said

    def sleep(self) -> None:
        """Until there is a new edition, or it is time for a sign of life."""
        if not self.has_more:
            now = time.monotonic()
            WATCH.wait(self.edition, max(0.0, min(self.spoke_at + SIGN_OF_LIFE_SECONDS, self.until) - now))

    def last_words(self) -> bytes:
        """Nothing: the client connects anew."""
        return b""
