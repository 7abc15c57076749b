"""Lists by date of what filters find without words, from sets: month by month, as many as are needed.

Of a month that holds few hits all are read; where it holds many, its advisories are gone through by date until enough of them are
hits.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from incidents.publication.fulltext.by_sets import read_at
from incidents.publication.fulltext.dated import end_of, months_ahead
from incidents.publication.fulltext.expression import Expression, mark
from incidents.publication.fulltext.index import Hit
from incidents.publication.fulltext.sets import Sets, in_set, newest_of
from incidents.publication.reading import reading_connection
from incidents.publication.tallies import MONTH
from incidents.vocabulary.dates import month_of

FEW = 1_000
"""What takes less to sort as a whole than to look for month by month."""

MANY = 150
"""So many hits of one month take longer to read than its first advisories by date."""

AMPLE, MORE = 3, 3
"""How many times as many hits as are wanted what is read first should hold; and how many times as many months are read in all
when those were not enough.
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a list by date.

    Attributes:
        place: the date and the id, with a space between them, beyond which it begins; empty for the beginning of the list.
        limit: how many hits are wanted.
        backwards: whether it goes to later dates.
    """

    place: str
    limit: int
    backwards: bool = False

    @property
    def here(self) -> str:
        """The month in which it begins; empty for none."""
        return month_of(self.place.partition(" ")[0])

    def is_beyond(self, known_on: str) -> bool:
        """Whether a date and an id lie in it."""
        return not self.place or (known_on > self.place if self.backwards else known_on < self.place)


_Row = tuple[str, int, int]
"""A hit: its date and id, the sequence of its release, the key of the advisory."""


@dataclass(frozen=True, slots=True)
class _Month:
    """A month, how many advisories it has, and which hits, as bits."""

    name: str
    size: int
    bits: int


def dated_in_sets(
    sets: Sets, asked: Expression, count_months: Callable[[], Mapping[str, int]], wanted: Wanted
) -> list[Hit]:
    """The first hits of a list by date, the latest first, or backwards. Two queries where these are few; else some more, as many
    as there are months with many hits and times that three times as many months have to be read.

    Args:
        count_months: gives how many advisories there are in each month that hits may be in; asked where they are many.
    """
    sets.learn([asked])
    bits = sets.of(asked)
    rows: list[_Row] = []
    if bits.bit_count() > FEW:
        some, bits = bits, 0
        for month in _first_months(sets, some, count_months(), wanted):
            if month.bits.bit_count() <= MANY:
                bits |= month.bits
            else:
                rows += _walk(month, wanted)
    rows += _rows_of(bits)
    beyond = [row for row in rows if wanted.is_beyond(row[0])]
    first = sorted(beyond, reverse=not wanted.backwards)[: wanted.limit]
    return [Hit(0, sequence, advisory_id) for _, sequence, advisory_id in first]


def _first_months(sets: Sets, bits: int, months: Mapping[str, int], wanted: Wanted) -> Iterator[_Month]:
    """The first months that hold hits, until they hold as many as are wanted; the one in which the list begins not counted. As
    many months are read as are likely to be enough, then, where they are not, several times as many.
    """
    ahead = months_ahead(months, wanted.place, backwards=wanted.backwards)
    held = known = 0
    for number, name in enumerate(ahead):
        if number == known:
            known = MORE * known or _enough(ahead, months, bits.bit_count(), wanted.limit)
            sets.learn(mark(MONTH, one) for one in ahead[number:known])
        month = _Month(name, months[name], bits & sets.of(mark(MONTH, name)))
        if month.bits:
            yield month
            held += 0 if name == wanted.here else month.bits.bit_count()
        if held >= wanted.limit:
            return


def _enough(ahead: Sequence[str], months: Mapping[str, int], count: int, limit: int) -> int:
    """How many months are likely to hold enough of so many hits."""
    needed = AMPLE * limit * sum(months.values()) / count
    for number, month in enumerate(ahead, 1):
        needed -= months[month]
        if needed <= 0:
            return number
    return len(ahead)


def _walk(month: _Month, wanted: Wanted) -> list[_Row]:
    """The first hits of a month; all of them where going through the month did not find enough."""
    most = AMPLE * wanted.limit * month.size // month.bits.bit_count() + 1
    sign, direction = (">", "ASC") if wanted.backwards else ("<", "DESC")
    sql = "SELECT known_on, sequence, advisory_id FROM incidents_advisory_text WHERE known_on >= %s AND known_on < %s"
    params = [month.name, end_of(month.name)]
    if wanted.place:
        sql, params = f"{sql} AND known_on {sign} %s", [*params, wanted.place]
    with reading_connection().cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY known_on {direction} LIMIT {most}", params)
        rows = cursor.fetchall()
    hits = set(in_set(month.bits, [sequence for _, sequence, _ in rows]))
    found = [row for row in rows if row[1] in hits]
    return found if len(found) >= wanted.limit or len(rows) < most else _rows_of(month.bits)


def _rows_of(bits: int) -> list[_Row]:
    rows = read_at("known_on, advisory_id", newest_of(bits, limit=bits.bit_count()))
    return [(known_on, sequence, advisory_id) for sequence, (known_on, advisory_id) in rows.items()]
