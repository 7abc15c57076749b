"""What every test can rely on."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

from incidents.audit.append_only import triggers
from incidents.publication import registry
from incidents.publication.document import AdvisoryDocument
from incidents.publication.models import Ledger
from incidents.publication.registry import Format
from incidents.publication.search import clear_index
from incidents.record.models import Incident
from incidents.representations.api.live import events

ROOT = Path(__file__).parent.parent
APPEND_ONLY = ("incidents_release", "incidents_auditentry")


@pytest.fixture(autouse=True)
def forget_what_is_kept() -> None:
    """What is kept with an edition is forgotten between tests, whose editions have the same numbers."""
    cache.clear()


@pytest.fixture(autouse=True)
def let_streams_end_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of events that is asked for in this process tells what there is and ends, and says the same each time."""
    monkeypatch.setattr(events, "LONGEST_SECONDS", 0.0)
    monkeypatch.setattr(events, "RETRY_MS", (1000, 1000))


@pytest.fixture
def test_data() -> Path:
    """The folder of real public data; tests that need it are skipped where there is none."""
    folder = Path(os.environ.get("TEST_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"No real data in {folder}; set TEST_DATA to the folder that holds it.")
    return folder


@contextmanager
def lifted_triggers() -> Iterator[None]:
    """Take away the triggers that refuse changes, as only a database administrator could."""
    _set_triggers(present=False)
    try:
        yield
    finally:
        _set_triggers(present=True)


def _set_triggers(*, present: bool) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET session_replication_role = {'DEFAULT' if present else 'replica'}")
            return
        for table in APPEND_ONLY:
            for statement in triggers(connection.vendor, table, present=present):
                cursor.execute(statement)


@pytest.fixture
def without_triggers() -> Callable[[], object]:
    """A context manager under which append-only rows can be damaged, to see whether damage is found."""
    return lifted_triggers


@pytest.fixture
def break_building(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Call it with a fault, and every release is fit but cannot be built; or only that of the incident given besides."""

    def break_it(fault: Exception, incident: Incident | None = None) -> None:
        def build(document: AdvisoryDocument, base_url: str) -> bytes:
            if incident is None or document.id == incident.public_id:
                raise fault
            return b""

        broken = Format("broken", ".broken", "text/plain", "Broken", build, ())
        monkeypatch.setitem(registry._formats, "broken", broken)
        monkeypatch.setitem(registry._builds, "broken", "0")

    return break_it


_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _flush_append_only_tables(case: TransactionTestCase) -> None:
    """Django empties all tables after a test with real transactions: lift the triggers of append-only ones for that, empty
    the search index, which is no model of Django's, and put back what the migrations had put there."""
    with lifted_triggers():
        _flush(case)
    clear_index()
    Ledger.objects.get_or_create(pk=1)
    import_module("incidents.migrations.0004_editor_groups").create_groups(apps, None)
    import_module("incidents.migrations.0016_editors_write_date_claims").let_groups_write(apps, None)
    import_module("incidents.migrations.0022_editors_write_translations").let_groups_write(apps, None)
    import_module("incidents.migrations.0027_partner_managers").create_group(apps, None)
    import_module("incidents.migrations.0029_editors_read_submissions").let_groups_read(apps, None)


TransactionTestCase._fixture_teardown = _flush_append_only_tables  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def scratch_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated database of its own, on the engine under test, for tests that start other processes."""
    with making_database(tmp_path_factory.mktemp("scratch")) as url:
        yield url


@contextmanager
def making_database(folder: Path) -> Iterator[str]:
    """A migrated database of its own, on the engine under test; on SQLite in a folder."""
    if connection.vendor == "sqlite":
        url = f"sqlite:///{folder / 'scratch.sqlite3'}"
        manage("migrate", "--verbosity", "0", database=url)
        yield url
        return
    settings, name = connection.settings_dict, f"scratch_{secrets.token_hex(6)}"
    server = f"{settings['USER']}@{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}"
    with psycopg.connect(f"postgres://{server}/postgres", autocommit=True, password=settings["PASSWORD"]) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
            url = f"postgres://{server.replace('@', password + '@')}/{name}"
            manage("migrate", "--verbosity", "0", database=url)
            yield url
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def manage(*arguments: str, database: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a management command in a process of its own on a database."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *arguments],
        env={
            **os.environ,
            "DATABASE_URL": database,
            "TEST_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=check,
    )
