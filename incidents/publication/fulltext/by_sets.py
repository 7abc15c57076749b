"""Lists of the newest, and counts, of what filters find without words, from sets."""

from collections.abc import Sequence
from typing import Any

from incidents.publication.fulltext.expression import Expression
from incidents.publication.fulltext.index import Hit, Sample, Stretch
from incidents.publication.fulltext.sets import Sets, newest_of, oldest_of
from incidents.publication.reading import reading_connection


def hits_in_sets(sets: Sets, stretches: Sequence[Stretch], *, limit: int, backwards: bool = False) -> list[Hit]:
    """The first hits of an ordered list, as `index.find_hits` gives them. One query besides what the sets have to learn."""
    sets.learn(stretch.asked for stretch in stretches)
    found: list[tuple[int, int]] = []
    for stretch in reversed(stretches) if backwards else stretches:
        bits, room = sets.of(stretch.asked), limit - len(found)
        if not room:
            break
        if backwards:
            above = -1 if stretch.beyond is None else stretch.beyond
            sequences = oldest_of(bits, limit=room, above=above)
        else:
            sequences = newest_of(bits, limit=room, below=stretch.beyond)
        found += [(stretch.rank, sequence) for sequence in sequences]
    known = read_at("advisory_id", [sequence for _, sequence in found])
    return [Hit(rank, sequence, *known[sequence]) for rank, sequence in found if sequence in known]


def counted_in_sets(sets: Sets, questions: Sequence[Expression], *, limits: Sequence[int]) -> tuple[int, list[Sample]]:
    """How many hits the first question has, exactly, and the newest hits of each question, as many as its limit says. One query
    besides what the sets have to learn.
    """
    sets.learn(questions)
    found = [sets.of(asked) for asked in questions]
    newest = [newest_of(bits, limit=limit) for bits, limit in zip(found, limits, strict=True)]
    rows = read_at("advisory_id, marks", sorted({sequence for sequences in newest for sequence in sequences}))
    samples = [
        Sample([(one, *rows[one]) for one in sequences if one in rows], bits.bit_count() > limit)
        for sequences, bits, limit in zip(newest, found, limits, strict=True)
    ]
    return found[0].bit_count(), samples


def read_at(columns: str, sequences: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    """Columns of the index's table, by sequence. One query."""
    if not sequences:
        return {}
    reading = reading_connection()
    known, params = (
        ("= ANY(%s)", [list(sequences)])
        if reading.vendor == "postgresql"
        else (f"IN ({', '.join(['%s'] * len(sequences))})", [*sequences])
    )
    with reading.cursor() as cursor:
        cursor.execute(f"SELECT sequence, {columns} FROM incidents_advisory_text WHERE sequence {known}", params)  # noqa: S608
        return {row[0]: row[1:] for row in cursor.fetchall()}
