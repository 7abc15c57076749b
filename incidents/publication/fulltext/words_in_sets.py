"""Counts of what words find among what filters find: the newest hits of the words, held against the sets of the filters.

An index of words is slow to say what words and filters have in common, and quick to say where words stand. So that is all it is
asked; only where too few of the newest hits are in the set of the filters are both looked up together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.publication.fulltext.among import FEW, found_among
from incidents.publication.fulltext.by_sets import read_at
from incidents.publication.fulltext.expression import Expression
from incidents.publication.fulltext.index import Sample, count_and_mark, newest_sequences
from incidents.publication.fulltext.sets import in_set

LOOKED_AT, LOOKED_AT_FILTERED = 1_500, 3_000
"""How many of the newest hits of the words are looked at, without filters and with them."""

ENOUGH, MOST_LOOKED_UP = 31, 150
"""Where so many of them are in the set of the filters, a page and one more, no more are looked for; else up to so many."""


@dataclass(frozen=True, slots=True)
class Search:
    """Words among what filters find.

    Attributes:
        words: what is looked for.
        together: the same and the filters.
        found: what filters find, as bits: all of them, then all but one.
        is_filtered: whether there are any.
    """

    words: Expression
    together: Expression
    found: Sequence[int]
    is_filtered: bool


def counted_with_words(
    search: Search, *, limits: Sequence[int], head: int, most: int
) -> tuple[int, bool, list[Sample]]:
    """How many hits there are, counted up to `most`; whether there may be more; and the newest hits in each set, as many as its
    limit says. Two queries, three where words and filters are looked up together.
    """
    looked_at = LOOKED_AT_FILTERED if search.is_filtered else LOOKED_AT
    sequences = newest_sequences(search.words, head=head, limit=looked_at + 1)
    is_cut = len(sequences) > looked_at
    inside = [in_set(bits, sequences) for bits in search.found]
    total, samples = len(inside[0]), [some[:limit] for some, limit in zip(inside, limits, strict=True)]
    rows = read_at("advisory_id, marks", sorted({sequence for some in samples for sequence in some}))
    answers = [
        Sample([(one, *rows[one]) for one in some if one in rows], is_cut or len(whole) > len(some))
        for some, whole in zip(samples, inside, strict=True)
    ]
    if is_cut and total < ENOUGH:
        total, answers[0] = _looked_up_together(search, head)
        is_cut = answers[0].is_cut
    return min(total, most), is_cut or total > most, answers


def _looked_up_together(search: Search, head: int) -> tuple[int, Sample]:
    if search.found[0].bit_count() <= FEW:
        hits = found_among(search.found[0], search.words)
        return len(hits), Sample(hits, is_cut=False)
    total, (sample,) = count_and_mark([search.together], head=head, limits=[MOST_LOOKED_UP])
    return min(total, MOST_LOOKED_UP), sample
