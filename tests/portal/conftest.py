"""A database whose commits are real, and the fast lane in front of Django, in this process."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from portal.fastlane import FastLane


@pytest.fixture(scope="session")
def migrated_database(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated, otherwise empty database that is there to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    with new_database(folder / "migrated.sqlite3") as name:
        with django_db_blocker.unblock(), using(name):
            call_command("migrate", verbosity=0)
        yield name


@pytest.fixture
def own_database(migrated_database: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database that Django uses during the test.

    Commits are real there: other connections and other processes see them.
    """
    path = tmp_path / "own.sqlite3"
    with new_database(path, copy_of=migrated_database) as name, django_db_blocker.unblock(), using(name):
        yield f"sqlite:///{path}" if connection.vendor == "sqlite" else f"{postgres_server()}/{name}"


@contextmanager
def new_database(path: Path, *, copy_of: str = "template0") -> Iterator[str]:
    """The name of a database that is gone afterwards; on SQLite it is the path given."""
    if connection.vendor == "sqlite":
        if copy_of != "template0":
            shutil.copy(copy_of, path)
        yield str(path)
        return
    name = f"lane_{secrets.token_hex(6)}"
    with psycopg.connect(f"{postgres_server()}/postgres", autocommit=True) as admin:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(copy_of)))
        try:
            yield name
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def postgres_server() -> str:
    """The address of the server, without a database."""
    settings = connection.settings_dict
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    return f"postgres://{settings['USER']}{password}@{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}"


@contextmanager
def using(name: str) -> Iterator[None]:
    """Django uses the database of this name."""
    original, kept = connection.settings_dict["NAME"], connection.connection
    if kept is not None and connection.vendor == "postgresql":
        connection.close()
        kept = None
    connection.connection = None
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        connection.connection = kept


@pytest.fixture
def lane(own_database: str) -> Iterator[FastLane]:
    """The fast lane in front of Django."""
    lane = FastLane(WSGIHandler())
    yield lane
    lane.stored.close()


@pytest.fixture
def server_environment(own_database: str) -> dict[str, str]:
    """The environment of a process that works on the same database as this one."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": own_database,
        "TEST_DATABASE_URL": "",
        "PYTHONWARNINGS": "ignore",
    }
