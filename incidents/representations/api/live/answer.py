"""What a server is given for somebody who waits: a stream whose pieces come when there is something to tell."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context

from django.http import StreamingHttpResponse

from incidents.representations.api.live.places import Place

NEVER_KEPT = "no-store"
SIGN_OF_LIFE_SECONDS = 15.0
"""How often something is sent: proxies do not cut the connection then, and it shows when the client is gone."""

logger = logging.getLogger(__name__)


class Follower(ABC):
    """Somebody who waits, and what they are told. It looks, sleeps, looks again."""

    @abstractmethod
    def look(self) -> bytes | None:
        """What is to be sent now, which may be nothing; None at the end."""

    @abstractmethod
    def sleep(self) -> None:
        """Wait for a reason to look again. No query is made here."""

    @abstractmethod
    def last_words(self) -> bytes:
        """What is sent where looking failed."""


class Pieces:
    """The pieces that a follower is sent, and the place they take meanwhile.

    Attributes:
        turn: gives what is held while looking; nothing unless whoever serves them says so.
    """

    def __init__(self, follower: Follower, place: Place) -> None:
        self.follower = follower
        self.place = place
        self.turn: Callable[[], AbstractContextManager[None]] = nullcontext
        self.context = copy_context()
        self.has_looked = False
        self.is_over = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """The next piece, when there is one.

        Raises:
            StopIteration: there is no more to come.
        """
        while not self.is_over:
            if self.has_looked:
                self.context.run(self.follower.sleep)
            self.has_looked = True
            piece = self._look()
            if piece is None:
                break
            if piece:
                return piece
        raise StopIteration

    def close(self) -> None:
        """Nobody waits any more."""
        self.is_over = True
        self.place.leave()

    def __del__(self) -> None:
        """An answer that is never sent keeps no place."""
        self.place.leave()

    def _look(self) -> bytes | None:
        try:
            with self.turn():
                return self.context.run(self.follower.look)
        except Exception:
            logger.exception("A follower cannot be told what is new")
            self.is_over = True
            return self.follower.last_words()


class LiveAnswer(StreamingHttpResponse):
    """An answer that takes its time."""

    def __init__(self, follower: Follower, place: Place, *, media_type: str) -> None:
        self.pieces = Pieces(follower, place)
        headers = {"Cache-Control": NEVER_KEPT, "X-Accel-Buffering": "no"}
        super().__init__(self.pieces, content_type=media_type, headers=headers)
