"""The measuring, from an empty database to the tables."""

import argparse
import json
import os
import statistics
from contextlib import ExitStack
from pathlib import Path

from django.core.management import call_command
from django.urls import reverse
from tqdm import tqdm

from incidents.publication.models import Advisory
from tests.bench import servers
from tests.bench.api import copy_incidents
from tests.bench.api import measure_lists as measure_api
from tests.bench.clock import Pace
from tests.bench.content import fill, find_page, prepare_demo, prepare_scale
from tests.bench.inside import count_queries, distinct_pages, read_page, visit
from tests.bench.load import Rate, has_wrk, measure
from tests.bench.multiply import count_originals, multiply
from tests.bench.processes import worker_megabytes
from tests.bench.search import count_kinds, measure_search
from tests.bench.search_table import SearchReport
from tests.bench.table import Report, Speed

WARM_UP_SECONDS = 1


def run(folder: Path, options: argparse.Namespace) -> int:
    """Measure everything that is wanted and print the tables. Returns the exit status: 1 where a target was missed."""
    if options.only in (None, "speed") and not has_wrk():
        print("wrk is missing, so nothing can be measured (Debian: apt install wrk nginx-light).")
        return 1
    if not options.filled:
        print("Preparing the database …", flush=True)
        if options.load:
            prepare_scale(options.catalogue, options.load, options.some, folder)
        else:
            prepare_demo()
            fill(options.some)
    if options.only == "api":
        return compare_api(options)
    missed = []
    if options.only != "search":
        missed += tell(measure_speed(folder, options), options)
    if options.only != "speed":
        missed += tell(measure_lists(options), options)
    return 1 if missed else 0


def tell(report: Report | SearchReport, options: argparse.Namespace) -> list[str]:
    """Print a report, and write it where that is wanted. Returns what was missed."""
    print(f"\n{report.as_markdown()}", flush=True)
    if options.write:
        report.write(options.write)
    return list(report.missed)


def compare_api(options: argparse.Namespace) -> int:
    """What a list costs by the API, with few advisories and with many, printed. Returns the exit status."""
    report = Report(options)
    if not options.filled:
        copy_incidents()
    for wanted in filter(None, (options.some, options.many)):
        fill(wanted)
        report.lists[wanted] = measure_api()
    print(f"\n{report.api_table()}\n{'; '.join(report.missed)}")
    return 1 if report.missed else 0


def measure_speed(folder: Path, options: argparse.Namespace) -> Report:
    """How many pages a second, beside the fastest that the machine allows; queries and memory."""
    report = Report(options)
    pages = {"advisory": find_page(), "list": reverse("advisories:list"), "catalogue": catalogue_page()}
    report.speeds = compare(pages, folder, options)
    report.queries[options.some] = count_queries(pages["list"])
    copy_incidents()
    report.lists[options.some] = measure_api()
    if options.pages:
        report.memory = measure_memory(options.pages)
    return report


def measure_lists(options: argparse.Namespace) -> SearchReport:
    """What the list costs in all its forms, with few advisories and with many."""
    before = known_counts(options)
    if not options.filled:
        if options.load:
            call_command("load_scale", options.load)
        print("Copying …", flush=True)
        with tqdm(total=options.many, unit="advisory", disable=None, leave=False) as bar:
            multiply(options.many, bar.update)
    made = f", {count_originals():,} of them published and the others copies of these"
    pace = Pace()
    costs = measure_search(options.requests, pace)
    return SearchReport(options, Advisory.objects.count(), made, costs, pace, options.some, before)


def known_counts(options: argparse.Namespace) -> dict[str, int]:
    """The most queries of each kind with few advisories: counted now, or as an earlier run noted them."""
    notes: Path | None = options.notes
    if options.filled:
        return dict(json.loads(notes.read_text(encoding="utf-8"))) if notes else {}
    before = count_kinds()
    if notes:
        notes.write_text(json.dumps(before), encoding="utf-8")
    return before


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
