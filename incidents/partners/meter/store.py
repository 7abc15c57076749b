"""What a place to count in can do."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol


class Counted(NamedTuple):
    """How often something was counted since its window opened.

    Attributes:
        times: with this time.
        seconds_left: until the window closes and counting begins anew.
    """

    times: int
    seconds_left: float


class StoreFailed(Exception):
    """The place to count in does not answer."""


class Store(Protocol):
    """Counts things by name. A window opens when something is counted for the first time, and closes by itself."""

    def count(self, name: str, window: int) -> Counted:
        """Count once more, in one step that no other process can come between.

        Args:
            name: of what is counted.
            window: how long a window is, in seconds.

        Raises:
            StoreFailed: it does not answer.
        """
        ...

    def read(self, names: Collection[str]) -> Mapping[str, int]:
        """How often each was counted in the window that is open; names without one are left out.

        Raises:
            StoreFailed: it does not answer.
        """
        ...
