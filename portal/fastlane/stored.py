"""What the lane reads from the database, on connections of its own: stored renditions and the present edition.

Each question is a queryset of the room `publication`, compiled to SQL once, so that the rules of who may see what stand
there and nowhere else.
"""

import datetime as dt
import re
import sqlite3
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote

from django.db import connections
from django.db.models import QuerySet
from django.utils.http import http_date

from incidents.publication import registry
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Ledger, Release
from incidents.vocabulary.identifiers import PUBLIC_ID_PATTERN
from portal.fastlane.negotiate import IDENTITY
from portal.replica import reading_alias

RENDITION_PATH = re.compile(
    rf"/incidents/(?P<id>{PUBLIC_ID_PATTERN})(?:/releases/(?P<number>[1-9][0-9]{{0,8}}))?"
    r"(?P<suffix>/|\.[a-z][a-z0-9]*(?:\.[a-z][a-z0-9]*)?)"
)
COLUMNS = {IDENTITY: "body", "gzip": "body_gzip", "br": "body_brotli"}

# Stand for the values of a question while it is compiled.
ID, FORMAT, BUILD, NUMBER = "{id}", "{format}", "{build}", 2_000_000_000

FRESH_SECONDS = 0.001
"""How long the edition is taken for granted: shorter than any answer takes to reach a reader. Under load, a question a
millisecond does for all the requests of a process, which would otherwise spend most of their time on it."""

POSTGRES_CONNECT_SECONDS = 3
SQLITE_WAIT_SECONDS = 1.0
SQLITE_START = ("PRAGMA query_only = ON", "PRAGMA cache_size = -1000")

Row = tuple[Any, ...]


class UnreadableError(Exception):
    """The database did not answer; Django may have better luck, or at least an error page."""


class Reader(Protocol):
    """One connection that reads."""

    def fetch(self, sql: str, params: list[object]) -> Row | None:
        """The first row of the answer."""

    def close(self) -> None:
        """Give the connection back."""


class SqliteReader:
    """A read-only connection to a SQLite file."""

    def __init__(self, name: str) -> None:
        address = name if name.startswith("file:") else f"file:{quote(name)}?mode=ro"
        self.connection = sqlite3.connect(
            address, uri=True, timeout=SQLITE_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        for statement in SQLITE_START:
            self.connection.execute(statement)
        self.close = self.connection.close

    def fetch(self, sql: str, params: list[object]) -> Row | None:
        """The first row of the answer."""
        row: Row | None = self.connection.execute(sql, params).fetchone()
        return row


class PostgresReader:
    """A connection to PostgreSQL without transactions.

    Statements are prepared on the server unless the option `prepare_threshold` of the database says otherwise.
    """

    def __init__(self, driver: Any, options: dict[str, Any]) -> None:
        own = {name: value for name, value in options.items() if name not in ("context", "cursor_factory")}
        if own.get("prepare_threshold") is None:
            own["prepare_threshold"] = 0
        self.connection = driver.connect(**{"connect_timeout": POSTGRES_CONNECT_SECONDS, **own, "autocommit": True})
        self.close = self.connection.close

    def fetch(self, sql: str, params: list[object]) -> Row | None:
        """The first row of the answer."""
        row: Row | None = self.connection.execute(sql, params, binary=True).fetchone()
        return row


class Question:
    """A queryset, compiled once and asked with other values each time."""

    def __init__(self, rows: "QuerySet[Any, Any]") -> None:
        sql, self.params = rows.query.sql_with_params()
        self.sql = sql.replace("%s", "?") if connections[reading_alias()].vendor == "sqlite" else sql

    def fill(self, values: Mapping[object, object]) -> list[object]:
        """The parameters, with the values in place of what stands for them."""
        return [values.get(param, param) for param in self.params]


class Stored:
    """The lane's view of the database. Safe to share among threads: each question takes a connection for itself."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.spare: list[Reader] = []
        self.known = (float("-inf"), 0)
        self.forms = {form.suffix: (form, registry.build_id(form.name)) for form in registry.formats()}
        self.edition_question = Question(Ledger.objects.filter(pk=1).values_list("edition"))
        self.current = {coding: Question(current_renditions(column)) for coding, column in COLUMNS.items()}
        self.release = {coding: Question(release_renditions(column)) for coding, column in COLUMNS.items()}

    def edition(self) -> int:
        """The present edition, not more than FRESH_SECONDS old.

        Raises:
            UnreadableError: the database did not answer.
        """
        now = self.clock()
        asked_at, edition = self.known
        if now - asked_at < FRESH_SECONDS:
            return edition
        row = self.ask(self.edition_question, {})
        if row is None:
            raise UnreadableError("The ledger has no head.")
        self.known = (now, int(row[0]))
        return int(row[0])

    def rendition(self, path: str, coding: str) -> tuple[str, bytes, str, str, str] | None:
        """The stored bytes at an address, if it has any that the present build made and the public may see.

        Returns:
            the media type, the body, its coding (none where compressing was not worth it), the quoted ETag of the body without
            coding, the HTTP date of the release.

        Raises:
            UnreadableError: the database did not answer.
        """
        named = RENDITION_PATH.fullmatch(path)
        if named is None:
            return None
        public_id, number, suffix = named.groups()
        if suffix not in self.forms or (number and suffix == "/"):  # the page of a release says what came later
            return None
        form, build = self.forms[suffix]
        coding = coding if form.is_compressible else IDENTITY
        values: dict[object, object] = {ID: public_id, FORMAT: form.name, BUILD: build}
        if number:
            values[NUMBER] = int(number)
        row = self.ask((self.release if number else self.current)[coding], values)
        if row is None:
            return None
        body, etag, released_at = row
        return form.media_type, bytes(body), coding, f'"{etag}"', as_http_date(released_at)

    def ask(self, question: Question, values: Mapping[object, object]) -> Row | None:
        """The first row of the answer to a question.

        Raises:
            UnreadableError: the database did not answer; every connection kept is given up.
        """
        try:
            reader = self.spare.pop()
        except IndexError:
            reader = None
        try:
            if reader is None:
                reader = open_reader()
            row = reader.fetch(question.sql, question.fill(values))
        except connections[reading_alias()].Database.Error as error:  # type: ignore[attr-defined]
            if reader is not None:
                reader.close()
            self.close()
            raise UnreadableError(str(error)) from error
        self.spare.append(reader)
        return row

    def close(self) -> None:
        """Give back the connections that nobody uses at this moment."""
        while self.spare:
            self.spare.pop().close()


def open_reader() -> Reader:
    """A new connection to the database that public addresses are answered from, beside Django's."""
    connection: Any = connections[reading_alias()]
    if connection.vendor == "sqlite":
        return SqliteReader(str(connection.settings_dict["NAME"]))
    return PostgresReader(connection.Database, connection.get_connection_params())


def current_renditions(column: str) -> "QuerySet[Any, Any]":
    """The rendition of an advisory's current release; none where the address leads on to another advisory."""
    return (
        Advisory.objects.visible_to(PUBLIC)
        .filter(public_id=ID, merged_into="", release__renditions__format=FORMAT, release__renditions__build=BUILD)
        .order_by()
        .values_list(f"release__renditions__{column}", "release__renditions__etag", "release__released_at")
    )


def release_renditions(column: str) -> "QuerySet[Any, Any]":
    """The rendition of one release of an advisory."""
    return (
        Release.objects.visible_to(PUBLIC)
        .filter(public_id=ID, number=NUMBER, renditions__format=FORMAT, renditions__build=BUILD)
        .order_by()
        .values_list(f"renditions__{column}", "renditions__etag", "released_at")
    )


@lru_cache(maxsize=1024)
def as_http_date(moment: str | dt.datetime) -> str:
    """A time as the database gives it, in the form of HTTP (RFC 9110, section 5.6.7)."""
    if isinstance(moment, str):
        return http_date(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC).timestamp())
    return http_date(moment.timestamp())
