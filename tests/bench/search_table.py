"""The part “search” as Markdown, and what was missed."""

import argparse
import datetime as dt
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from tests.bench.clock import Pace
from tests.bench.search import Cost, share
from tests.bench.table import QUIET_LOAD, command, engine, machine, write_between


@dataclass
class SearchReport:
    """What was measured on one database.

    Attributes:
        size: how many advisories it holds.
        made: how they got there.
        pace: how fast the machine worked meanwhile.
        before: the most queries of each kind when there were only `some`.
    """

    options: argparse.Namespace
    size: int
    made: str
    costs: list[Cost]
    pace: Pace
    some: int = 0
    before: dict[str, int] = field(default_factory=dict)
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @property
    def missed(self) -> list[str]:
        """What was missed, in words."""
        late = [
            f"{cost.kind.name} takes {share([page.total for page in cost.pages], 0.95):.0f} ms, not {cost.kind.target:.0f}"
            for cost in self.costs
            if not cost.is_met
        ]
        more = [cost.kind.name for cost in self.costs if self.before.get(cost.kind.name, cost.queries) < cost.queries]
        return late + [f"{name} takes more queries than at {self.some:,}" for name in more]

    def as_markdown(self) -> str:
        """Circumstances, table, verdict."""
        verdict = f"Missed: {'; '.join(self.missed)}." if self.missed else "Every target was met."
        return f"{self._circumstances()}\n\n{self._table()}\n\n{verdict}"

    def write(self, path: Path) -> None:
        """Put the table between the marks for its engine in a file."""
        write_between(path, f"search on {connection.vendor}", self.as_markdown())

    def _circumstances(self) -> str:
        quiet = "" if self.load < QUIET_LOAD else f" {self._disturbance()}"
        counted = (
            "of the web process, in which SQLite works too"
            if connection.vendor == "sqlite"
            else "of the web process and of the process of PostgreSQL that serves it (“of it SQL server”)"
        )
        return (
            f"Measured on {self.started:%Y-%m-%d} with `{command()}` on {machine()}; Python {platform.python_version()}, "
            f"{engine()}, {self.size:,} advisories{self.made}. Processor time in milliseconds {counted}.{quiet}"
        )

    def _disturbance(self) -> str:
        return (
            f"Other work ran on the machine (load {self.load:.1f} at the start): a fixed piece of work took "
            f"{self.pace.slowness:.1f} times the processor time that it took at best meanwhile, and so did what is measured."
        )

    def _table(self) -> str:
        lines = [
            "| request | number | p50 | p95 | target p95 | of it SQL server p95 | raw SQL p50 | p95 | page : raw SQL | queries |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        return "\n".join(lines + [self._line(cost) for cost in self.costs])

    def _line(self, cost: Cost) -> str:
        pages, raw = [one.total for one in cost.pages], [one.total for one in cost.raw]
        database = share([one.database for one in cost.pages], 0.95) if connection.vendor == "postgresql" else None
        before = self.before.get(cost.kind.name)
        cells = [
            cost.kind.name,
            f"{len(pages)}",
            f"{share(pages, 0.5):.1f}",
            f"{share(pages, 0.95):.1f}",
            f"≤ {cost.kind.target:.0f}",
            "–" if database is None else f"{database:.1f}",
            f"{share(raw, 0.5):.2f}",
            f"{share(raw, 0.95):.2f}",
            f"{cost.ratio:.1f} ×",
            f"{cost.queries}" if before is None else f"{cost.queries} ({before} at {self.some:,})",
        ]
        return f"| {' | '.join(cells)} |"
