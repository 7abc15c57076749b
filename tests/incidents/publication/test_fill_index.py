"""The migration that fills the search index: in chunks, going on where it stopped."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from incidents.publication.models import Spelling
from incidents.publication.search import clear_index
from incidents.publication.verify import texts
from tests.factories.corpus import release_document
from tests.incidents.publication.test_search import titles

pytestmark = pytest.mark.django_db
migration = import_module("incidents.migrations.0024_fill_search_index")


def fill() -> None:
    migration.fill(apps, SimpleNamespace(connection=connection))


def execute(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        count: int = cursor.rowcount
        return count


@pytest.mark.parametrize("many", [0, 20_000])
def test_an_empty_index_is_filled_chunk_by_chunk(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(migration, "CHUNK", 2)
    monkeypatch.setattr(migration, "MANY", many)
    for number in range(5):
        release_document(f"Bell {number}")
    clear_index()

    fill()

    assert titles("q=bell") == [f"Bell {number}" for number in (4, 3, 2, 1, 0)]
    assert Spelling.objects.filter(word="bell").exists()
    assert list(texts.find_damage(lambda count: None)) == []


def test_rows_of_an_index_without_dates_are_made_again_and_others_left() -> None:
    for number in range(4):
        release_document(f"Bell {number}", timeline=f"202{number}")
    execute("UPDATE incidents_advisory_text SET known_on = NULL WHERE marks LIKE '%year:2021%'")
    execute("UPDATE incidents_advisory_text SET marks = 'kept' WHERE marks LIKE '%year:2023%'")

    fill()

    assert execute("DELETE FROM incidents_advisory_text WHERE marks = 'kept'") == 1
    assert titles("tag=x&sort=occurred") == []
    assert titles("q=bell&sort=occurred") == ["Bell 2", "Bell 1", "Bell 0"]
