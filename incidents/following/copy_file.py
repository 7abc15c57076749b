"""The copy: one SQLite file with every release a portal told, what became of each advisory, and where to go on.

A page and the cursor after it are one transaction, flushed to the disk. A kill at any moment leaves the page and its cursor, or
the ones before.
"""

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

from incidents.following.faults import UnusableFile, WrongAnswer
from incidents.following.remote import EXPORTED, Page, Told

APPLICATION_ID = 0x546F6373
"""“Tocs”, in the header of the file: tells a copy from other SQLite files."""
VERSION = 2
_WITHOUT_KEYS = 1
"""The version before, in which no copy was made with a key."""
_TAKE_IN_KEYS = ("ALTER TABLE copy ADD COLUMN has_key INTEGER NOT NULL DEFAULT 0", f"PRAGMA user_version = {VERSION}")
WAIT_SECONDS = 30.0
SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
CREATE TABLE copy (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    portal TEXT NOT NULL,
    cursor TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    is_at_end INTEGER NOT NULL,
    has_key INTEGER NOT NULL
);
CREATE TABLE releases (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    significance TEXT NOT NULL,
    reason TEXT NOT NULL,
    released_at TEXT NOT NULL,
    tlp TEXT NOT NULL,
    changed TEXT NOT NULL,
    merged_into TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    document BLOB NOT NULL,
    CONSTRAINT a_release_is_told_once UNIQUE (id, number)
);
CREATE TABLE advisories (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('current', 'withdrawn', 'merged')),
    merged_into TEXT NOT NULL,
    FOREIGN KEY (id, number) REFERENCES releases (id, number)
);
"""
_WITHOUT_KEY = "this copy was made with a key, and would miss what only it is told: give the key."
_WITH_KEY = "this copy was made without a key, and lacks what is told with one: begin a copy in another file."
_HEADER = b"SQLite format 3\0"
_STANDINGS = {"withdrawn": "withdrawn", "merged": "merged"}
_TOLD = ("event", "id", "number", "kind", "significance", "reason", "released_at", "tlp", "merged_into", "sha256")
_ADD_RELEASE = (
    f"INSERT INTO releases ({', '.join(_TOLD)}, changed, document) VALUES ({', '.join('?' * (len(_TOLD) + 2))})"  # noqa: S608
)
_SET_ADVISORY = (
    "INSERT INTO advisories (id, number, standing, merged_into) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
    "number = excluded.number, standing = excluded.standing, merged_into = excluded.merged_into "
    "WHERE excluded.number > number"
)


class Stored(NamedTuple):
    """A release of the copy: where it stands, what was told about it, and the SHA-256 of the bytes that lie there now."""

    place: int
    told: Told
    sha256: str


class CopyFile:
    """The copy of a portal in a file, which is made if it is not there.

    Args:
        path: of the file.
        portal: the address by which the portal calls itself.
        has_key: whether it is asked with a key.
        must_exist: whether there has to be a copy already.

    Raises:
        UnusableFile: the file is no copy, one of another portal or of what is told with a key and there is none, or cannot be
            opened.
    """

    def __init__(self, path: Path, *, portal: str, has_key: bool = False, must_exist: bool = False) -> None:
        self.path = path
        if must_exist and not path.is_file():
            raise UnusableFile(f"{path}: there is no such file.")
        if path.is_file() and path.stat().st_size and not _has_sqlite_header(path):
            raise UnusableFile(f"{path}: this file is no copy of a portal, and is left as it is.")
        try:
            self.connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        except sqlite3.Error as error:
            raise UnusableFile(f"{path}: cannot be opened ({error}).") from None
        try:
            with self._file_faults():
                self._prepare(portal, has_key=has_key)
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    @property
    def cursor(self) -> str:
        """Where to go on; empty in a copy that holds nothing yet."""
        return str(self._one("SELECT cursor FROM copy"))

    @property
    def last_released_at(self) -> str:
        """The time of the newest release; empty in a copy that holds nothing yet."""
        return str(self._one("SELECT released_at FROM releases ORDER BY place DESC LIMIT 1") or "")

    def count(self, table: str = "releases") -> int:
        """How many `releases` or `advisories` the copy holds."""
        statement = {"releases": "SELECT count(*) FROM releases", "advisories": "SELECT count(*) FROM advisories"}[
            table
        ]
        return int(self._one(statement))

    def store(self, page: Page, *, after: str) -> None:
        """Keep a page and the cursor after it, all or nothing.

        Args:
            page: what was told.
            after: the cursor it was asked with, which the copy has to stand at.

        Raises:
            UnusableFile: somebody else wrote meanwhile, or the file cannot be written.
            WrongAnswer: the portal told a release that the copy has already.
        """
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._file_faults(), self._transaction("IMMEDIATE"):
            moved = self.connection.execute(
                "UPDATE copy SET cursor = ?, asked_at = ?, is_at_end = ? WHERE cursor = ?",
                (page.next, now, page.end, after),
            )
            if moved.rowcount != 1:
                raise UnusableFile(f"{self.path}: another process follows into this file.")
            for told in page.data:
                self._add(told)

    def begin(self, rows: Iterable[Told], *, count: int, after: str) -> None:
        """Begin an empty copy with what an export holds, all or nothing; memory does not grow with it.

        Args:
            rows: the last release of each advisory, in the portal's order.
            count: how many there have to be.
            after: the cursor that the export ends at.

        Raises:
            UnusableFile: the copy has begun already, or the file cannot be written.
            WrongAnswer: there are not so many, or one is told twice.
        """
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        came = 0
        with self._file_faults(), self._transaction("IMMEDIATE"):
            moved = self.connection.execute("UPDATE copy SET cursor = ?, asked_at = ? WHERE cursor = ''", (after, now))
            if moved.rowcount != 1:
                raise UnusableFile(f"{self.path}: this copy has begun already; an export is for an empty one.")
            for told in rows:
                self._add(told)
                came += 1
            if came != count:
                raise WrongAnswer(f"The export has {came} rows, and the list of exports says {count}.")

    def find(self, public_id: str, number: int) -> Stored | None:
        """A release, with the SHA-256 of its bytes computed anew; None if the copy does not have it."""
        row = self.connection.execute(
            f"SELECT place, CAST(document AS BLOB), changed, {', '.join(_TOLD)} FROM releases WHERE id = ? AND number = ?",  # noqa: S608
            (public_id, number),
        ).fetchone()
        if row is None:
            return None
        place, document, changed, *told = row
        told = Told(**dict(zip(_TOLD, told, strict=True)), changed=msgspec.json.decode(changed))
        return Stored(place, told, hashlib.sha256(document).hexdigest())

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Inside, the copy stays as it is, whoever follows into it meanwhile.

        Raises:
            UnusableFile: the file is damaged.
        """
        with self._file_faults(), self._transaction("DEFERRED"):
            yield

    def _add(self, told: Told) -> None:
        values = [getattr(told, name) for name in _TOLD]
        changed = msgspec.json.encode(told.changed).decode()
        try:
            self.connection.execute(_ADD_RELEASE, (*values, changed, bytes(told.document)))
        except sqlite3.IntegrityError:
            why = f"The portal tells {told.id}, release {told.number}, which the copy has already. Was it set back? "
            raise WrongAnswer(why + "Compare with --verify, or begin a copy in another file.") from None
        standing = standing_of(told)
        self.connection.execute(_SET_ADVISORY, (told.id, told.number, standing, told.merged_into))

    def _prepare(self, portal: str, *, has_key: bool) -> None:
        """Look at what kind of file this is before anything is written to it."""
        is_empty = self._one("SELECT count(*) FROM sqlite_master") == 0
        marks = (self._one("PRAGMA application_id"), self._one("PRAGMA user_version"))
        known = [(APPLICATION_ID, VERSION), (APPLICATION_ID, _WITHOUT_KEYS)]
        if marks not in known and not (is_empty and marks == (0, 0)):
            raise UnusableFile(f"{self.path}: this file is no copy of a portal, and is left as it is.")
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA foreign_keys = ON")
        with self._transaction("IMMEDIATE"):
            if self._one("SELECT count(*) FROM sqlite_master") == 0:
                for statement in SCHEMA.split(";"):
                    self.connection.execute(statement)
                self.connection.execute("INSERT INTO copy VALUES (1, ?, '', '', 0, ?)", (portal, has_key))
            if self._one("PRAGMA user_version") == _WITHOUT_KEYS:
                for statement in _TAKE_IN_KEYS:
                    self.connection.execute(statement)
        of = self._one("SELECT portal FROM copy")
        if of != portal:
            raise UnusableFile(f"{self.path}: this is a copy of {of}; the portal that answers is {portal}.")
        if self._one("SELECT has_key FROM copy") != has_key:
            raise UnusableFile(f"{self.path}: {_WITHOUT_KEY if not has_key else _WITH_KEY}")

    def _one(self, statement: str) -> Any:
        row = self.connection.execute(statement).fetchone()
        return row[0] if row else None

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        self.connection.execute(f"BEGIN {kind}")
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    @contextmanager
    def _file_faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise UnusableFile(f"{self.path}: {error}.") from None


def standing_of(told: Told) -> str:
    """What became of an advisory with its last release: `current`, `withdrawn`, or `merged` into another."""
    if told.event == EXPORTED and told.kind == "withdrawal":
        return "merged" if told.merged_into else "withdrawn"
    return _STANDINGS.get(told.event, "current")


def _has_sqlite_header(path: Path) -> bool:
    """Whether a file says that it is SQLite's. SQLite itself takes a very short file for an empty database."""
    try:
        with path.open("rb") as file:
            return file.read(len(_HEADER)) == _HEADER
    except OSError as error:
        raise UnusableFile(f"{path}: cannot be read ({error.strerror}).") from None
