"""STIX: one bundle of everything, joined from the bundles that the registered format makes of each document.

What an advisory states itself is written as it comes. What several name, such as a technique or an organization, is kept in the
workshop and written once at the end, as the newest release describes it. Memory is that of a part.
"""

import hashlib
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec

from incidents.publication.registry import get_format
from incidents.representations.api.exporting.rows import Edition, Row

FORMAT = "stix"
PIECE_ROWS = 500
_OWN = ("incident", "report", "note", "sighting")
_SCHEMA = "CREATE TABLE IF NOT EXISTS shared_objects (id TEXT PRIMARY KEY, object BLOB NOT NULL) WITHOUT ROWID"
_KEEP = "INSERT INTO shared_objects VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET object = excluded.object"


class BundleObject(msgspec.Struct):
    """What has to be known of an object to place it."""

    id: str
    type: str
    source_ref: str = ""

    @property
    def is_own(self) -> bool:
        """Whether one advisory alone states it."""
        if self.type == "relationship":
            return not self.source_ref.startswith("identity--")
        return self.type in _OWN


class _Bundle(msgspec.Struct):
    objects: list[msgspec.Raw]


class BundleWriter:
    """Objects of a bundle.

    Args:
        connection: of the workshop.
    """

    format: ClassVar[str] = FORMAT
    ending: ClassVar[str] = "stix.json"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.execute(_SCHEMA)

    def beginning(self, edition: Edition) -> bytes:
        """The head of the bundle."""
        self.connection.execute("DELETE FROM shared_objects")
        digest = hashlib.sha256("\0".join(edition).encode()).digest()
        return f'{{"type":"bundle","id":"bundle--{uuid.UUID(bytes=digest[:16], version=4)}"'.encode()

    def part(self, rows: Sequence[Row], *, written: int) -> bytes:
        """What the advisories state themselves."""
        form = get_format(FORMAT)
        own: list[bytes] = []
        for row in rows:
            for raw in msgspec.json.decode(form.bytes_of(row.document), type=_Bundle).objects:
                one = msgspec.json.decode(raw, type=BundleObject)
                if one.is_own:
                    own.append(bytes(raw))
                else:
                    self.connection.execute(_KEEP, (one.id, bytes(raw)))
        return (b",\n" if written else b',"objects":[\n') + b",\n".join(own)

    def end(self, edition: Edition, *, written: int) -> Iterator[bytes]:
        """What several name."""
        if not written:  # a bundle has no empty list (section 8)
            yield b"}\n"
            return
        found = self.connection.execute("SELECT object FROM shared_objects ORDER BY id")
        while piece := found.fetchmany(PIECE_ROWS):
            yield b"".join(b",\n" + row[0] for row in piece)
        yield b"\n]}\n"
