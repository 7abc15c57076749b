"""`make test`: the checks, then the tests on each database engine, then the journeys in a browser.

It ends by naming everything that was skipped, over all runs together. With REQUIRE_ALL=1 a skip is a failure.
"""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import psycopg

from tests.run.browser import find_chromium
from tests.run.checks import ROOT, run_checks

REPORTS = ROOT / "var" / "reports"
LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    """Run everything. Returns the exit status."""
    require_all = os.environ.get("REQUIRE_ALL") == "1"
    REPORTS.mkdir(parents=True, exist_ok=True)
    failed = [] if run_checks() else ["checks"]
    skipped: list[str] = []
    for run in (run_on_sqlite, run_on_postgres, run_journeys):
        problems, skips = run()
        failed += problems
        skipped += skips
    return summarize(failed=failed, skipped=skipped, require_all=require_all)


def summarize(*, failed: list[str], skipped: list[str], require_all: bool) -> int:
    """Say how it went. Returns the exit status."""
    print("\n" + "─" * 60)
    for line in sorted(set(skipped)):
        print(f"skipped  {line}")
    if not skipped:
        print("Nothing was skipped.")
    for line in failed:
        print(f"FAILED   {line}")
    if failed or (skipped and require_all):
        print("Not good: see above." if failed else "Not good: REQUIRE_ALL=1 allows no skip.")
        return 1
    print("All is well.")
    return 0


def run_on_sqlite() -> tuple[list[str], list[str]]:
    """Every test but the journeys, on SQLite."""
    return run_pytest("sqlite", ["-n", "auto", "-m", "not journey"], {"TEST_DATABASE_URL": "", "DATABASE_URL": ""})


def run_on_postgres() -> tuple[list[str], list[str]]:
    """Every test but the journeys, on PostgreSQL, where one answers."""
    url = os.environ.get("TEST_DATABASE_URL") or LOCAL_POSTGRES
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return [], [f"all tests on PostgreSQL: no server answers at {url.rpartition('@')[2]} (TEST_DATABASE_URL)"]
    return run_pytest("postgresql", ["-n", "auto", "-m", "not journey"], {"TEST_DATABASE_URL": url})


def run_journeys() -> tuple[list[str], list[str]]:
    """The journeys, where Chromium is found."""
    if find_chromium() is None:
        return [], ["browser journeys: Chromium was not found (CHROMIUM=/path/to/chromium)"]
    return run_pytest("journeys", ["-m", "journey"], {"TEST_DATABASE_URL": "", "DATABASE_URL": ""})


def run_pytest(name: str, arguments: list[str], environment: dict[str, str]) -> tuple[list[str], list[str]]:
    """One run of pytest. Returns what failed, and what was skipped with the reason."""
    print(f"\n── tests: {name} " + "─" * 40, flush=True)
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-r", "fE", f"--junitxml={report}", *arguments]
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode
    nothing_collected = 5
    failed = [] if status in (0, nothing_collected) else [f"tests: {name}"]
    return failed, read_skips(report, name)


def read_skips(report: Path, name: str) -> list[str]:
    """One line a skipped test in a report: where and why."""
    if not report.exists():
        return [f"{name}: no report was written"]
    lines = []
    for case in ET.parse(report).iter("testcase"):
        skip = case.find("skipped")
        if skip is not None and skip.get("type") != "pytest.xfail":
            lines.append(f"{name}: {case.get('classname')}.{case.get('name')}: {skip.get('message')}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
