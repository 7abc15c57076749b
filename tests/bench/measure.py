"""The measuring, from an empty database to the tables."""

import argparse
import os
import statistics
from contextlib import ExitStack
from pathlib import Path

from django.urls import reverse

from tests.bench import servers
from tests.bench.api import copy_incidents, measure_lists
from tests.bench.content import fill, find_page, prepare_demo
from tests.bench.inside import count_queries, distinct_pages, read_page, visit
from tests.bench.load import Rate, has_wrk, measure
from tests.bench.processes import worker_megabytes
from tests.bench.table import Report, Speed

WARM_UP_SECONDS = 1


def run(folder: Path, options: argparse.Namespace) -> int:
    """Measure everything and print the tables. Returns the exit status: 1 where a target was missed."""
    if not has_wrk():
        print("wrk is missing, so nothing can be measured (Debian: apt install wrk nginx-light).")
        return 1
    report = Report(options)
    print("Preparing the database …", flush=True)
    prepare_demo()
    pages = {"advisory": find_page(), "list": reverse("advisories:list"), "catalogue": catalogue_page()}
    fill(options.some)
    report.speeds = compare(pages, folder, options)
    report.queries[options.some] = count_queries(pages["list"])
    copy_incidents()
    report.lists[options.some] = measure_lists()
    if options.many:
        fill(options.many)
        report.queries[options.many] = count_queries(pages["list"])
        report.lists[options.many] = measure_lists()
    if options.pages:
        report.memory = measure_memory(options.pages)
    print(f"\n{report.as_markdown()}")
    if options.write:
        report.write(options.write)
    return 1 if report.missed else 0


def catalogue_page() -> str:
    """A page of the catalogue that many advisories stand on."""
    return reverse("techniques:detail", args=["attack", "T1566"])


def compare(pages: dict[str, str], folder: Path, options: argparse.Namespace) -> list[Speed]:
    """How often each page is served in a second, by everybody who can."""
    files = folder / "files"
    files.mkdir()
    with ExitStack() as running:
        fast = running.enter_context(servers.portal(fast_lane=True))
        slow = running.enter_context(servers.portal(fast_lane=False))
        for name, path in pages.items():
            (files / f"{name}.html").write_bytes(read_page(fast[0], path))
        bare = running.enter_context(servers.bare(files))
        nginx = running.enter_context(servers.nginx(files, folder))
        speeds = []
        for name, path in pages.items():
            served = {"lane": (fast, path), "bare": (bare, f"/{name}.html"), "django": (slow, path)}
            if nginx is not None:
                served["nginx"] = (nginx, f"/{name}.html")
            size = (files / f"{name}.html").stat().st_size
            speeds.append(Speed(name, path, size, medians(served, options)))
    return speeds


def medians(served: dict[str, tuple[tuple[int, int], str]], options: argparse.Namespace) -> dict[str, Rate]:
    """The median of some rounds for each server; they take turns, so that a busy moment disturbs all alike.

    Args:
        served: port, process id and path by the name of the server.
        options: how many rounds of how many seconds.
    """
    seen: dict[str, list[Rate]] = {name: [] for name in served}
    for (port, pid), path in served.values():
        measure(f"http://127.0.0.1:{port}{path}", server=pid, seconds=WARM_UP_SECONDS)
    for _ in range(options.rounds):
        for name, ((port, pid), path) in served.items():
            rate = measure(f"http://127.0.0.1:{port}{path}", server=pid, seconds=options.seconds)
            seen[name].append(rate)
            print(
                f"  {name:7}{rate.per_second:8,.0f}/s{rate.cpu_us:8,.0f} µs  {path}  (load {os.getloadavg()[0]:.1f})",
                flush=True,
            )
    return {name: statistics.median_low(rates) for name, rates in seen.items()}


def measure_memory(pages: int) -> tuple[float, float, int]:
    """The memory of a worker, in MB: fresh, and after so many different pages; and how many they were."""
    with servers.portal(fast_lane=True) as (port, pid):
        visit(port, ["/about/"])
        before = worker_megabytes(pid)
        paths = distinct_pages(pages)
        visit(port, paths)
        return before, worker_megabytes(pid), len(set(paths))
