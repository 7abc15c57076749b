"""The meter of this installation. Where it cannot count, it says so in the log and lets everybody pass: who reads comes first."""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from incidents.partners.meter.in_file import FileStore
from incidents.partners.meter.store import Counted, Store, StoreFailed

REST_SECONDS = 5.0
"""How long a store that failed is left alone, so that not every request waits for it in vain."""

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Meter:
    """Counts in a store, and does without it while that fails.

    Args:
        store: where to count.
        clock: seconds that only grow.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self.store, self.clock = store, clock
        self.rests_until = 0.0

    def count(self, name: str, window: int) -> Counted | None:
        """Count once more; None while nothing can be counted.

        Args:
            name: of what is counted.
            window: in seconds.
        """
        return self._ask(lambda: self.store.count(name, window))

    def read(self, names: Collection[str]) -> Mapping[str, int] | None:
        """How often each was counted; None while nothing can be read."""
        return self._ask(lambda: self.store.read(names))

    def _ask(self, question: Callable[[], T]) -> T | None:
        if self.clock() < self.rests_until:
            return None
        try:
            return question()
        except StoreFailed as fault:
            self.rests_until = self.clock() + REST_SECONDS
            logger.warning("Requests are not counted, and no limit holds: %s", fault)
            return None


def the_meter() -> Meter:
    """The meter: in Redis where CACHE_URL names one, else in METER_FILE."""
    cache = settings.CACHES["default"]
    address = str(cache["LOCATION"]) if "redis" in cache["BACKEND"].lower() else ""
    return _meter_at(address, settings.METER_FILE)


@lru_cache(maxsize=4)
def _meter_at(address: str, path: str) -> Meter:
    if not address:
        return Meter(FileStore(path))
    redis_store = import_string("incidents.partners.meter.in_redis.RedisStore")  # loads a client of some megabytes
    return Meter(redis_store(address))
