"""SQLite: a file with tables for what is asked most, and the whole document beside them.

The tables are written into the workshop, whose transactions keep them in step with everything else; the file is their content.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from incidents.publication.document import AdvisoryDocument
from incidents.representations.api.exporting.rows import Edition, Row

APPLICATION_ID = 0x546F6358
"""“TocX”, in the header of the file: tells an export from other SQLite files."""
VERSION = 1
PIECE = 1024 * 1024
SCHEMA = """
CREATE TABLE export.export (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    portal TEXT NOT NULL, clearance TEXT NOT NULL, after TEXT NOT NULL, advisories INTEGER NOT NULL);
CREATE TABLE export.advisories (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL, url TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('current', 'withdrawn', 'merged')), merged_into TEXT NOT NULL,
    title TEXT NOT NULL, severity TEXT NOT NULL, state TEXT NOT NULL, tlp TEXT NOT NULL, language TEXT NOT NULL,
    is_exercise INTEGER NOT NULL, summary TEXT NOT NULL, who_is_affected TEXT NOT NULL, what_to_do_now TEXT NOT NULL,
    occurred_from TEXT NOT NULL, occurred_to TEXT NOT NULL, detected TEXT NOT NULL, disclosed TEXT NOT NULL,
    contained TEXT NOT NULL, resolved TEXT NOT NULL, release INTEGER NOT NULL, first_released_at TEXT NOT NULL,
    released_at TEXT NOT NULL, sha256 TEXT NOT NULL, document TEXT NOT NULL);
CREATE TABLE export.releases (
    id TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, significance TEXT NOT NULL, reason TEXT NOT NULL,
    released_at TEXT NOT NULL, tlp TEXT NOT NULL);
CREATE TABLE export.organizations (
    slug TEXT PRIMARY KEY, name TEXT NOT NULL, sector TEXT NOT NULL, country TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE export.services (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, organization TEXT NOT NULL, kind TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE export.techniques (
    key TEXT PRIMARY KEY, framework TEXT NOT NULL, external_id TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL,
    parent TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE export.mitigations (
    key TEXT PRIMARY KEY, framework TEXT NOT NULL, external_id TEXT NOT NULL, name TEXT NOT NULL,
    url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE export.actors (
    slug TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE export.tags (slug TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE export.involvements (
    id TEXT NOT NULL, position INTEGER NOT NULL, organization TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE export.affected_services (
    id TEXT NOT NULL, position INTEGER NOT NULL, service TEXT NOT NULL, impact TEXT NOT NULL, occurred_from TEXT NOT NULL,
    occurred_to TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE export.attacks (
    id TEXT NOT NULL, position INTEGER NOT NULL, technique TEXT NOT NULL, certainty TEXT NOT NULL, tactic TEXT NOT NULL,
    occurred_from TEXT NOT NULL, occurred_to TEXT NOT NULL, description TEXT NOT NULL);
CREATE TABLE export.recommendations (
    id TEXT NOT NULL, position INTEGER NOT NULL, mitigation TEXT, audience TEXT NOT NULL, priority TEXT NOT NULL,
    title TEXT NOT NULL, advice TEXT NOT NULL, due_on TEXT NOT NULL);
CREATE TABLE export.attributions (
    id TEXT NOT NULL, position INTEGER NOT NULL, actor TEXT, status TEXT NOT NULL, confidence TEXT NOT NULL,
    said_by TEXT NOT NULL, said_on TEXT NOT NULL, basis TEXT NOT NULL);
CREATE TABLE export.sources (
    id TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL,
    publisher TEXT NOT NULL, published_on TEXT NOT NULL);
CREATE TABLE export.advisory_tags (id TEXT NOT NULL, tag TEXT NOT NULL);
"""
_INDEXES = {
    "advisories": ("id", "occurred_from"),
    "releases": ("id",),
    "involvements": ("id", "organization"),
    "affected_services": ("id", "service"),
    "attacks": ("id", "technique"),
    "recommendations": ("id", "mitigation"),
    "attributions": ("id", "actor"),
    "sources": ("id",),
    "advisory_tags": ("id", "tag"),
}
"""Made when all rows are there: until then every row is written behind the one before, however large the file is."""
_DATES = ("occurred_from", "occurred_to", "detected", "disclosed", "contained", "resolved")

Table = tuple[str, Iterable[tuple[Any, ...]]]


class DatabaseWriter:
    """Rows of tables.

    Args:
        connection: of the workshop, with the tables' own file attached as `export`.
        path: of that file.
        portal: the portal's address.
    """

    format: ClassVar[str] = "sqlite"
    ending: ClassVar[str] = "sqlite3"

    def __init__(self, connection: sqlite3.Connection, path: Path, portal: str) -> None:
        self.connection = connection
        self.path = path
        self.portal = portal

    def beginning(self, edition: Edition) -> bytes:
        """Make the tables. The file comes at the end."""
        self.connection.execute(f"PRAGMA export.application_id = {APPLICATION_ID}")
        self.connection.execute(f"PRAGMA export.user_version = {VERSION}")
        for statement in SCHEMA.split(";"):
            self.connection.execute(statement)
        return b""

    def part(self, rows: Sequence[Row], *, written: int) -> bytes:
        """Fill the tables."""
        for place, row in enumerate(rows, written + 1):
            self._put("advisories", [self._advisory(place, row)])
            for table, values in (*named(row.document), *stated(row.document), *concluded(row.document)):
                self._put(table, values)
        return b""

    def end(self, edition: Edition, *, written: int) -> Iterator[bytes]:
        """Say what it is, make what finds quickly, and give the file."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        execute("INSERT OR REPLACE INTO export.export VALUES (1, ?, ?, ?, ?)", (*_said(edition), written))
        for table, columns in _INDEXES.items():
            for column in columns:
                execute(f"CREATE INDEX IF NOT EXISTS export.{table}_by_{column} ON {table} ({column})")
        execute("COMMIT")
        with self.path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def _put(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for values in rows:
            marks = ", ".join("?" * len(values))
            # a later release describes what it names anew
            self.connection.execute(f"INSERT OR REPLACE INTO export.{table} VALUES ({marks})", values)  # noqa: S608

    def _advisory(self, place: int, row: Row) -> tuple[Any, ...]:
        it = row.document
        return (
            *(place, it.id, f"{self.portal}/incidents/{it.id}/", row.standing, it.merged_into),
            *(it.title, it.severity.value, it.state.value, it.tlp.value, it.language, it.is_exercise),
            *(it.summary, it.who_is_affected, it.what_to_do_now),
            *(getattr(it.timeline, name) for name in _DATES),
            *(it.release.number, _time(it.first_release.released_at), _time(it.release.released_at)),
            hashlib.sha256(row.document_json.encode()).hexdigest(),
            row.document_json,
        )


def named(it: AdvisoryDocument) -> Iterator[Table]:
    """What the catalogue knows of everything that a document names."""
    organizations = [*(one.organization for one in it.organizations), *(one.organization for one in it.statements)]
    yield "organizations", ((one.slug, one.name, one.sector, one.country) for one in organizations)
    services = [effect.service for effect in it.affected_services]
    yield "services", ((one.key, one.name, one.organization, one.kind) for one in services)
    techniques = [step.technique for step in it.attacks]
    yield (
        "techniques",
        ((one.key, one.framework.value, one.external_id, one.name, one.url, one.parent) for one in techniques),
    )
    mitigations = [advice.mitigation for advice in it.recommendations if advice.mitigation]
    yield (
        "mitigations",
        ((one.key, one.framework.value, one.external_id, one.name, one.url) for one in mitigations),
    )
    actors = [claim.actor for claim in it.attributions if claim.actor]
    yield "actors", ((one.slug, one.name, one.kind.value, one.country) for one in actors)
    yield "tags", ((one.slug, one.name) for one in it.tags)


def stated(it: AdvisoryDocument) -> Iterator[Table]:
    """What a document says happened, in its order."""
    yield (
        "releases",
        (
            (
                it.id,
                one.number,
                one.kind.value,
                one.significance.value,
                one.reason,
                _time(one.released_at),
                one.tlp.value,
            )
            for one in it.history
        ),
    )
    yield "involvements", ((it.id, at, one.organization.slug, one.role.value) for at, one in _counted(it.organizations))
    yield (
        "affected_services",
        (
            (it.id, at, one.service.key, one.impact.value, one.occurred_from, one.occurred_to, one.note)
            for at, one in _counted(it.affected_services)
        ),
    )
    yield (
        "attacks",
        (
            (
                *(it.id, at, one.technique.key, one.certainty.value, one.tactic),
                *(one.occurred_from, one.occurred_to, one.description),
            )
            for at, one in _counted(it.attacks)
        ),
    )
    yield "advisory_tags", ((it.id, one.slug) for one in it.tags)


def concluded(it: AdvisoryDocument) -> Iterator[Table]:
    """What a document advises, who it says did it, and on what it rests."""
    yield (
        "recommendations",
        (
            (
                *(it.id, at, one.mitigation.key if one.mitigation else None, one.audience.value, one.priority.value),
                *(one.title, one.advice, one.due_on),
            )
            for at, one in _counted(it.recommendations)
        ),
    )
    yield (
        "attributions",
        (
            (
                *(it.id, at, one.actor.slug if one.actor else None, one.status.value, one.confidence.value),
                *(one.said_by, one.said_on, one.basis),
            )
            for at, one in _counted(it.attributions)
        ),
    )
    yield (
        "sources",
        (
            (it.id, one.number, one.title, one.url, one.kind.value, one.publisher, one.published_on)
            for one in it.sources
        ),
    )


def _counted(parts: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    return iter(enumerate(parts, 1))


def _said(edition: Edition) -> tuple[str, str, str]:
    return edition.portal, edition.clearance, edition.after


def _time(moment: Any) -> str:
    return str(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
