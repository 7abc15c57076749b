"""Followers work one after the other, on connections to the database that they share: a hundred who wait hold not one more
than a single one, and pages are not built slower because many are woken at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Turns:
    """Who is at work among the followers of this process: one, or nobody."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.shared: dict[str, BaseDatabaseWrapper] = {}

    @contextmanager
    def take(self) -> Iterator[None]:
        """Inside, this thread works on the connections that followers share; it must be one that has none of its own.

        Afterwards they are kept or given back to the pool as after a request (CONN_MAX_AGE).
        """
        with self.lock:
            for alias in connections:
                if alias not in self.shared:
                    self.shared[alias] = connections.create_connection(alias)
                    self.shared[alias].inc_thread_sharing()
                connections[alias] = self.shared[alias]
            try:
                yield
            finally:
                close_old_connections()
                for alias in self.shared:
                    del connections[alias]


TURNS = Turns()
