"""`make check`: everything that is known about the code without running it."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent

# What a careful operator would set; nothing here is used anywhere else.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "checked-only-5Vq0aZ3mB8kYt1xJr7LdWf2NhPc6GuEsQo9iXe4RbTyMvKjA",
    "ALLOWED_HOSTS": "tocsin.example",
    "SITE_URL": "https://tocsin.example",
    "DATABASE_URL": "sqlite://:memory:",
    "CACHE_URL": "rediscache://127.0.0.1:6379/0",
    "SECURITY_CONTACT": "security@tocsin.example",
}
TESTS = {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}


@dataclass(frozen=True)
class Check:
    """One command and the environment it needs."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def all_checks() -> list[Check]:
    """The checks, the quick ones first."""
    python = sys.executable
    return [
        Check("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        Check("lint", [str(BIN / "ruff"), "check", "--quiet", "."]),
        Check("templates", [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates()]),
        Check("imports", [str(BIN / "lint-imports"), "--no-cache"]),
        Check("settings", [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        Check("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], TESTS),
        Check("types", [str(BIN / "mypy")]),
    ]


def templates() -> list[str]:
    """The HTML templates under version control or about to be."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def run_check(check: Check) -> bool:
    """Run one check; show what it says only when it fails. Returns whether it passed."""
    started = time.monotonic()
    outcome = subprocess.run(
        check.command, cwd=ROOT, env={**os.environ, **check.environment}, text=True, capture_output=True, check=False
    )
    passed = outcome.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'} {check.name} ({time.monotonic() - started:.1f} s)", flush=True)
    if not passed:
        print(f"{outcome.stdout}{outcome.stderr}", flush=True)
    return passed


def run_checks() -> bool:
    """Run them all, even after one failed. Returns whether all passed."""
    outcomes = [run_check(check) for check in all_checks()]
    return all(outcomes)


if __name__ == "__main__":
    sys.exit(0 if run_checks() else 1)
