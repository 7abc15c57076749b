import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from portal.settings.databases import database_settings
from tests.run.checks import ROOT


@pytest.fixture
def sqlite(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """A connection to a new SQLite file, set up as the portal does."""
    handler = ConnectionHandler({"default": database_settings(f"sqlite:///{tmp_path / 'new.sqlite3'}", pool=True)})
    connection = handler["default"]
    assert isinstance(connection, DatabaseWrapper)
    with django_db_blocker.unblock():
        yield connection
        connection.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 30_000),
        ("cache_size", -2_000),
    ],
)
def test_sqlite_is_set_up_for_many_readers_and_one_patient_writer(
    sqlite: DatabaseWrapper, pragma: str, value: object
) -> None:
    with sqlite.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        row = cursor.fetchone()

    assert row == (value,)


def test_a_sqlite_transaction_takes_the_write_lock_at_its_start(sqlite: DatabaseWrapper) -> None:
    sqlite.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    other = sqlite3.connect(sqlite.settings_dict["NAME"], timeout=0)

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")

    other.close()
    sqlite.rollback()


def test_a_relative_sqlite_path_counts_from_the_projects_folder() -> None:
    assert database_settings("sqlite:///var/x.sqlite3", pool=True)["NAME"] == str(ROOT / "var" / "x.sqlite3")


def test_postgresql_is_pooled_only_when_asked() -> None:
    url = "postgres://tocsin@127.0.0.1/tocsin"

    assert "pool" in database_settings(url, pool=True)["OPTIONS"]
    assert "pool" not in database_settings(url, pool=False)["OPTIONS"]


@pytest.mark.django_db
def test_postgresql_compiles_no_query_and_lets_no_helpers_work_on_it(sqlite: DatabaseWrapper) -> None:
    if connection.vendor != "postgresql":
        assert "options" not in sqlite.settings_dict["OPTIONS"]
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('max_parallel_workers_per_gather')")
        assert cursor.fetchone() == ("off", "0")


@pytest.mark.parametrize("url", ["", "mysql://u:secret@h/d", "tocsin.sqlite3"])
def test_an_address_of_another_kind_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_settings(url, pool=True)

    assert str(refusal.value) == "DATABASE_URL must begin with one of sqlite://, postgres://, postgresql://."
