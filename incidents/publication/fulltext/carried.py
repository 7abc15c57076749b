"""The marks by which advisories stand in sets, from what the index's table says of each."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter

from django.db import connection

from incidents.publication.fulltext.expression import mark_token
from incidents.publication.fulltext.sets import BLOCK, GONE, STANDING, all_blocks, block_of, change_sets, clear_sets
from incidents.publication.models import Facet
from incidents.publication.models.tally import AUDIENCES
from incidents.publication.tallies import MONTH
from incidents.vocabulary.dates import month_of
from incidents.vocabulary.words import Certainty

_TECHNIQUE = f"{Facet.TECHNIQUE}:"
_ROWS = (
    "SELECT t.sequence, t.marks, t.known_on, a.tlp_rank, a.is_withdrawn FROM incidents_advisory_text t "
    "JOIN incidents_advisory a ON a.id = t.advisory_id WHERE t.sequence >= %s AND t.sequence < %s ORDER BY t.sequence"
)
_CERTAINTIES = (
    "SELECT t.sequence, n.certainty, n.value FROM incidents_advisory_text t CROSS JOIN incidents_advisoryterm n "  # in this order
    "WHERE n.advisory_id = t.advisory_id AND n.certainty <> '' AND t.sequence >= %s AND t.sequence < %s"
)


def token_of(text: str) -> str:
    """The token of a mark as the index's table says it, `facet:value`."""
    facet, _, value = text.partition(":")
    return mark_token(facet, value)


def formerly_carried(marks: str, known_on: str | None) -> list[str]:
    """Every token by which an advisory may have stood in a set, and some by which it did not, from its row in the index."""
    said = marks.split()
    techniques = [text.removeprefix(_TECHNIQUE) for text in said if text.startswith(_TECHNIQUE)]
    return [
        *map(token_of, said),
        mark_token(MONTH, month_of((known_on or "").partition(" ")[0])),
        *(mark_token(certainty, value) for certainty in Certainty.values for value in techniques),
        *(mark_token(sort, rank) for sort in (STANDING, GONE) for rank in range(len(AUDIENCES))),
    ]


def refill_sets(on_progress: Callable[[int], object]) -> None:
    """Make all sets again from the index's table and the projection, one block of releases after the other."""
    clear_sets()
    for block in range(_last_block() + 1):
        rows = _rows_of(block)
        change_sets(rows, ())
        on_progress(len(rows))


def wrong_sets() -> Iterator[tuple[str, int]]:
    """Marks and blocks of the sets that are not what the index's table and the projection say. What looks wrong is read once
    more: it may have changed while it was read.
    """
    expected = {
        (token, block): hash(bits) for block in range(_last_block() + 1) for token, bits in _expected_in(block).items()
    }
    suspects = [key for key, bits in all_blocks() if expected.pop(key, None) != hash(bits)]
    by_block = sorted((block, token) for token, block in [*suspects, *expected])
    for block, keys in groupby(by_block, key=itemgetter(0)):
        right = _expected_in(block)
        yield from ((token, block) for _, token in keys if right.get(token, 0) != block_of(token, block))


def _expected_in(block: int) -> dict[str, int]:
    """What stands in a block of each set, as bits."""
    found: dict[str, int] = defaultdict(int)
    for sequence, tokens in _rows_of(block):
        for token in tokens:
            found[token] |= 1 << (sequence - (block << BLOCK))
    return found


def _rows_of(block: int) -> list[tuple[int, list[str]]]:
    """The sequences of a block, each with the tokens of the sets in which it stands."""
    place = [block << BLOCK, (block + 1) << BLOCK]
    how: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_CERTAINTIES, place)
        for sequence, certainty, value in cursor.fetchall():
            how[sequence].append(mark_token(certainty, value))
        cursor.execute(_ROWS, place)
        return [(sequence, [*_carried(*row), *how.get(sequence, ())]) for sequence, *row in cursor.fetchall()]


def _last_block() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(sequence), 0) FROM incidents_advisory_text")
        (last,) = cursor.fetchone()
    return int(last) >> BLOCK


def _carried(marks: str, known_on: str, tlp_rank: int, is_withdrawn: bool) -> Iterator[str]:
    yield from map(token_of, marks.split())
    yield mark_token(MONTH, month_of(known_on.partition(" ")[0]))
    for rank in range(tlp_rank, len(AUDIENCES)):
        yield mark_token(GONE if is_withdrawn else STANDING, rank)
