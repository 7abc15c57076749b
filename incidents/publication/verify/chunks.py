"""Reading many rows a few at a time, so that memory stays the same however many there are."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

RowT = TypeVar("RowT")


def in_chunks(rows: Iterable[RowT], size: int = 500) -> Iterator[list[RowT]]:
    """The rows in lists of `size`; the last one may be shorter."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk
