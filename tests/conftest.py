"""What every test can rely on."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase

from incidents.audit.append_only import change_triggers
from incidents.publication.models import Ledger

APPEND_ONLY = ("incidents_release", "incidents_auditentry")


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
    with connection.schema_editor() as editor:
        for table in APPEND_ONLY:
            change_triggers(editor, table, present=False)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for table in APPEND_ONLY:
                change_triggers(editor, table, present=True)


@pytest.fixture
def without_triggers() -> Callable[[], object]:
    """A context manager under which append-only rows can be damaged, to see whether damage is found."""
    return lifted_triggers


_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _flush_append_only_tables(case: TransactionTestCase) -> None:
    """Django empties all tables after a test with real transactions; append-only ones need their triggers lifted first."""
    with lifted_triggers():
        _flush(case)
    Ledger.objects.get_or_create(pk=1)


TransactionTestCase._fixture_teardown = _flush_append_only_tables  # type: ignore[attr-defined]
