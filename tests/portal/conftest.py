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

from incidents.publication.models import Ledger
from portal.fastlane import FastLane

FILLED_BY_MIGRATIONS = {
    *("auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations"),
    "incidents_ledger",
}


@pytest.fixture(scope="session")
def migrated_database(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated, otherwise empty database beside the one of the other tests."""
    with new_database(tmp_path_factory.mktemp("migrated")) as name:
        with django_db_blocker.unblock(), using(name):
            call_command("migrate", verbosity=0)
        yield name


@pytest.fixture
def own_database(migrated_database: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database that Django uses during the test.

    Commits are real there: other connections and other processes see them.
    """
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            path = shutil.copy(migrated_database, tmp_path / "own.sqlite3")
            with using(str(path)):
                yield f"sqlite:///{path}"
            return
        with using(migrated_database):
            empty_tables()
            yield f"{postgres_server()}/{migrated_database}"


@contextmanager
def new_database(folder: Path) -> Iterator[str]:
    """The name of an empty database that is gone afterwards; on SQLite a file in the folder."""
    if connection.vendor == "sqlite":
        yield str(folder / "migrated.sqlite3")
        return
    name = f"lane_{secrets.token_hex(6)}"
    with psycopg.connect(f"{postgres_server()}/postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_tables() -> None:
    """Leave in PostgreSQL only what the migrations put there; much quicker there than a copy for each test."""
    tables = set(connection.introspection.table_names()) - FILLED_BY_MIGRATIONS
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in sorted(tables):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        cursor.execute("SET session_replication_role = DEFAULT")
    Ledger.objects.update(last_sequence=0, last_sha256="", last_released_at=None)


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
