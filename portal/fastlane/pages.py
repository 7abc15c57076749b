"""Pages kept in this process under the edition they belong to: bounded, the least recently used go first."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from portal.headers import Header

MOST_SECONDS = 300.0
"""How long a page is kept within an edition: some pages say what happened this week, and weeks end without a release."""

LARGEST_SHARE = 8
"""A page larger than this part of the room is not kept."""

ROW_BYTES = 2_000
"""What an entry costs besides its bodies and its key."""

Key = tuple[str, ...]


class Page(NamedTuple):
    """A page as it is sent.

    Attributes:
        media_type: its Content-Type.
        headers: what else is said about it, besides length, coding and validators.
        etag: the quoted validator of the bytes without coding.
        modified: its Last-Modified date, or the empty string.
        bodies: the bytes by coding; the empty string stands for none.
    """

    media_type: str
    headers: tuple[Header, ...]
    etag: str
    modified: str
    bodies: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, the edition it belongs to, until when it may be used, and how much room it takes."""

    page: Page
    edition: int
    until: float
    size: int


class PageCache:
    """Safe to share among threads. A new edition empties it."""

    def __init__(self, room_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.room_bytes = room_bytes
        self.clock = clock
        self.lock = threading.Lock()
        self.kept: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0
        self.edition = 0

    def get(self, key: Key, edition: int) -> Page | None:
        """The page kept under this key, if it belongs to this edition and is not too old."""
        with self.lock:
            entry = self.kept.get(key)
            if entry is None:
                return None
            if entry.edition != edition or entry.until < self.clock():
                return None
            self.kept.move_to_end(key)
            return entry.page

    def put(self, key: Key, page: Page, edition: int) -> None:
        """Keep a page that was built after this edition was read; forget what was used least recently for it."""
        size = ROW_BYTES + sum(map(len, key)) + sum(map(len, page.bodies.values()))
        if size > self.room_bytes // LARGEST_SHARE:
            return
        with self.lock:
            if edition < self.edition:
                return
            if edition > self.edition:
                self.kept.clear()
                self.size, self.edition = 0, edition
            replaced = self.kept.pop(key, None)
            self.size += size - (replaced.size if replaced else 0)
            self.kept[key] = Kept(page, edition, self.clock() + MOST_SECONDS, size)
            while self.size > self.room_bytes:
                _, oldest = self.kept.popitem(last=False)
                self.size -= oldest.size
