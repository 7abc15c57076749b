"""Writing the index and asking it: one row for each advisory, under the sequence of its current release, so that the newest
come first without sorting what may be a million hits.

SQLite walks its index from the newest end and stops when it has enough. PostgreSQL's inverted index knows no order, so each
row also carries the numbers of the *blocks* of releases it belongs to, small and large; it is asked for the newest small blocks
first, then for larger ones, then for the rest, and what comes first is enough most of the time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import connection

from incidents.publication.fulltext.beginnings import clear_tokens, learn_tokens
from incidents.publication.fulltext.carried import formerly_carried, token_of
from incidents.publication.fulltext.expression import (
    HEAD,
    NAMES,
    Expression,
    Side,
    all_of,
    any_of,
    mark_token,
    to_fts5,
    to_tsquery,
)
from incidents.publication.fulltext.sets import change_sets, clear_sets
from incidents.publication.reading import reading_connection

BLOCKS = (9, 12, 16)
"""Bits of a sequence number within a block: 512, 4,096 and 65,536 releases."""

WINDOWS = ((9, 2), (12, 2), (12, 6), (16, 2), (16, 5))
"""Which blocks are asked together, and how many of them, one window around the other. What is in the window before is left out
by its sequence: GIN starts from whatever is rarest, even from what is not wanted, and would start from its blocks.
"""

MANY_HITS = 100
"""Whoever wants so many is not likely to find them in the smallest window."""

MOST_POSITIONS, LAST_POSITION = 255, 16_383  # of one lexeme, and of any: limits of a tsvector
_BETWEEN = "\ue004"
_TEXT = "incidents_advisory_text"
_COLUMNS = "sequence, advisory_id, marks, known_on"
_PUT_TEXT = f"INSERT INTO {_TEXT} ({_COLUMNS}) VALUES (%s, %s, %s, %s)"  # noqa: S608
_PUT_BOTH = f"INSERT INTO {_TEXT} ({_COLUMNS}, words) VALUES (%s, %s, %s, %s, %s::tsvector)"  # noqa: S608
_PUT_WORDS = "INSERT INTO incidents_advisory_words (rowid, words) VALUES (%s, %s)"

Params = list[Any]
Marked = tuple[int, int, str]
"""A hit with its marks: the sequence of the release, the key of the advisory, and `facet:value` of each mark in one text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of an advisory.

    Attributes:
        sequence: of its current release.
        advisory_id: primary key.
        known_on: the date of the incident and, after a space, the id: what lists by date are sorted by.
        marks: facets and values to count, `facet:value`.
        hidden: marks that are asked for and never counted.
        names: tokens of each name and id.
        titles: tokens of the title, in every language it has.
        texts: tokens of each of the other texts.
    """

    sequence: int
    advisory_id: int
    known_on: str
    marks: tuple[str, ...]
    hidden: tuple[str, ...]
    names: tuple[list[str], ...]
    titles: tuple[list[str], ...]
    texts: tuple[list[str], ...]

    @property
    def tokens(self) -> set[str]:
        """Each token that people may look for."""
        return {token for run in (*self.names, *self.titles, *self.texts) for token in run}

    @property
    def row(self) -> tuple[int, int, str, str]:
        """What stands in the table beside the words."""
        return self.sequence, self.advisory_id, " ".join(self.marks), self.known_on


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an ordered list: `rank` for its place, what is in it, and where it begins, a sequence not included."""

    rank: int
    asked: Expression
    beyond: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A row found: in which stretch, which release and which advisory."""

    rank: int
    sequence: int
    advisory_id: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest hits of a question, the newest first, and whether there are more, or may be."""

    hits: list[Marked]
    is_cut: bool


def put_entries(entries: Sequence[Entry]) -> None:
    """Write what the index knows of some advisories, replacing what it knew. In the caller's transaction."""
    former = _drop([entry.advisory_id for entry in entries])
    change_sets([(entry.sequence, tokens_carried(entry)) for entry in entries], former)
    learn_tokens(token for one in entries for token in one.tokens)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(_PUT_BOTH, [(*one.row, _vector(one)) for one in entries])
            return
        cursor.executemany(_PUT_TEXT, [one.row for one in entries])
        cursor.executemany(_PUT_WORDS, [(one.sequence, _running_text(one)) for one in entries])


def clear_entries() -> None:
    """Empty the index, before it is made again."""
    clear_tokens()
    clear_sets()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TEXT}")  # noqa: S608
        if connection.vendor != "postgresql":
            cursor.execute("DELETE FROM incidents_advisory_words")


def wrongly_known(entries: Sequence[Entry]) -> set[int]:
    """The primary keys of those advisories that the index knows otherwise than by these entries, or not at all."""
    ids = [entry.advisory_id for entry in entries]
    holes = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT given.pk FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[]) "  # noqa: S608
                f"AS given (at, pk, said, day, words) LEFT JOIN {_TEXT} AS kept ON kept.advisory_id = given.pk "
                "AND kept.sequence = given.at AND kept.marks = given.said AND kept.known_on = given.day "
                "WHERE kept.words IS DISTINCT FROM given.words::tsvector",
                [list(column) for column in zip(*((*one.row, _vector(one)) for one in entries), strict=True)]
                or [[]] * 5,
            )
            return {pk for (pk,) in cursor.fetchall()}
        cursor.execute(
            f"SELECT {_COLUMNS}, words FROM {_TEXT} JOIN incidents_advisory_words AS said "  # noqa: S608
            f"ON said.rowid = sequence WHERE advisory_id IN ({holes})",
            ids,
        )
        kept = {row[1]: row for row in cursor.fetchall()}
    return {one.advisory_id for one in entries if kept.get(one.advisory_id) != (*one.row, _running_text(one))}


def rows_of_nothing() -> list[int]:
    """The sequences under which the index keeps something although no advisory stands there."""
    known = "SELECT release.sequence FROM incidents_release release JOIN incidents_advisory ON release_id = release.id"
    rows = f"SELECT sequence FROM {_TEXT}"  # noqa: S608
    if connection.vendor != "postgresql":
        rows += " UNION SELECT rowid FROM incidents_advisory_words"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sequence FROM ({rows}) AS kept WHERE sequence NOT IN ({known}) ORDER BY sequence")  # noqa: S608
        return [sequence for (sequence,) in cursor.fetchall()]


def keys_sql(asked: Expression) -> tuple[str, Params]:
    """A query for the primary keys of all advisories that are found, in no order."""
    if connection.vendor == "postgresql":
        return f"SELECT advisory_id FROM {_TEXT} WHERE words @@ %s::tsquery", [to_tsquery(asked)]  # noqa: S608
    found = "SELECT rowid FROM incidents_advisory_words WHERE incidents_advisory_words MATCH %s"
    return f"SELECT advisory_id FROM {_TEXT} WHERE sequence IN ({found})", [to_fts5(asked)]  # noqa: S608


def find_hits(stretches: Sequence[Stretch], *, head: int, limit: int, backwards: bool = False) -> list[Hit]:
    """The first hits of an ordered list: stretch after stretch, each from the newest release to the oldest, or the list from
    its end to its beginning. `head` is the sequence of the newest release. One query.
    """
    if not stretches:
        return []
    sql, params = _ordered("advisory_id", stretches, head, limit=limit, backwards=backwards)
    with reading_connection().cursor() as cursor:
        cursor.execute(sql, params)
        hits = [Hit(*row) for row in cursor.fetchall()]
    places = [stretch.rank for stretch in (reversed(stretches) if backwards else stretches)]
    return sorted(hits, key=lambda hit: (places.index(hit.rank), hit.sequence if backwards else -hit.sequence))


def newest_sequences(asked: Expression, *, head: int, limit: int) -> list[int]:
    """The newest hits by their releases, the newest first. One query."""
    sql, params = _ordered("", [Stretch(1, asked)], head, limit=limit)
    with reading_connection().cursor() as cursor:
        cursor.execute(sql, params)
        return sorted((sequence for _, sequence in cursor.fetchall()), reverse=True)


def count_and_mark(
    questions: Sequence[Expression], *, head: int, limits: Sequence[int], most: int = 0
) -> tuple[int, list[Sample]]:
    """How many hits the first question has, counted up to one more than `most`, and the newest hits of each question, as many as
    its limit says. One query.
    """
    answers: list[list[Marked]] = [[] for _ in questions]
    if not questions:
        return 0, []
    parts: list[str] = []
    params: Params = []
    for number, (asked, limit) in enumerate(zip(questions, limits, strict=True)):
        sought = 1 + (limit if number else max(most, limit))
        found, values = _ordered("advisory_id, marks", [Stretch(number, asked)], head, limit=sought, read=limit)
        parts.append(f"SELECT rank, sequence, advisory_id, marks FROM ({found}) AS answer{number}")  # noqa: S608
        params += values
    with reading_connection().cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for number, sequence, advisory_id, marks in cursor.fetchall():
            answers[number].append((sequence, advisory_id, marks))
    for hits in answers:
        hits.sort(key=itemgetter(0), reverse=True)
    samples = [Sample(hits[:limit], len(hits) > limit) for hits, limit in zip(answers, limits, strict=True)]
    return len(answers[0]), samples


def _drop(advisory_ids: Sequence[int]) -> list[tuple[int, Iterable[str]]]:
    """Forget what is known of advisories; of new ones nothing is. Their sequences, each with what it may have been marked by."""
    holes = ", ".join(["%s"] * len(advisory_ids))
    known = f"SELECT sequence, marks, known_on FROM {_TEXT} WHERE advisory_id IN ({holes})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(known, advisory_ids)
        former = cursor.fetchall()
        sequences = [(sequence,) for sequence, *_ in former]
        cursor.executemany(f"DELETE FROM {_TEXT} WHERE sequence = %s", sequences)  # noqa: S608
        if connection.vendor != "postgresql":
            cursor.executemany("DELETE FROM incidents_advisory_words WHERE rowid = %s", sequences)
    return [(sequence, formerly_carried(marks, known_on)) for sequence, marks, known_on in former]


def _ordered(
    column: str,
    stretches: Sequence[Stretch],
    head: int,
    *,
    limit: int,
    backwards: bool = False,
    read: int | None = None,
) -> tuple[str, Params]:
    """A query for the rank, the sequence and columns of the first hits; of no more than `read` where that is given, for others
    they are null.
    """
    parts: list[str] = []
    params: Params = []
    for stretch in reversed(stretches) if backwards else stretches:
        for part in _in_windows(stretch, head, limit=limit, backwards=backwards):
            sql, values = _one_part(column, part, limit, backwards=backwards)
            parts.append(f"SELECT * FROM ({sql}) AS part{len(parts)}")  # noqa: S608
            params += values
    found = f"{' UNION ALL '.join(parts)} LIMIT {limit}"
    if not column:
        return found, params
    is_cut = read is not None and read < limit
    if is_cut:
        found = f"SELECT *, row_number() OVER () AS place FROM ({found}) AS hits"  # noqa: S608
    if connection.vendor == "postgresql":
        if is_cut:
            kept = ", ".join(f"CASE WHEN place <= {read} THEN {one} END AS {one}" for one in column.split(", "))
            found = f"SELECT rank, sequence, {kept} FROM ({found}) AS hit"  # noqa: S608
        return found, params
    if is_cut:
        beside = f"LEFT JOIN {_TEXT} AS text ON hit.place <= {read} AND text.sequence = hit.sequence"
    else:
        beside = f"CROSS JOIN {_TEXT} AS text ON text.sequence = hit.sequence"
    return f"SELECT rank, hit.sequence, {column} FROM ({found}) AS hit {beside}", params  # noqa: S608


def _one_part(column: str, part: Stretch, limit: int, *, backwards: bool) -> tuple[str, Params]:
    sign, direction = (">", "ASC") if backwards else ("<", "DESC")
    if connection.vendor == "postgresql":
        # Adding nothing keeps the planner from walking the primary key and unpacking a vector at every step.
        columns, source, matches = ", ".join(filter(None, ("sequence", column))), _TEXT, "words @@ %s::tsquery"
        key, order, query = "sequence", "sequence + 0", to_tsquery(part.asked)
    else:
        columns, source, matches = "rowid AS sequence", "incidents_advisory_words", "incidents_advisory_words MATCH %s"
        key, order, query = "rowid", "rowid", to_fts5(part.asked)
    params: Params = [query]
    if part.beyond is not None:
        matches += f" AND {key} {sign} %s"
        params.append(part.beyond)
    sql = f"SELECT {part.rank} AS rank, {columns} FROM {source} WHERE {matches}"  # noqa: S608
    return f"{sql} ORDER BY {order} {direction} LIMIT {limit}", params


def _in_windows(stretch: Stretch, head: int, *, limit: int, backwards: bool) -> Iterator[Stretch]:
    """What is asked, window by window on PostgreSQL."""
    if connection.vendor != "postgresql":
        yield stretch
        return
    place = head if stretch.beyond is None else stretch.beyond
    if backwards and stretch.beyond is None:
        place = 0
    step, beyond = 1 if backwards else -1, stretch.beyond
    for bits, count in WINDOWS if limit < MANY_HITS else WINDOWS[1:]:
        first = place >> bits
        here = any_of(*(Side((block_token(bits, first + step * turn),)) for turn in range(count)))
        yield Stretch(stretch.rank, all_of(stretch.asked, here), beyond)
        beyond = ((first + count) << bits) - 1 if backwards else (first - count + 1) << bits
    yield Stretch(stretch.rank, stretch.asked, beyond)


def block_token(bits: int, block: int) -> str:
    """The token of a block of releases."""
    return mark_token(f"block{bits}", max(block, 0))


def newest_sequence() -> int:
    """The sequence of the newest release: where lists begin."""
    with reading_connection().cursor() as cursor:
        cursor.execute("SELECT last_sequence FROM incidents_ledger WHERE id = 1")
        (sequence,) = cursor.fetchone()
    return int(sequence)


def _scoped(entry: Entry) -> list[list[str]]:
    """Runs of tokens that phrases do not cross."""
    runs = [*entry.names, *entry.titles, *entry.texts]
    runs += [[NAMES + token for token in run] for run in entry.names]
    runs += [[HEAD + token for token in run] for run in (*entry.names, *entry.titles)]
    return runs


def tokens_carried(entry: Entry) -> list[str]:
    """The token of each mark of an advisory."""
    return [token_of(text) for text in (*entry.marks, *entry.hidden)]


def _running_text(entry: Entry) -> str:
    """For FTS5, whose tokens are what white space separates."""
    return f" {_BETWEEN} ".join([" ".join(tokens_carried(entry)), *map(" ".join, _scoped(entry))])


def _vector(entry: Entry) -> str:
    """For PostgreSQL, the text of a tsvector."""
    positions: dict[str, list[str]] = {}
    place = 0
    for run in _scoped(entry):
        for token in run:
            place = min(place + 1, LAST_POSITION)
            known = positions.setdefault(token, [])
            if len(known) < MOST_POSITIONS:
                known.append(str(place))
        place += 1
    marks = [*tokens_carried(entry), *(block_token(bits, entry.sequence >> bits) for bits in BLOCKS)]
    return " ".join(
        [*(f"'{mark}'" for mark in marks), *(f"'{token}':{','.join(at)}" for token, at in positions.items())]
    )
