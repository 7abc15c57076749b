"""Keeping the index of SQLite in one piece. FTS5 writes each change beside what is there, in *segments*, and every search reads
all of them: with a million advisories and sixteen segments it takes twice as long as with one.

PostgreSQL's index has no such parts, and its autovacuum looks after what is pending.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

MANY_SEGMENTS = 6
"""From so many on it is worth the while: each merge writes the whole index anew."""

PAGES = 250
"""Of 4 kB each, that one step writes: some 20 ms, in which nobody else can write."""

PAUSE_SECONDS = 0.1
"""To wait between two steps beside others who write: SQLite lets those go first who ask at the right moment."""

_MERGE = "INSERT INTO incidents_advisory_words (incidents_advisory_words, rank) VALUES ('merge', %s)"


def count_segments() -> int:
    """How many parts the index of SQLite has; 1 on PostgreSQL."""
    if connection.vendor == "postgresql":
        return 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT segid) FROM incidents_advisory_words_idx")
        (count,) = cursor.fetchone()
    return int(count)


def merge_index(*, at: int = MANY_SEGMENTS, pages: int = PAGES, is_over: Callable[[], bool] = lambda: False) -> int:
    """Make one segment of all if there are many, in short steps that may be stopped at any moment and go on another time.

    Args:
        at: how many are many.
        pages: how much one step writes, at the least.
        is_over: asked between two steps, and may take its time: whether to stop there.

    Returns:
        How many steps were made.
    """
    if count_segments() < max(at, 2):
        return 0
    steps = 1
    _step(-pages)  # a negative number marks all that there is for merging
    while not is_over() and _step(pages):
        steps += 1
    return steps


def _step(pages: int) -> bool:
    """One step, in a transaction of its own. Returns whether there was anything to do: more than one row changed."""
    database: Any = connection
    with database.cursor() as cursor:
        before = database.connection.total_changes
        cursor.execute(_MERGE, [pages])
        return bool(database.connection.total_changes - before > 1)
