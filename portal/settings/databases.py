"""From a database address to Django's settings for it, on both engines."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SQLITE_START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -2000;
"""
POSTGRESQL_START = "-c jit=off -c max_parallel_workers_per_gather=0"
"""Compiling a query, and starting helpers for it, takes longer than any of ours; many are asked at once instead."""

SCHEMES = ("sqlite://", "postgres://", "postgresql://")
SQLITE_WAIT_SECONDS = 30


def database_settings(url: str, *, pool: bool) -> dict[str, Any]:
    """Settings for the database at `url`, such as `sqlite:///var/tocsin.sqlite3` or `postgres://user@host/name`.

    A relative SQLite path counts from the project's folder. SQLite writes take their lock at the start
    (`BEGIN IMMEDIATE`), wait for each other and never block readers.

    Args:
        url: the address; a query string sets further options of the engine.
        pool: whether PostgreSQL connections are kept and shared within a process.

    Raises:
        ImproperlyConfigured: the address is that of another engine, or none.
    """
    if not url.startswith(SCHEMES):
        raise ImproperlyConfigured(f"DATABASE_URL must begin with one of {', '.join(SCHEMES)}.")
    settings = environ.Env.db_url_config(url)
    options = settings.setdefault("OPTIONS", {})
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        if settings["NAME"] != ":memory:":
            settings["NAME"] = str(BASE_DIR / settings["NAME"])
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", SQLITE_WAIT_SECONDS)
        options.setdefault("init_command", SQLITE_START)
        settings.setdefault("CONN_MAX_AGE", None)  # opening the file anew takes longer than most pages
        return dict(settings)
    options.setdefault("options", POSTGRESQL_START)
    if pool:
        options.setdefault("pool", {"min_size": 1, "max_size": 10, "timeout": 10})
    return dict(settings)
