"""How far a build is: one small database, in which the state, and whatever writers keep, change in one transaction.

The tables of the SQLite export lie in a database of their own that is attached to it; SQLite commits both or none.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from incidents.representations.api.exporting.packing import Checked

STATE, TABLES = "build.state", "build.tables"


class Written(msgspec.Struct, frozen=True):
    """How much of a file is written, and what its content was."""

    size: int = 0
    checked: Checked = Checked()


class BuildState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a build is: everything that another process needs to go on.

    Attributes:
        until: the place in the sequence that the export ends at.
        head: SHA-256 in the chain of the release there, by which another ledger is noticed.
        made_by: fingerprint of the code that builds.
        formats: which are built.
        after: the place of the last row that is written.
        rows: how many are written.
        files: how much is written, by the ending of the file's name.
    """

    until: int
    head: str
    made_by: str
    formats: tuple[str, ...]
    after: int = 0
    rows: int = 0
    files: dict[str, Written] = {}


class Workshop:
    """The folder in which exports are built.

    Args:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self.connection = self._open()
        except sqlite3.DatabaseError:  # damaged, or not one: what is built is worth less than that it is built
            self._remove()
            self.connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def file(self, ending: str) -> Path:
        """Where the file with this ending is built."""
        return self.folder / f"build.{ending}"

    @property
    def tables(self) -> Path:
        """Where the tables of the SQLite export are."""
        return self.folder / TABLES

    def state(self) -> BuildState | None:
        """How far the build is; None where there is none that can be gone on with."""
        row = self.connection.execute("SELECT state FROM state").fetchone()
        try:
            state = msgspec.json.decode(row[0], type=BuildState) if row else None
        except msgspec.DecodeError:
            return None
        whole = state and all(
            self.file(ending).is_file() and self.file(ending).stat().st_size >= written.size
            for ending, written in state.files.items()
        )
        return state if whole else None

    def remember(self, state: BuildState) -> None:
        """Note how far it is, within a transaction."""
        self.connection.execute(
            "INSERT INTO state VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET state = excluded.state",
            (msgspec.json.encode(state),),
        )

    @contextmanager
    def step(self) -> Iterator[None]:
        """Everything inside is kept, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def clear(self) -> None:
        """Begin from nothing: also where a file was damaged."""
        self.connection.close()
        self._remove()
        self.connection = self._open()

    def _remove(self) -> None:
        for path in self.folder.glob("build.*"):
            path.unlink()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.folder / STATE, isolation_level=None)
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS state (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), state BLOB NOT NULL)"
            )
            connection.execute("ATTACH ? AS export", (str(self.folder / TABLES),))
        except BaseException:
            connection.close()
            raise
        return connection
