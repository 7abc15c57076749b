"""One kind of row while a file is being stored: what is there, what the file says, what became of each."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from django.db import models

from incidents.catalogue.importing.entries import Remark
from incidents.catalogue.importing.outcome import Tally

BATCH = 200


class Dated(Protocol):
    """What an entry of any kind has."""

    @property
    def revised_at(self) -> datetime | None:
        """When its framework last revised it."""


RowT = TypeVar("RowT", bound=models.Model)
DatedT = TypeVar("DatedT", bound=Dated)


class Shelf(Generic[RowT]):
    """The rows of one kind, by key.

    Attributes:
        rows: every row there is, those just created included.
        writable: keys of the rows the file has the last word on.
    """

    def __init__(self, model: type[RowT], rows: Mapping[str, RowT], *, fill_only: bool) -> None:
        """Begin with the rows there are; with `fill_only`, rows that exist stay as they are."""
        self.model = model
        self.rows: dict[str, RowT] = dict(rows)
        self.fill_only = fill_only
        self.writable: set[str] = set()
        self.remarks: list[Remark] = []
        self._named: set[str] = set()
        self._created: set[str] = set()
        self._newer: set[str] = set()
        self._changes: dict[str, dict[str, list[Any]]] = {}
        self._absent = 0

    def place(
        self,
        entries: Iterable[DatedT],
        *,
        key: Callable[[DatedT], str],
        values: Callable[[DatedT, RowT | None], dict[str, Any]],
        shared: Collection[str] = (),
    ) -> None:
        """Create the rows that are missing and note what differs in the others.

        Args:
            entries: what the file says.
            key: an entry's key.
            values: field values an entry asks for, given the row there is.
            shared: fields that are written even where the catalogue holds a newer revision than the file.
        """
        fresh = []
        for entry in entries:
            name, row = key(entry), self.rows.get(key(entry))
            self._named.add(name)
            wanted = values(entry, row)
            if row is None:
                self.rows[name] = row = self.model(**wanted)
                fresh.append(row)
                self._created.add(name)
                self.writable.add(name)
            elif not self.fill_only:
                self._revise(name, row, wanted, entry.revised_at, shared)
        self.model._default_manager.bulk_create(fresh, batch_size=BATCH)

    def link(self, key: str, attribute: str, target: models.Model | None) -> None:
        """Point a row's foreign key at another row, or at none, if the file has the last word on it."""
        row = self.rows[key]
        if key not in self.writable or getattr(row, f"{attribute}_id") == (target and target.pk):
            return
        before = getattr(row, attribute)
        setattr(row, attribute, target)
        self.note(key, attribute, before and str(before), target and str(target))

    def note(self, key: str, field: str, before: Any, after: Any) -> None:
        """Remember that a field of a row changes."""
        self._changes.setdefault(key, {})[field] = [before, after]

    def save(self, *, elsewhere: Collection[str] = ()) -> None:
        """Write every noted change, except to fields that live `elsewhere`, such as many-to-many relations."""
        fields = {field for changes in self._changes.values() for field in changes} - set(elsewhere)
        changed = [self.rows[key] for key, changes in self._changes.items() if changes.keys() - set(elsewhere)]
        if changed:
            self.model._default_manager.bulk_update(changed, sorted(fields), batch_size=BATCH)

    def report_absent(self, keys: Iterable[str]) -> None:
        """Remark on rows that an earlier file brought and this one does not have; they stay."""
        for key in sorted(set(keys) - self._named):
            self._absent += 1
            self._remark("absent from the file", key, "an earlier file brought it; it stays")

    def tally(self) -> Tally:
        """What became of the rows; remarks on each are added."""
        for key in sorted(self._created):
            self._remark("created", key, "")
        changed = sorted(self._changes.keys() - self._created)
        for key in changed:
            self._remark("changed", key, msgspec.json.encode(self._changes[key]).decode())
        newer = self._newer - set(changed)
        return Tally(
            created=len(self._created),
            changed=len(changed),
            unchanged=len(self._named) - len(self._created) - len(changed) - len(newer),
            newer=len(newer),
            absent=self._absent,
        )

    def _revise(
        self, key: str, row: RowT, wanted: dict[str, Any], revised_at: datetime | None, shared: Collection[str]
    ) -> None:
        ours: datetime | None = getattr(row, "revised_at")  # noqa: B009  not every model has it
        different = {field: value for field, value in wanted.items() if getattr(row, field) != value}
        if ours and revised_at and revised_at < ours:
            if different.keys() - set(shared) - {"revised_at"}:
                self._newer.add(key)
                self._remark(
                    "newer in the catalogue", key, f"ours is of {ours:%Y-%m-%d}, the file's of {revised_at:%Y-%m-%d}"
                )
            different = {field: value for field, value in different.items() if field in shared}
        else:
            self.writable.add(key)
        for field, value in different.items():
            self.note(key, field, getattr(row, field), value)
            setattr(row, field, value)

    def _remark(self, topic: str, key: str, why: str) -> None:
        self.remarks.append(Remark(topic, key, str(getattr(self.rows[key], "name", "")), why))
