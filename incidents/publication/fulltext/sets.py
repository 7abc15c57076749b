"""Sets of advisories: for each mark, which ones carry it, as one bit for each release.

An advisory stands in a set by the sequence of its current release, so that a set is in the order of releases, and any filter is
a few operations on whole numbers: its size is exact and its newest are at hand, whether it finds one advisory or a million.

Sets are kept in blocks of releases: a release changes a block of each of its marks. A block in which few stand is kept as a list
of places, others as their bits.
"""

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection

from incidents.publication.fulltext.expression import All, AnyOf, Expression, Side, Without, is_mark, mark_token
from incidents.publication.reading import reading_connection

BLOCK = 14
"""Bits of a sequence within a block: 16,384 releases, 2 KB."""

FEW = 128
"""So many places are kept as a list."""

STANDING, GONE, HIDDEN, ID = "for", "gone", "hid", "id"
"""Marks by audience: of standing advisories that it may see, of withdrawn ones that it may see, and of all that are no standing
ones it may see. The last are few, so that leaving them out costs less, in an index of words, than asking for the first. As a set
they are what the first leave. And the mark of an advisory by itself, which has no set.
"""

Key = tuple[str, int]  # token, block
_BYTES = 1 << BLOCK >> 3
_PLACES, _BITS = b"\0", b"\1"
_TABLE = "incidents_advisory_set"
_CHUNK = 400
_STANDING, _HIDDEN, _ID = (mark_token(facet) for facet in (STANDING, HIDDEN, ID))
_PUT = (
    f"INSERT INTO {_TABLE} (mark, block, bits) VALUES (%s, %s, %s) "  # noqa: S608
    "ON CONFLICT (mark, block) DO UPDATE SET bits = excluded.bits"
)


class Sets:
    """The sets of those marks that questions are about, as bits."""

    def __init__(self) -> None:
        self.by_token: dict[str, int] = {}

    def learn(self, questions: Iterable[Expression]) -> None:
        """Read the sets that these questions are about, if they have not been read. One query at the most."""
        wanted = {_shown(token) for asked in questions for token in _tokens(asked)} - self.by_token.keys()
        if wanted:
            self.by_token.update(_read(sorted(wanted)))

    def of(self, asked: Expression) -> int:
        """The set of what an expression made of marks finds, as bits."""
        match asked:
            case Side((token,)):
                return self.by_token[token]
            case All((first, *others)):
                found = self.of(first)
                for part in others:
                    found &= self.of(part)
                return found
            case AnyOf(parts):
                found = 0
                for part in parts:
                    found |= self.of(part)
                return found
            case Without(kept, Side((token,))) if token.startswith(_HIDDEN):
                return self.of(kept) & self.by_token[_shown(token)]
            case Without(kept, dropped):
                return self.of(kept) & ~self.of(dropped)
        raise TypeError(f"This is not made of marks: {asked!r}")


def is_set(asked: Expression) -> bool:
    """Whether sets can answer: whether it is made of marks alone, and none of these is of one advisory alone."""
    return all(is_mark(token) and not token.startswith(_ID) for token in _tokens(asked))


def newest_of(bits: int, *, limit: int, below: int | None = None) -> list[int]:
    """The highest sequences of a set, the newest first; below one that is not included, where it is given."""
    if below is not None and below < bits.bit_length():
        bits &= (1 << below) - 1
    count = -(-bits.bit_length() // 64)
    found: list[int] = []
    for place, word in enumerate(reversed(struct.unpack(f"<{count}Q", bits.to_bytes(count * 8, "little")))):
        rest = word
        while rest:
            top = rest.bit_length() - 1
            found.append((count - 1 - place) * 64 + top)
            if len(found) == limit:
                return found
            rest ^= 1 << top
    return found


def oldest_of(bits: int, *, limit: int, above: int = -1) -> list[int]:
    """The lowest sequences of a set, the oldest first; above one that is not included."""
    first = above + 1
    bits >>= first
    count = -(-bits.bit_length() // 64)
    found: list[int] = []
    for place, word in enumerate(struct.unpack(f"<{count}Q", bits.to_bytes(count * 8, "little"))):
        rest = word
        while rest:
            lowest = rest & -rest
            found.append(first + place * 64 + lowest.bit_length() - 1)
            if len(found) == limit:
                return found
            rest ^= lowest
    return found


def in_set(bits: int, sequences: Iterable[int]) -> list[int]:
    """Those sequences that are in a set, in their order."""
    held = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    last = len(held) - 1
    return [one for one in sequences if one >> 3 <= last and held[one >> 3] >> (one & 7) & 1]


def change_sets(put: Iterable[tuple[int, Iterable[str]]], dropped: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Take sequences out of the sets of some tokens, then put others in. In the caller's transaction.

    Args:
        put: sequences, each with the tokens it carries from now on.
        dropped: the same of what is carried no more; tokens that were not carried do no harm.
    """
    changes: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for turn, rows in enumerate((dropped, put)):
        for sequence, tokens in rows:
            block, bit = sequence >> BLOCK, 1 << (sequence & ((1 << BLOCK) - 1))
            for token in tokens:
                if not token.startswith((_HIDDEN, _ID)):
                    changes[token, block][turn] |= bit
    keys = sorted(changes)
    for start in range(0, len(keys), _CHUNK):
        _change(keys[start : start + _CHUNK], changes)


def clear_sets() -> None:
    """Empty all of them, before they are made again."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TABLE}")  # noqa: S608


def all_blocks() -> Iterator[tuple[Key, int]]:
    """Every block of every set, as bits."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT mark FROM {_TABLE}")  # noqa: S608
        tokens = [token for (token,) in cursor.fetchall()]
        for token in tokens:
            cursor.execute(f"SELECT block, bits FROM {_TABLE} WHERE mark = %s", [token])  # noqa: S608
            yield from (((token, block), _unpack(bits)) for block, bits in cursor.fetchall())


def block_of(token: str, block: int) -> int:
    """One block of a set, as bits."""
    with connection.cursor() as cursor:
        return _read_blocks(cursor, [(token, block)]).get((token, block), 0)


def _read(tokens: Sequence[str]) -> dict[str, int]:
    found: dict[str, list[tuple[int, bytes]]] = {token: [] for token in tokens}
    holes = ", ".join(["%s"] * len(tokens))
    with reading_connection().cursor() as cursor:
        cursor.execute(f"SELECT mark, block, bits FROM {_TABLE} WHERE mark IN ({holes})", tokens)  # noqa: S608
        for token, block, bits in cursor.fetchall():
            found[token].append((block, bits))
    return {token: _joined(blocks) for token, blocks in found.items()}


def _change(keys: Sequence[Key], changes: Mapping[Key, Sequence[int]]) -> None:
    with connection.cursor() as cursor:
        before = _read_blocks(cursor, keys)
        kept: list[tuple[str, int, bytes]] = []
        emptied: list[Key] = []
        for key in keys:
            less, more = changes[key]
            had = before.get(key, 0)
            has = had & ~less | more
            if has and has != had:
                kept.append((*key, _pack(has)))
            elif had and not has:
                emptied.append(key)
        cursor.executemany(_PUT, kept)
        cursor.executemany(f"DELETE FROM {_TABLE} WHERE mark = %s AND block = %s", emptied)  # noqa: S608


def _read_blocks(cursor: object, keys: Sequence[Key]) -> dict[Key, int]:
    if connection.vendor == "postgresql":
        wanted = "SELECT * FROM unnest(%s::text[], %s::bigint[])"
        params: list[object] = [[token for token, _ in keys], [block for _, block in keys]]
    else:
        wanted = f"VALUES {', '.join(['(%s, %s)'] * len(keys))}"
        params = [value for key in keys for value in key]
    cursor.execute(  # type: ignore[attr-defined]
        f"WITH wanted (token, number) AS ({wanted}) SELECT mark, block, bits FROM wanted "  # noqa: S608
        f"CROSS JOIN {_TABLE} WHERE mark = token AND block = number",
        params,
    )
    return {(token, block): _unpack(bits) for token, block, bits in cursor.fetchall()}  # type: ignore[attr-defined]


def _tokens(asked: Expression) -> Iterator[str]:
    match asked:
        case Side(tokens):
            yield from tokens
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _tokens(part)
        case Without(kept, dropped):
            yield from _tokens(kept)
            yield from _tokens(dropped)


def _shown(token: str) -> str:
    """The token of what is left when what a token hides is left out."""
    return _STANDING + token.removeprefix(_HIDDEN) if token.startswith(_HIDDEN) else token


def _joined(blocks: Sequence[tuple[int, bytes]]) -> int:
    if not blocks:
        return 0
    whole = bytearray((max(block for block, _ in blocks) + 1) * _BYTES)
    for block, packed in blocks:
        start = block * _BYTES
        if packed[:1] == _BITS:
            whole[start : start + len(packed) - 1] = packed[1:]
        else:
            for place in struct.unpack(f"<{len(packed) >> 1}H", packed[1:]):
                whole[start + (place >> 3)] |= 1 << (place & 7)
    return int.from_bytes(whole, "little")


def _unpack(packed: bytes) -> int:
    return _joined([(0, bytes(packed))])


def _pack(bits: int) -> bytes:
    if bits.bit_count() <= FEW:
        places = oldest_of(bits, limit=FEW)
        return _PLACES + struct.pack(f"<{len(places)}H", *places)
    return _BITS + bits.to_bytes(-(-bits.bit_length() // 8), "little")
