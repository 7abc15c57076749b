"""Processor time of a request: of this process, and of the database where that is another one on this machine."""

import json
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection


@dataclass(frozen=True, slots=True)
class Taken:
    """Processor time, in milliseconds: of this process, and of the processes of PostgreSQL that serve it."""

    web: float
    database: float

    @property
    def total(self) -> float:
        """Of all of them."""
        return self.web + self.database

    def __sub__(self, other: "Taken") -> "Taken":
        return Taken(self.web - other.web, self.database - other.database)


class Clock:
    """Reads processor time. SQLite works within this process, so that nothing is counted besides it.

    What PostgreSQL's own helpers do (parallel workers, writers) is not seen; make it once everything has been connected.
    """

    def __init__(self) -> None:
        self.backends = _backends()

    def read(self) -> Taken:
        """The time taken so far."""
        database = sum(int(path.read_text(encoding="ascii").split()[0]) for path in self.backends)
        return Taken(time.process_time_ns() / 1e6, database / 1e6)

    def require_same(self) -> None:
        """Make sure that nobody else came to serve meanwhile.

        Raises:
            RuntimeError: somebody did, whose time was not counted.
        """
        if unseen := set(_backends()) - set(self.backends):
            raise RuntimeError(f"Processes of PostgreSQL were not seen: {sorted(map(str, unseen))}.")


def _backends() -> list[Path]:
    """What Linux says of each process that serves our database (`schedstat`, nanoseconds on a processor)."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]


@dataclass
class Pace:
    """How fast this machine works meanwhile: the processor time of a fixed piece of work, in milliseconds, each time it was
    done. Other work on the machine makes even processor time longer, because cores and memory are shared.
    """

    taken: list[float] = field(default_factory=list)

    def keep(self) -> None:
        """Do the piece of work once."""
        before = time.process_time_ns()
        words = Counter(" ".join(f"{number % 97}:{number % 31}" for number in range(4_000)).split(" "))
        json.loads(json.dumps(words.most_common()))
        self.taken.append((time.process_time_ns() - before) / 1e6)

    @property
    def slowness(self) -> float:
        """How many times its least time the work took, as the median."""
        return statistics.median(self.taken) / min(self.taken)
