"""Keeping pieces of pages in the memory of the process: bounded, the least recently used go first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

PieceT = TypeVar("PieceT")


class Pieces(Generic[PieceT]):
    """Pieces under keys that hold all they are made of, so that none is ever out of date. Safe to share among threads.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.kept: OrderedDict[Hashable, PieceT] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], PieceT]) -> PieceT:
        """The piece under a key, made now if it is not there."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        piece = make()
        with self.lock:
            self.kept[key] = piece
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
        return piece
