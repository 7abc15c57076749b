"""Rows that are written once: refused by the model here and by a trigger in both database engines."""

from typing import Any, NoReturn, TypeVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class AppendOnlyError(Exception):
    """An append-only row was about to be changed or deleted."""


RowT_co = TypeVar("RowT_co", bound="AppendOnlyModel", covariant=True)


class AppendOnlyQuerySet(models.QuerySet[RowT_co]):
    """A queryset that reads and inserts, and refuses the rest."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted.")


class AppendOnlyModel(models.Model):
    """A model whose rows are inserted and read, never changed or deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row.

        Raises:
            AppendOnlyError: the row exists already.
        """
        if self.pk is not None and not self._state.adding:
            raise AppendOnlyError(f"{self} is written already and never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(f"{self} is never deleted.")


def refuse_changes(table: str) -> migrations.RunPython:
    """A migration operation that lets the database itself refuse UPDATE and DELETE on `table`, with a way back."""

    def forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in triggers(editor.connection.vendor, table, present=True):
            editor.execute(statement)

    def backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in triggers(editor.connection.vendor, table, present=False):
            editor.execute(statement)

    return migrations.RunPython(forwards, backwards)


def triggers(vendor: str, table: str, *, present: bool) -> list[str]:
    """The SQL that creates (`present`) or drops the triggers that refuse changes of `table` in this kind of database."""
    return [statement.format(table=table) for statement in (_CREATE if present else _DROP)[vendor]]


def refuse_replacing(table: str, *keys: tuple[str, ...]) -> migrations.RunPython:
    """A migration operation that lets SQLite refuse a row of `table` of which one of the unique `keys` is taken already.

    Without it `INSERT OR REPLACE` takes the old row away, and SQLite does not ask the trigger on DELETE. PostgreSQL has no
    such statement: its `ON CONFLICT DO UPDATE` is an UPDATE to the triggers.
    """

    def forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            same = [" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys]
            taken = " OR ".join(_IS_TAKEN.format(table=table, same=one) for one in same)
            editor.execute(_REFUSE_TAKEN.format(table=table, taken=taken))

    def backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {table}_no_replace")

    return migrations.RunPython(forwards, backwards)


_IS_TAKEN = "EXISTS (SELECT 1 FROM {table} WHERE {same})"
_REFUSE_TAKEN = (
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
_CREATE = {
    "sqlite": (
        "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ),
}
_DROP = {
    "sqlite": ("DROP TRIGGER {table}_no_update", "DROP TRIGGER {table}_no_delete"),
    "postgresql": (
        "DROP TRIGGER {table}_no_truncate ON {table}",
        "DROP TRIGGER {table}_append_only ON {table}",
        "DROP FUNCTION {table}_refuse()",
    ),
}
