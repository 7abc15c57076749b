"""The list by when incidents happened, from an index that knows the order of releases only.

Each row carries a mark of the month in which its incident happened, or of the year where no more is known. Months are asked
one after the other, then several at once, then all that are left; each is sorted by itself, and what comes first is enough
most of the time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection

from incidents.publication.fulltext.expression import Expression, all_of, any_of, mark, to_fts5, to_tsquery
from incidents.publication.fulltext.index import Hit, Params
from incidents.publication.reading import reading_connection
from incidents.publication.tallies import MONTH
from incidents.vocabulary.dates import month_of

SMALL, SMALL_PARTS = 3_000, 20
LARGE, LARGE_PARTS = 40_000, 12
"""How many advisories the months of one part hold together, unless one month alone holds more; and how many such parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the list: what is in it, and the text beyond which its dates lie; empty for no such limit."""

    asked: Expression
    beyond: str


def parts_of(asked: Expression, months: Mapping[str, int] | None, place: str, *, backwards: bool = False) -> list[Part]:
    """The parts of a list, the latest first, or backwards.

    Args:
        asked: what is listed.
        months: how many advisories there are in each month; None where that is not known of all that are asked for.
        place: the date and the id, with a space between them, beyond which the list begins; empty for its beginning.
    """
    if months is None:
        return [Part(asked, place)]
    ahead = months_ahead(months, place, backwards=backwards)
    groups = list(islice(_grouped(ahead, months), SMALL_PARTS + LARGE_PARTS))
    parts = [Part(all_of(asked, any_of(*(mark(MONTH, month) for month in group))), place) for group in groups]
    if groups and groups[-1][-1] != ahead[-1]:
        last = groups[-1][-1]
        parts.append(Part(asked, end_of(last) if backwards else last))
    return parts


def months_ahead(months: Iterable[str], place: str, *, backwards: bool) -> list[str]:
    """The months in which a list goes on from a place, in its order."""
    here = month_of(place.partition(" ")[0])
    return [month for month in sorted(months, reverse=not backwards) if not here or _is_ahead(month, here, backwards)]


def find_dated(parts: Sequence[Part], *, limit: int, backwards: bool = False) -> list[Hit]:
    """The first hits of a list, part after part. One query."""
    sign, direction = (">", "ASC") if backwards else ("<", "DESC")
    # Adding nothing keeps the planner from walking the index of dates and unpacking a vector at every step.
    date = "known_on || ''" if connection.vendor == "postgresql" else "known_on"
    pieces, params = [], []
    for place, part in enumerate(parts):
        source, values = _source(part.asked)
        if part.beyond:
            source += f" AND {date} {sign} %s"
            values.append(part.beyond)
        piece = f"SELECT known_on, sequence, advisory_id FROM {source} ORDER BY {date} {direction} LIMIT {limit}"  # noqa: S608
        pieces.append(f"SELECT * FROM ({piece}) AS part{place}")  # noqa: S608
        params += values
    if not parts:
        return []
    with reading_connection().cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(pieces)} LIMIT {limit}", params)
        rows = sorted(cursor.fetchall(), reverse=not backwards)
    return [Hit(0, sequence, advisory_id) for _, sequence, advisory_id in rows]


def _source(asked: Expression) -> tuple[str, Params]:
    if connection.vendor == "postgresql":
        return "incidents_advisory_text WHERE words @@ %s::tsquery", [to_tsquery(asked)]
    found = "SELECT rowid AS hit FROM incidents_advisory_words WHERE incidents_advisory_words MATCH %s"
    return f"({found}) CROSS JOIN incidents_advisory_text ON sequence = hit WHERE true", [to_fts5(asked)]


def _is_ahead(month: str, here: str, backwards: bool) -> bool:
    """Whether a list that has come to one month goes on in another."""
    return month >= here if backwards else month <= here


def _grouped(months: Iterable[str], counts: Mapping[str, int]) -> Iterator[list[str]]:
    """Months in a row, as many together as may be."""
    group: list[str] = []
    held = done = 0
    for month in months:
        if group and held + counts[month] > (SMALL if done < SMALL_PARTS else LARGE):
            yield group
            group, held, done = [], 0, done + 1
        group.append(month)
        held += counts[month]
    if group:
        yield group


def end_of(month: str) -> str:
    """A text after every date in a month, or after every one of which only that year is known."""
    return month + ("~" if "-" in month else "!")
