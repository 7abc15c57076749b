"""From where the current act comes: a client's address, a command, the scheduler."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("origin", default="")


@contextmanager
def acting_from(origin: str) -> Iterator[None]:
    """Mark every act inside the block as coming from `origin`, such as `203.0.113.7` or `command publish`."""
    token = _origin.set(origin[:200])
    try:
        yield
    finally:
        _origin.reset(token)


def current_origin() -> str:
    """The origin of the current act; empty when nobody said."""
    return _origin.get()
