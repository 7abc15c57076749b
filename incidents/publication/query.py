"""What a reader types into the search box, understood: words, “phrases”, beginnings*, and -what is left out.

All that is not left out has to occur. Nothing that is typed can be an error, and nothing of it reaches a database as syntax.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from incidents.publication.tokens import UNSPACED, tokenise

MOST_TERMS = 12
_PIECE = re.compile(r'(-?)(?:["“”„«]([^"“”„«»]*)["“”«»]|([^\s"“”„«»]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that have to stand side by side.

    Attributes:
        tokens: at least one.
        is_beginning: whether the last token may be the beginning of a longer one.
        meant: the tokens of which the last may be the beginning, itself among them, once they have been looked up.
        is_phrase: whether it was put in quotation marks.
        typed: as the reader wrote it.
    """

    tokens: tuple[str, ...]
    is_beginning: bool = False
    is_phrase: bool = False
    typed: str = ""
    meant: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """A search: what has to occur, and what must not."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    @cached_property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for and nothing to leave out."""
        return not (self.wanted or self.unwanted)


def read_words(text: str) -> Words:
    """Understand a search. The last word counts as the beginning of one unless white space or a quotation mark ends it."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for piece in list(_PIECE.finditer(text))[:MOST_TERMS]:
        minus, phrase, word = piece.groups()
        is_last = piece.end() == len(text)
        term = _read_phrase(phrase) if word is None else _read_word(word, is_last=is_last and not minus)
        if term is not None:
            (unwanted if minus else wanted).append(term)
    return Words(tuple(wanted), tuple(unwanted))


def _read_phrase(text: str) -> Term | None:
    tokens = tuple(tokenise(text))
    return Term(tokens, is_phrase=True, typed=text) if tokens else None


def _read_word(text: str, *, is_last: bool) -> Term | None:
    tokens = tuple(tokenise(text))
    if not tokens:
        return None
    whole = UNSPACED.fullmatch(tokens[-1]) is not None
    return Term(tokens, is_beginning=(is_last or text.endswith("*")) and not whole, typed=text)
