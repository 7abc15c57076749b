"""Inserting many rows at once, where their keys need not be known: `COPY` on PostgreSQL, one prepared statement on SQLite.

Constraints and triggers of the database hold as ever; what Django does for each row is done once for each column.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.utils import timezone


def insert_objects(objects: Sequence[models.Model]) -> None:
    """Insert unsaved objects of one model; they are not told their primary keys. Runs in the caller's transaction."""
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    read = attrgetter(*(field.attname for field in fields))
    prepare = [_preparation(field) for field in fields]
    values = (read(one) for one in objects)
    rows = ([step(value) for step, value in zip(prepare, row, strict=True)] for row in values)
    insert_rows(model, [str(field.column) for field in fields], rows)


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values, as the database takes them. Runs in the caller's transaction."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    database: Any = connection
    with database.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608


def count_rows_anew() -> None:
    """Let PostgreSQL see how many rows there are now: it plans queries by what it counted last, and may not count on its own.

    SQLite plans without counting.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _preparation(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """How values of a field become what the database takes."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = field.get_db_prep_save(timezone.now(), connection)
        return lambda value: now
    if isinstance(field, models.CharField | models.TextField) and not field.null:
        return str  # also of enumerations and partial dates, which drivers would take for something else
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return lambda value: value
    if connection.vendor == "postgresql" and isinstance(field, models.DateTimeField | models.BooleanField):
        return lambda value: value
    return lambda value: field.get_db_prep_save(value, connection)
