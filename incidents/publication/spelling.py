"""Forgiving mistakes of typing: which word of a name or a title was meant by one that nothing contains.

A word is kept under itself and under itself without each of its letters. Two words that differ by one letter too many, too
few, another or two swapped meet there, on both engines and in any script that has letters, without an extension of a database.
"""

from collections.abc import Iterable

from django.db import connection

from incidents.publication.audience import Audience
from incidents.publication.models import Spelling
from incidents.publication.query import Words

SHORTEST, LONGEST = 4, 30
_BOTH_ENDS = 7
"""Words of this length may have two letters too many, or one too many and another wrong."""

_TABLE = "incidents_spelling"
_PUT = (
    f"INSERT INTO {_TABLE} (variant, word, tlp_rank) VALUES (%s, %s, %s) "  # noqa: S608
    "ON CONFLICT (variant, word) DO UPDATE SET tlp_rank = excluded.tlp_rank "
    f"WHERE {_TABLE}.tlp_rank > excluded.tlp_rank"
)


def learn_words(words: Iterable[tuple[int, str]]) -> None:
    """Keep words that may be meant, each with the TLP rank of what it stands in. In the caller's transaction."""
    ranks: dict[str, int] = {}
    for rank, word in words:
        if SHORTEST <= len(word) <= LONGEST and is_worded(word):
            ranks[word] = min(rank, ranks.get(word, rank))
    known = dict(Spelling.objects.filter(variant__in=list(ranks), word__in=list(ranks)).values_list("word", "tlp_rank"))
    news = sorted((word, rank) for word, rank in ranks.items() if known.get(word, rank + 1) > rank)
    rows = [(variant, word, rank) for word, rank in news for variant in sorted({word, *shortened(word)})]
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, rows)


def clear_spellings() -> None:
    """Forget all words, before they are learnt again."""
    Spelling.objects.all().delete()


def nearest_words(words: Iterable[str], audience: Audience) -> dict[str, str]:
    """For each word that is not known itself the known word nearest to it, where there is one. One query."""
    asked = {word: variants_of(word) for word in words if SHORTEST <= len(word) <= LONGEST and is_worded(word)}
    wanted = sorted(set().union(*asked.values()))
    if not wanted:
        return {}
    rows = Spelling.objects.filter(variant__in=wanted, tlp_rank__lte=audience.highest_rank)
    meeting: dict[str, set[str]] = {}
    for variant, word in rows.values_list("variant", "word"):
        meeting.setdefault(variant, set()).add(word)
    found = {}
    for word, variants in asked.items():
        candidates = set().union(*(meeting.get(variant, set()) for variant in variants))
        if candidates and word not in candidates:
            found[word] = min(candidates, key=lambda other: (distance(word, other), other[0] != word[0], other))
    return found


def is_worded(word: str) -> bool:
    """Whether there is no digit in it: nobody can tell which number was meant."""
    return not any(map(str.isdigit, word))


def correct(text: str, words: Words, audience: Audience) -> str:
    """What was typed, with every mistyped word replaced by the one that was probably meant."""
    single = [term for term in words.wanted if len(term.tokens) == 1 and not term.is_phrase]
    meant = nearest_words([term.tokens[0] for term in single], audience)
    for term in single:
        if term.tokens[0] in meant:
            text = text.replace(term.typed, meant[term.tokens[0]], 1)
    return text


def shortened(word: str) -> set[str]:
    """The word without each of its letters."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def variants_of(word: str) -> set[str]:
    """Where to look for a mistyped word: under itself, and under itself without one letter, or without two of a long one."""
    once = shortened(word)
    twice = set().union(*map(shortened, once)) if len(word) >= _BOTH_ENDS else set()
    return {word} | once | twice


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, left out, exchanged or swapped with their neighbour to make one of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        ahead = [place]
        for column, sign in enumerate(other, 1):
            cost = min(row[column] + 1, ahead[-1] + 1, row[column - 1] + (letter != sign))
            if before and column > 1 and letter == other[column - 2] and one[place - 2] == sign:
                cost = min(cost, before[column - 2] + 1)
            ahead.append(cost)
        before, row = row, ahead
    return row[-1]
