"""Counting in a SQLite file of its own, which the processes of one machine share.

Nothing in it must survive a loss of power, so nothing waits for the disk (`synchronous = OFF`), and it never stands in the way of
the portal's own database.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from threading import Lock

from incidents.partners.meter.store import Counted, StoreFailed

MEMORY = ":memory:"
WAIT_SECONDS = 2.0
"""For other processes to finish; each takes some twenty millionths of a second."""

SWEEP_SECONDS = 60.0
START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS window (name TEXT PRIMARY KEY, times INTEGER NOT NULL, closes_at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS window_by_end ON window (closes_at);
"""
COUNT = """
INSERT INTO window (name, times, closes_at) VALUES (:name, 1, :now + :window)
ON CONFLICT (name) DO UPDATE SET
    times = CASE WHEN closes_at > :now THEN times + 1 ELSE 1 END,
    closes_at = CASE WHEN closes_at > :now THEN closes_at ELSE excluded.closes_at END
RETURNING times, closes_at - :now
"""
READ = "SELECT times FROM window WHERE name = ? AND closes_at > ?"
SWEEP = "DELETE FROM window WHERE closes_at <= ?"


class FileStore:
    """Windows in a SQLite file; each process opens it once, when it first counts.

    Args:
        path: of the file, or MEMORY for one process alone.
        clock: the time, in seconds since 1970.
    """

    def __init__(self, path: str, clock: Callable[[], float] = time.time) -> None:
        self.path, self.clock = path, clock
        self.lock = Lock()
        self.process = 0
        self.swept_at = 0.0
        self.database: sqlite3.Connection | None = None

    def count(self, name: str, window: int) -> Counted:
        """Count once more: one statement, which SQLite lets one process at a time do.

        Raises:
            StoreFailed: the file cannot be used.
        """
        now = self.clock()
        with self.lock:
            try:
                found = self._open().execute(COUNT, {"name": name, "window": window, "now": now}).fetchall()
                self._sweep(now)
            except (sqlite3.Error, OSError) as fault:
                raise StoreFailed(str(fault)) from fault
        return Counted(*found[0])

    def read(self, names: Collection[str]) -> Mapping[str, int]:
        """How often each was counted.

        Raises:
            StoreFailed: the file cannot be used.
        """
        now = self.clock()
        with self.lock:
            try:
                database = self._open()
                rows = {name: database.execute(READ, (name, now)).fetchone() for name in names}
            except (sqlite3.Error, OSError) as fault:
                raise StoreFailed(str(fault)) from fault
        return {name: row[0] for name, row in rows.items() if row}

    def _open(self) -> sqlite3.Connection:
        """The connection of this process: one that a parent opened is not ours (sqlite.org, “How to corrupt”, 2.6)."""
        if self.database is None or self.process != os.getpid():
            self.database, self.process = open_file(self.path), os.getpid()
        return self.database

    def _sweep(self, now: float) -> None:
        """Forget windows that have closed, now and then: strangers' addresses would pile up."""
        if now - self.swept_at >= SWEEP_SECONDS and self.database is not None:
            self.swept_at = now
            self.database.execute(SWEEP, (now,))


def open_file(path: str) -> sqlite3.Connection:
    """A connection to the file, which is made if it is not there.

    Raises:
        OSError: its folder cannot be made.
        sqlite3.Error: it cannot be opened, or is no database.
    """
    if path != MEMORY:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    give_up_at = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            database.executescript(START)
            return database
        except sqlite3.OperationalError as fault:
            # Turning on the write-ahead log does not wait for others who do so too, as all do when the portal starts
            if "locked" not in str(fault) or time.monotonic() > give_up_at:
                database.close()
                raise
            time.sleep(0.01)
