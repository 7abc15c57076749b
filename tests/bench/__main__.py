"""`make bench`: an empty database in a folder for the time being, then the measuring."""

import argparse
import os
import secrets
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django


def main() -> int:
    """Measure. Returns the exit status."""
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="portal.settings.dev",
            SECRET_KEY=secrets.token_urlsafe(50),
            DATABASE_URL=options.database or f"sqlite:///{folder}/bench.sqlite3",
        )
        django.setup()
        status: int = import_module("tests.bench.measure").run(Path(folder), options)
    return status


def read_options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure how fast pages are served.")
    parser.add_argument(
        "--database", default="", help="Address of an empty database; else SQLite in a temporary folder."
    )
    parser.add_argument("--only", choices=("speed", "search", "api"), help="Measure one part alone.")
    parser.add_argument(
        "--filled", action="store_true", help="The database is that of an earlier run: measure it as it stands."
    )
    parser.add_argument(
        "--notes",
        type=Path,
        help="A file in which a run notes the queries with few advisories, and where one with --filled finds them.",
    )
    parser.add_argument("--load", type=Path, help="A file for load_scale, from which the advisories to copy come.")
    parser.add_argument(
        "--catalogue",
        type=_catalogue,
        action="append",
        default=[],
        metavar="KIND=FILE",
        help="A catalogue to import before --load, such as attack=enterprise-attack.json.gz; may be repeated.",
    )
    parser.add_argument("--requests", type=int, default=60, help="Requests of each kind (default 60).")
    parser.add_argument("--seconds", type=int, default=6, help="Length of each measurement (default 6).")
    parser.add_argument(
        "--rounds", type=int, default=3, help="Measurements of each server; the median counts (default 3)."
    )
    parser.add_argument("--some", type=int, default=1_000, help="Advisories at first (default 1000).")
    parser.add_argument(
        "--many",
        type=int,
        default=100_000,
        help="Advisories, copies among them, for the part “search” (default 100000).",
    )
    parser.add_argument(
        "--pages", type=int, default=10_000, help="Distinct pages for the memory of a worker; 0 skips it."
    )
    parser.add_argument("--write", type=Path, help="Put the tables into this file, between its two marks.")
    return parser.parse_args()


def _catalogue(text: str) -> tuple[str, Path]:
    kind, _, path = text.partition("=")
    return kind, Path(path)


if __name__ == "__main__":
    sys.exit(main())
