"""A long poll: an answer that waits until there is something to tell, or the time is over.

Its head is sent at once, and a line break now and then, which JSON allows before a value (RFC 8259, section 2): so proxies do not
give up, and a client that has gone frees its place.
"""

import time
from collections.abc import Callable

from incidents.publication.edition import current_edition
from incidents.representations.api.live.answer import SIGN_OF_LIFE_SECONDS, Follower
from incidents.representations.api.live.watch import WATCH


class LongPoll(Follower):
    """One who waits for the next page of `changes`.

    Args:
        find: gives the page if it has any rows; None else, also where the caller may not see any more.
        empty: the page without rows.
        edition: the one in which there was nothing.
        seconds: how long to wait.
    """

    def __init__(self, find: Callable[[], bytes | None], *, empty: bytes, edition: int, seconds: float) -> None:
        self.find = find
        self.empty = empty
        self.edition = edition
        self.spoke_at = float("-inf")
        self.until = time.monotonic() + seconds
        self.is_told = False

    def look(self) -> bytes | None:
        """The page; at the latest when the time is over. A release that they may not see is no reason to send anything."""
        if self.is_told:
            return None
        now, edition = time.monotonic(), current_edition()
        if edition != self.edition:
            self.edition = edition
            page = self.find()
            if page is not None:
                self.is_told = True
                return page
        if WATCH.is_over or now >= self.until:
            self.is_told = True
            return self.empty
        if now - self.spoke_at < SIGN_OF_LIFE_SECONDS:
            return b""
        self.spoke_at = now
        return b"\n"

    def sleep(self) -> None:
        """Until there is a new edition, it is time for a sign of life, or the time is over."""
        if not self.is_told:
            until = min(self.spoke_at + SIGN_OF_LIFE_SECONDS, self.until)
            WATCH.wait(self.edition, max(0.0, until - time.monotonic()))

    def last_words(self) -> bytes:
        """The page without rows: the client asks again, and learns what is the matter."""
        return self.empty
