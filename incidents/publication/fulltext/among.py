"""Words in the few advisories that filters leave: their texts are read, which takes less than looking the words up among all."""

from incidents.publication.fulltext.expression import All, AnyOf, Expression, Side, Without, to_tsquery
from incidents.publication.fulltext.index import Marked
from incidents.publication.fulltext.sets import newest_of
from incidents.publication.reading import reading_connection

FEW = 500
"""So many texts are read rather than looked up."""

Params = list[str]


def found_among(bits: int, words: Expression) -> list[Marked]:
    """Those of a few advisories, a set, in which an expression made of words holds, the newest first. One query."""
    sequences = newest_of(bits, limit=bits.bit_count())
    if not sequences:
        return []
    reading = reading_connection()
    with reading.cursor() as cursor:
        if reading.vendor == "postgresql":
            cursor.execute(
                "SELECT sequence, advisory_id, marks FROM "  # in two steps, or the words are looked up among all
                "(SELECT * FROM incidents_advisory_text WHERE sequence = ANY(%s) OFFSET 0) AS few WHERE words @@ %s::tsquery "
                "ORDER BY sequence DESC",
                [sequences, to_tsquery(words)],
            )
        else:
            holds, params = _holds(words)
            cursor.execute(
                "SELECT sequence, advisory_id, marks FROM incidents_advisory_text JOIN "  # noqa: S608
                f"(SELECT rowid AS place, ' ' || words || ' ' AS said FROM incidents_advisory_words) ON place = sequence "
                f"WHERE sequence IN ({', '.join(['%s'] * len(sequences))}) AND {holds} ORDER BY sequence DESC",
                [*sequences, *params],
            )
        return list(cursor.fetchall())


def _holds(asked: Expression) -> tuple[str, Params]:
    """For SQLite: whether tokens stand in a text in which spaces separate them."""
    match asked:
        case Side(tokens):
            return "instr(said, %s) > 0", [f" {' '.join(tokens)} "]
        case All(parts):
            return _joined(" AND ", parts)
        case AnyOf(parts):
            return _joined(" OR ", parts)
        case Without(kept, dropped):
            (held, params), (out, more) = _holds(kept), _holds(dropped)
            return f"({held} AND NOT {out})", [*params, *more]


def _joined(word: str, parts: tuple[Expression, ...]) -> tuple[str, Params]:
    said = [_holds(part) for part in parts]
    return f"({word.join(sql for sql, _ in said)})", [value for _, params in said for value in params]
