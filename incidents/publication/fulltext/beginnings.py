"""Beginnings of words: which words of the index begin so.

Both engines look up a beginning by gathering every hit of every word that begins so before they give the first, which takes
longer the more there are. So a beginning is asked for as what it may be the beginning of: the commonest words, from a table
that counts how often each was indexed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import connection

from incidents.publication.query import Term, Words
from incidents.publication.reading import reading_connection

FEWEST_SIGNS = 3
"""What is shorter is looked for as a whole word."""

MOST_WORDS = 64
"""That a beginning stands for; who types more of it finds the others."""

_TABLE = "incidents_advisory_token"
_PUT = {
    "sqlite": f"INSERT INTO {_TABLE} (token, times) VALUES (%s, %s) "  # noqa: S608
    "ON CONFLICT (token) DO UPDATE SET times = times + excluded.times",
    "postgresql": f"INSERT INTO {_TABLE} (token, times) SELECT * FROM unnest(%s::text[], %s::int[]) "  # noqa: S608
    f"ON CONFLICT (token) DO UPDATE SET times = {_TABLE}.times + excluded.times",
}
_FIND = f"SELECT token FROM {_TABLE} WHERE token >= %s AND token < %s ORDER BY times DESC, token LIMIT {MOST_WORDS}"  # noqa: S608


def learn_tokens(tokens: Iterable[str]) -> None:
    """Count tokens as indexed, each as often as it is given. In the caller's transaction."""
    counted = sorted((token, times) for token, times in Counter(tokens).items() if len(token) >= FEWEST_SIGNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PUT["postgresql"], [[token for token, _ in counted], [times for _, times in counted]])
        else:
            cursor.executemany(_PUT["sqlite"], counted)


def clear_tokens() -> None:
    """Forget all tokens, before they are learnt again."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TABLE}")  # noqa: S608


def with_endings(words: Words) -> Words:
    """A search in which each beginning says which words it may mean. One query, or none where nothing is a beginning."""
    terms = (*words.wanted, *words.unwanted)
    known = _words_beginning([one.tokens[-1] for one in terms if _is_asked(one)])
    if not known:
        return words
    return Words(tuple(_ended(one, known) for one in words.wanted), tuple(_ended(one, known) for one in words.unwanted))


def _is_asked(term: Term) -> bool:
    return term.is_beginning and len(term.tokens[-1]) >= FEWEST_SIGNS


def _ended(term: Term, known: dict[str, list[str]]) -> Term:
    if not _is_asked(term):
        return term
    return replace(term, meant=tuple(dict.fromkeys([term.tokens[-1], *known[term.tokens[-1]]])))


def _words_beginning(beginnings: Sequence[str]) -> dict[str, list[str]]:
    """The commonest words by what they begin with."""
    found: dict[str, list[str]] = {beginning: [] for beginning in beginnings}
    if not found:
        return found
    parts, params = [], []
    for place, beginning in enumerate(found):
        parts.append(f"SELECT {place}, token FROM ({_FIND}) AS part{place}")  # noqa: S608
        params += [beginning, beginning + "\U0010ffff"]
    asked = list(found)
    with reading_connection().cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for place, token in cursor.fetchall():
            found[asked[place]].append(token)
    return found
