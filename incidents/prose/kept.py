"""Results kept for the next time, as many as fit into so many bytes."""

import sys
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT", bound=str)


class Kept(Generic[ResultT]):
    """What a function made of texts. The least recently used make room; what alone needs more than a tenth is not kept."""

    def __init__(self, make: Callable[[str], ResultT], *, most_bytes: int) -> None:
        self.bytes = 0
        self._make, self._most_bytes = make, most_bytes
        self._results: OrderedDict[str, ResultT] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> ResultT:
        """What the function makes of a text, made only if it is not kept."""
        with self._lock:
            if text in self._results:
                self._results.move_to_end(text)
                return self._results[text]
        result = self._make(text)
        if _size(text, result) <= self._most_bytes // 10:
            self._keep(text, result)
        return result

    def _keep(self, text: str, result: ResultT) -> None:
        with self._lock:
            if text not in self._results:
                self._results[text] = result
                self.bytes += _size(text, result)
            while self.bytes > self._most_bytes:
                self.bytes -= _size(*self._results.popitem(last=False))


def _size(text: str, result: str) -> int:
    return sys.getsizeof(text) + sys.getsizeof(result)
