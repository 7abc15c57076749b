"""A million advisories without hours of loading: what a database holds is copied by the database itself, under other ids,
sequences and dates, until there is as much as wanted.

The copies stand in lists, counts and the search index as if they had been published, so that tables, indexes and lists of
hits are as long as those of the real thing, and a word is as frequent as it was. They are for measuring only: hashes do not
chain, nobody wrote a record, and of the dates only those that lists sort by were changed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from incidents.publication.edition import renew_edition
from incidents.publication.fulltext.carried import refill_sets
from incidents.publication.fulltext.expression import HEAD, NAMES, mark_token
from incidents.publication.fulltext.index import BLOCKS, block_token
from incidents.publication.fulltext.merging import merge_index
from incidents.publication.models import Advisory, AdvisoryTerm, Ledger, Release, Tally
from incidents.publication.models.tally import AUDIENCES
from incidents.publication.tallies import DAY

MOST_COPIES = 999  # what the first three digits of a copy's number can say
_DAYS_APART = 11  # from one copy to the next, within the same month
_RANKS = ", ".join(f"COUNT(CASE WHEN tlp_rank <= {rank} THEN 1 END)" for rank in range(len(AUDIENCES)))
_COUNT_DAYS = (
    f"DELETE FROM incidents_tally WHERE facet = '{DAY}'",
    f"INSERT INTO incidents_tally (facet, value, {', '.join(AUDIENCES)}) SELECT '{DAY}', substr(known_on, 1, 10), {_RANKS} "
    "FROM incidents_advisory WHERE NOT is_withdrawn GROUP BY substr(known_on, 1, 10)",
)
_HASTE = {
    "sqlite": (
        ("PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -1000000"),
        ("PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON", "PRAGMA cache_size = -2000"),
    ),
    "postgresql": (
        ("SET synchronous_commit = off", "SET session_replication_role = replica", "SET maintenance_work_mem = '1GB'"),
        ("RESET synchronous_commit", "RESET session_replication_role", "RESET maintenance_work_mem"),
    ),
}
_DROPPED = {
    "sqlite": (
        "SELECT 'DROP INDEX ' || name, sql FROM sqlite_master "
        "WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (%(tables)s) ORDER BY name",
    ),
    "postgresql": (
        "SELECT format('ALTER TABLE %%%%s DROP CONSTRAINT %%%%I', conrelid::regclass, conname), "
        "format('ALTER TABLE %%%%s ADD CONSTRAINT %%%%I %%%%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
        "FROM pg_constraint WHERE contype = 'u' AND conrelid::regclass::text IN (%(tables)s) ORDER BY conname",
        "SELECT format('DROP INDEX %%%%s', indexrelid::regclass), pg_get_indexdef(indexrelid) "
        "FROM pg_index WHERE NOT indisprimary AND indrelid::regclass::text IN (%(tables)s) ORDER BY indexrelid",
    ),
}
_ID_MARK, _DASH = mark_token("id"), mark_token("", "-")[-1]
_SPACE = " "


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the keys of one copy lie from what it is a copy of."""

    copy: int
    advisories: int
    terms: int
    releases: int
    sequences: int
    last: Any

    @property
    def milliseconds(self) -> str:
        """SQL for how long after the newest release of all a copied release was made."""
        return f"(r.sequence + {self.sequences * (self.copy - 1)})"


def multiply(wanted: int, on_progress: Callable[[int], object]) -> int:
    """Copy everything as many times as fit into the number of advisories wanted; how many there are then."""
    present = Advisory.objects.count()
    times = min(wanted // present, MOST_COPIES)
    if times < 2:
        return present
    with _in_haste():
        dropped = _drop_indexes()
        for shift in _shifts(times):
            with transaction.atomic(), connection.cursor() as cursor:
                for statement, params in _statements(shift):
                    cursor.execute(statement, params)
            on_progress(present)
        _finish(times, dropped)
    return present * times


def count_originals() -> int:
    """How many advisories are no copies: the numbers of copies have nine digits."""
    return Advisory.objects.exclude(public_id__regex=r"-[0-9]{9}$").count()


def _shifts(times: int) -> Iterator[Shift]:
    ledger = Ledger.objects.get(pk=1)
    last = connection.ops.adapt_datetimefield_value(ledger.last_released_at)
    advisories = Advisory.objects.aggregate(last=Max("pk"))["last"]
    terms = AdvisoryTerm.objects.aggregate(last=Max("pk"))["last"] or 0
    releases = Release.objects.aggregate(last=Max("pk"))["last"]
    for copy in range(1, times):
        yield Shift(copy, advisories, terms, releases, ledger.last_sequence, last)


def _statements(shift: Shift) -> Iterator[tuple[str, list[Any]]]:
    """What makes one copy, in order; `a` is an advisory that is copied, `r` its release, `t` its terms."""
    copied = f"FROM incidents_advisory a JOIN incidents_release r ON r.id = a.release_id AND a.id <= {shift.advisories}"
    when, public_id = _later(shift), _new_id("a.public_id", shift)
    releases: dict[str, str] = {
        "id": f"r.id + {shift.copy * shift.releases}",
        "sequence": f"r.sequence + {shift.copy * shift.sequences}",
        "public_id": public_id,
        "released_at": when,
        "document_json": f"replace(r.document_json, a.public_id, {public_id})",
        "sha256": f"'x{shift.copy:03d}' || substr(r.sha256, 5)",  # a sign that no hash holds
    }
    advisories = {
        "id": f"a.id + {shift.copy * shift.advisories}",
        "public_id": public_id,
        "release_id": f"r.id + {shift.copy * shift.releases}",
        "occurred_from": _other_day("a.occurred_from", shift),
        "known_on": _other_day("a.known_on", shift),
        "first_released_at": when,
        "released_at": when,
    }
    yield _insert(Release, "r", releases, copied), [shift.last]
    yield _insert(Advisory, "a", advisories, copied), [shift.last, shift.last]
    terms = {"advisory_id": f"t.advisory_id + {shift.copy * shift.advisories}"}
    named = f"FROM incidents_advisoryterm t WHERE t.id <= {shift.terms}"
    yield _insert(AdvisoryTerm, "t", terms, named, but="id"), []
    yield from _index_statements(shift)


def _insert(model: type[models.Model], alias: str, changed: Mapping[str, str], source: str, but: str = "") -> str:
    columns = [str(field.column) for field in model._meta.concrete_fields if field.column != but]
    values = ", ".join(changed.get(column, f"{alias}.{column}") for column in columns)
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {values} {source} ORDER BY {alias}.id"


def _padded(number: str, width: int) -> str:
    """SQL for a number with zeros before it."""
    if connection.vendor == "postgresql":
        return f"lpad(CAST({number} AS text), {width}, '0')"
    return f"printf('%%0{width}d', {number})"


def _new_id(column: str, shift: Shift) -> str:
    """SQL for the public id of a copy: `INC-2025-0042` becomes `INC-2025-007000042` in the seventh."""
    head = f"rtrim({column}, '0123456789')"
    number = f"CAST(substr({column}, length({head}) + 1) AS integer)"
    return f"{head} || '{shift.copy:03d}' || {_padded(number, 6)}"


def _later(shift: Shift) -> str:
    """SQL for the time of a copied release: a millisecond after the one before it."""
    if connection.vendor == "postgresql":
        return f"CAST(%s AS timestamptz) + {shift.milliseconds} * interval '1 millisecond'"
    moment = f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', %s, '+' || ({shift.milliseconds} / 1000.0) || ' seconds') || '000'"
    return f"replace({moment}, '.000000', '')"


def _other_day(column: str, shift: Shift) -> str:
    """SQL for another day of the same month, where a day is known."""
    day = f"(CAST(substr({column}, 9, 2) AS integer) + {_DAYS_APART * shift.copy}) %% 28 + 1"
    other = f"substr({column}, 1, 8) || {_padded(day, 2)} || substr({column}, 11)"
    return f"CASE WHEN length({column}) >= 10 THEN {other} ELSE {column} END"


def _index_statements(shift: Shift) -> Iterator[tuple[str, list[Any]]]:
    """Copies of the rows of the search index; `c` is the copied advisory, of which they are to be found by its id."""
    pairs = (
        "FROM incidents_advisory_text t JOIN incidents_advisory a ON a.id = t.advisory_id "
        f"JOIN incidents_advisory c ON c.id = a.id + {shift.copy * shift.advisories} WHERE a.id <= {shift.advisories}"
    )
    sequence = f"t.sequence + {shift.copy * shift.sequences}"
    row = f"{sequence}, c.id, t.marks, c.known_on || ' ' || c.public_id"
    if connection.vendor == "postgresql":
        yield (
            f"INSERT INTO incidents_advisory_text (sequence, advisory_id, marks, known_on, words) SELECT {row}, "
            f"ts_delete(t.words, ARRAY[{', '.join(_own_tokens('a', 't.sequence'))}]) "
            f"|| array_to_tsvector(ARRAY[{', '.join(_own_tokens('c', sequence))}]) {pairs} ORDER BY t.sequence",
            [],
        )
        return
    yield f"INSERT INTO incidents_advisory_text (sequence, advisory_id, marks, known_on) SELECT {row} {pairs}", []
    words = "w.words"
    for before, between in ((_ID_MARK, _DASH), ("", _SPACE), (NAMES, _SPACE + NAMES), (HEAD, _SPACE + HEAD)):
        words = f"replace({words}, {_joined('a', before, between)}, {_joined('c', before, between)})"
    source = pairs.replace("WHERE", "JOIN incidents_advisory_words w ON w.rowid = t.sequence WHERE")
    yield (
        f"INSERT INTO incidents_advisory_words (rowid, words) SELECT {sequence}, {words} {source} ORDER BY t.sequence",
        [],
    )


def _own_tokens(alias: str, sequence: str) -> list[str]:
    """SQL for those tokens of the index that no other advisory has at the same place: its id, its number, its blocks."""
    number = f"regexp_replace({alias}.public_id, '.*-', '')"
    blocks = [(bits, block_token(bits, 0).removesuffix("0")) for bits in BLOCKS]
    return [
        _joined(alias, _ID_MARK, _DASH),
        *(f"'{scope}' || {number}" for scope in ("", NAMES, HEAD)),
        *(f"'{token}' || ({sequence} >> {bits})" for bits, token in blocks),
    ]


def _joined(alias: str, before: str, between: str) -> str:
    """SQL for a public id as it stands in the index: `before` it, and `between` its parts."""
    name = f"{alias}.public_id" if before == _ID_MARK else f"lower({alias}.public_id)"
    return f"'{before}' || replace({name}, '-', '{between}')"


def _copied_tables() -> list[str]:
    return [*(model._meta.db_table for model in (Advisory, AdvisoryTerm, Release)), "incidents_advisory_text"]


def _drop_indexes() -> list[str]:
    """Drop what would be kept in order row by row and is made again afterwards, much faster; the statements that do so.

    SQLite keeps those indexes that a table's own text asks for. On PostgreSQL even the one of words goes.
    """
    tables = _copied_tables()
    holes = ", ".join(["%s"] * len(tables))
    made = []
    with connection.cursor() as cursor:
        for question in _DROPPED[connection.vendor]:
            cursor.execute(question % {"tables": holes}, tables)
            for drop, make in cursor.fetchall():
                cursor.execute(drop)
                made.append(make)
    return made


@contextmanager
def _in_haste() -> Iterator[None]:
    """Copy without waiting for disks, and without asking whether what is copied refers to something."""
    before, after = _HASTE[connection.vendor]
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        yield
        for statement in after:
            cursor.execute(statement)


def _finish(times: int, statements: list[str]) -> None:
    """Count the copies, move the ledger's head behind them, and make what was dropped."""
    last = Release.objects.order_by("-sequence").first()
    assert last is not None
    Tally.objects.exclude(facet=DAY).update(**{name: models.F(name) * times for name in AUDIENCES})
    Ledger.objects.filter(pk=1).update(last_sequence=last.sequence, last_released_at=last.released_at)
    renew_edition()
    with connection.cursor() as cursor:
        for statement in [
            *_COUNT_DAYS,
            *statements,
            *connection.ops.sequence_reset_sql(no_style(), [Advisory, AdvisoryTerm, Release]),
        ]:
            cursor.execute(statement)
    refill_sets(lambda count: None)
    merge_index(at=2)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
