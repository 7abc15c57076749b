"""The watch: one thread that looks whether there is a new edition, for all who wait in this process, while somebody does."""

import logging
import threading
from contextvars import copy_context

from django.db import Error

from incidents.publication.edition import current_edition
from incidents.representations.api.live.turns import TURNS

LOOK_SECONDS = 0.5
PAUSE_SECONDS = 5.0
"""Before the next look where the database did not answer."""

logger = logging.getLogger(__name__)


class Watch:
    """Wakes those who wait when the edition has grown; each then looks whether there is anything that they may see."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.edition = 0
        self.waiting = 0
        self.is_kept = False
        self.is_over = False

    def wait(self, known: int, seconds: float) -> None:
        """Sleep until the edition is a later one than is known, so many seconds have passed, or the process is to end."""
        if seconds <= 0:
            return
        with self.changed:
            self.waiting += 1
            try:
                self._keep()
                self.changed.wait_for(lambda: self.is_over or self.edition > known, timeout=seconds)
            finally:
                self.waiting -= 1

    def end(self) -> None:
        """Wake everybody for good: the process is to end."""
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def _keep(self) -> None:
        """Begin to look, unless somebody does; in the context of who waits first, and so on the database they read."""
        if not self.is_kept:
            self.is_kept = True
            threading.Thread(target=copy_context().run, args=(self._look,), name="watch", daemon=True).start()

    def _look(self) -> None:
        with self.changed:
            try:
                while self.waiting and not self.is_over:
                    self.changed.release()
                    try:
                        edition = look_once()
                    finally:
                        self.changed.acquire()
                    if edition > self.edition:
                        self.edition = edition
                        self.changed.notify_all()
                    self.changed.wait_for(lambda: self.is_over, timeout=LOOK_SECONDS if edition else PAUSE_SECONDS)
            finally:
                self.is_kept = False


def look_once() -> int:
    """The present edition; 0 where the database does not answer."""
    try:
        with TURNS.take():
            return current_edition()
    except Error as error:
        logger.warning("Followers cannot be told of new releases: %s", error)
        return 0


WATCH = Watch()
