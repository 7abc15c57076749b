"""The figures as Markdown, and what was missed."""

import argparse
import datetime as dt
import os
import platform
import re
import sqlite3
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from django.db import connection

from tests.bench.api import ROWS, Cost
from tests.bench.load import CONNECTIONS, Rate

TARGETS = {
    ("advisory", "bare"): 0.6,
    ("advisory", "nginx"): 0.25,
    ("advisory", "django"): 25.0,
    ("list", "bare"): 0.5,
}
API_TARGETS = {"prefetched": 12.0, "naive": 50.0}
API_NAMES = {
    "kept": "`/api/v1/advisories/`, kept by the lane",
    "api": "`/api/v1/advisories/`, kept by nobody",
    "changes": "`/api/v1/changes/`, kept by nobody",
    "prefetched": "Django REST framework with everything prefetched",
    "naive": "Django REST framework without",
}
MOST_QUERIES = 12
MOST_MEGABYTES = 150
QUIET_LOAD = 0.7
PRIVATE = {"--database", "--notes", "--load"}
"""Options whose values are addresses, perhaps with a password, or paths."""

SERVERS = {
    "lane": "Tocsin",
    "bare": "bare WSGI application on granian, same bytes",
    "nginx": "nginx, same bytes as a file",
    "django": "same page through Django, FAST_LANE=false",
}


@dataclass(frozen=True)
class Speed:
    """How fast one page was served by each server."""

    name: str
    path: str
    size: int
    rates: dict[str, Rate]

    def ratio(self, server: str) -> float:
        """How many times as fast as another server Tocsin was."""
        return self.rates["lane"].per_second / self.rates[server].per_second

    def processor_ratio(self, server: str) -> float:
        """The same, if processor time alone counted."""
        return self.rates[server].cpu_us / self.rates["lane"].cpu_us


@dataclass
class Report:
    """Everything that was measured in one run.

    Attributes:
        queries: queries of a list page that nobody has kept, by the number of advisories.
        lists: costs of a list by the API and by Django REST framework, by the number of advisories and by name.
        memory: of a worker in MB, fresh and after the pages; and how many pages.
    """

    options: argparse.Namespace
    speeds: list[Speed] = field(default_factory=list)
    queries: dict[int, int] = field(default_factory=dict)
    lists: dict[int, dict[str, Cost]] = field(default_factory=dict)
    memory: tuple[float, float, int] | None = None
    missed: list[str] = field(default_factory=list)
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    def as_markdown(self) -> str:
        """The tables."""
        self.missed = []
        blocks = [self._circumstances(), self._speed_table(), self._ratio_table(), self.api_table()]
        blocks.append(self._inside_table())
        verdict = "Every target was met." if not self.missed else f"Missed: {'; '.join(self.missed)}."
        return "\n\n".join([*blocks, verdict])

    def write(self, path: Path) -> None:
        """Put the tables between their two marks in a file."""
        write_between(path, "measured", self.as_markdown())

    def _circumstances(self) -> str:
        quiet = "" if self.load < QUIET_LOAD else f" Other work ran on the machine (load {self.load:.1f} at the start)."
        rounds, seconds = self.options.rounds, self.options.seconds
        return (
            f"Measured on {self.started:%Y-%m-%d} with `{command()}` on {machine()}; Python {platform.python_version()}, "
            f"{engine()}, {self.options.some:,} advisories. One worker process on one core, wrk with {CONNECTIONS} "
            f"connections on another; median of {rounds} runs of {seconds} s each, taken in turns.{quiet}"
        )

    def _speed_table(self) -> str:
        lines = [
            "| page | served by | requests/s | p50 | p99 | processor time each |",
            "| --- | --- | ---: | ---: | ---: | ---: |",
        ]
        for speed in self.speeds:
            page = f"{speed.name}, {speed.size / 1000:.1f} kB"
            for server, name in SERVERS.items():
                rate = speed.rates.get(server)
                figures = ["not installed", "", "", ""]
                if rate is not None:
                    times = f"{rate.half_ms:.1f} ms", f"{rate.most_ms:.1f} ms", f"{rate.cpu_us:,.0f} µs"
                    figures = [f"{rate.per_second:,.0f}", *times]
                lines.append(f"| {page} | {name} | {' | '.join(figures)} |")
        return "\n".join(lines)

    def _ratio_table(self) -> str:
        lines = [
            "| page | compared with | Tocsin serves | target | by processor time |",
            "| --- | --- | ---: | ---: | ---: |",
        ]
        for speed in self.speeds:
            for server in [name for name in SERVERS if name != "lane" and name in speed.rates]:
                ratio, target = speed.ratio(server), TARGETS.get((speed.name, server))
                if target is not None and ratio < target:
                    self.missed.append(f"{speed.name} is {ratio:.2f} × {server}, not {target}")
                wanted, by_processor = f"≥ {target} ×" if target else "–", speed.processor_ratio(server)
                lines.append(f"| {speed.name} | {SERVERS[server]} | {ratio:.2f} × | {wanted} | {by_processor:.2f} × |")
        return "\n".join(lines)

    def api_table(self) -> str:
        """What a list costs by the API, beside Django REST framework."""
        lines = [
            f"| {ROWS} whole advisories | of | size | queries | processor time | Tocsin, kept by nobody, takes | target |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for advisories, costs in self.lists.items():
            for name, cost in costs.items():
                ratio, target = cost.milliseconds / costs["api"].milliseconds, API_TARGETS.get(name)
                if target is not None and ratio < target:
                    self.missed.append(f"the list of the API is {ratio:.1f} × {name} at {advisories:,}, not {target:g}")
                wanted = f"1/{target:g} or less" if target else "–"
                less = f"1/{ratio:.1f}" if target else "–"
                lines.append(
                    f"| {API_NAMES[name]} | {advisories:,} | {cost.size / 1000:,.0f} kB | {cost.queries} "
                    f"| {cost.milliseconds:,.2f} ms | {less} | {wanted} |"
                )
        return "\n".join(lines)

    def _inside_table(self) -> str:
        lines = ["| inside | measured | target |", "| --- | ---: | ---: |"]
        for size, count in self.queries.items():
            lines.append(
                f"| queries of the list page when nobody has kept it, {size:,} advisories | {count} | ≤ {MOST_QUERIES} |"
            )
        if max(self.queries.values()) > MOST_QUERIES or len(set(self.queries.values())) > 1:
            self.missed.append("queries of the list page")
        if self.memory is not None:
            fresh, full, pages = self.memory
            lines.append(f"| memory of a fresh worker | {fresh:.0f} MB | – |")
            lines.append(
                f"| memory of a worker after {pages:,} distinct pages | {full:.0f} MB | ≤ {MOST_MEGABYTES} MB |"
            )
            if full > MOST_MEGABYTES:
                self.missed.append("memory of a worker")
        return "\n".join(lines)


def write_between(path: Path, name: str, said: str) -> None:
    """Put a text between the two marks of this name in a file."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = path.read_text(encoding="utf-8")
    between = f"{begin}\n\n{said}\n\n{end}"
    path.write_text(re.sub(f"{begin}.*{end}", lambda _: between, text, flags=re.DOTALL), encoding="utf-8")


def command() -> str:
    """How this run was started, without what is said of this machine alone."""
    said = ("…" if before in PRIVATE else word for before, word in pairwise(sys.argv))
    return " ".join(["make bench" if len(sys.argv) == 1 else "python -m tests.bench", *said])


def machine() -> str:
    """The machine, as far as it says."""
    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", text)
    return f"{os.cpu_count()} cores of {model[1] if model else platform.processor() or 'an unnamed processor'}"


def engine() -> str:
    """The database and its version."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {'.'.join(str(part) for part in connection.get_database_version())}"
