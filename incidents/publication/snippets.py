"""Snippets: where in an advisory the words stand that were searched for, in a line or two."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from incidents.prose.plain import plain_text
from incidents.publication.document import AdvisoryDocument
from incidents.publication.query import Words
from incidents.publication.search import plain_texts_in, plain_texts_of, prose_in, prose_of
from incidents.publication.tokens import fold, fold_word, token_pattern

BEFORE, LENGTH = 70, 220
_FOREIGN = re.compile("[^\x00-\x7f\xa0\xa7\xa9\xab\xae\xb0\xb7\xbb\u2010-\u2027\u2030-\u205e\u20ac]")
"""What is neither ASCII nor a sign between words, such as a curly quotation mark."""
_REST_OF_WORD = re.compile(r"[a-z0-9]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet; `is_found` where it is what was searched for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line or two of an advisory, in the language of the text they are from."""

    language: str
    pieces: list[Piece]


def snippet_of(document: AdvisoryDocument, words: Words) -> Snippet | None:
    """The first place in the texts of a document, besides its title and names, where a wanted word stands."""
    whole = {token for term in words.wanted for token in term.tokens}
    beginnings = tuple(term.tokens[-1] for term in words.wanted if term.meant)
    for language, texts, read in _texts(document):
        for text in texts:
            if _may_have(text, whole) and (places := _first_places(plain := read(text), whole, beginnings)):
                return Snippet(language, _cut(plain, places))
    return None


def _may_have(text: str, tokens: set[str]) -> bool:
    """Whether a token occurs in a text; Markdown is read only where one does."""
    folded = text.lower() if _is_plain(text) else fold(text)
    return any(token in folded for token in tokens)


def _texts(document: AdvisoryDocument) -> Iterator[tuple[str, Iterator[str], Callable[[str], str]]]:
    yield document.language, plain_texts_in(document), str
    yield document.language, prose_in(document), plain_text
    for translation in document.translations:  # their titles too, which the list itself does not show
        yield translation.language, chain([translation.title], plain_texts_of(translation)), str
        yield translation.language, prose_of(translation.narrative), plain_text


def _first_places(text: str, whole: set[str], beginnings: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the words stand, as far as one snippet can reach."""
    found: list[tuple[int, int]] = []
    for start, end in _places(text, whole, beginnings):
        if found and start > found[0][0] + LENGTH:
            break
        found.append((start, end))
    return found


def _places(text: str, whole: set[str], beginnings: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    if _is_plain(text):
        yield from _ascii_places(text.lower(), whole, beginnings)
        return
    for match in token_pattern(text).finditer(text):
        word = fold_word(match[0])
        if word in whole or (beginnings and word.startswith(beginnings)):
            yield match.span()


def _is_plain(text: str) -> bool:
    """Whether there are no letters but those of ASCII, so that folding does no more than making them small."""
    return text.isascii() or not _FOREIGN.search(text)


def _ascii_places(text: str, whole: set[str], beginnings: tuple[str, ...]) -> list[tuple[int, int]]:
    """The places in small letters that are ASCII, whatever signs stand between words: folding moves none of them. Only the
    words themselves are looked for, and what stands around them is looked at: in long text that takes a twentieth of what
    going through all its words does.
    """
    found = set()
    for word in whole.union(beginnings):
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            rest = _REST_OF_WORD.match(text, end).end()  # type: ignore[union-attr]  # it matches nothing, too
            begins = not (start and text[start - 1].isalnum())
            if begins and (rest == end or word in beginnings):
                found.add((start, rest))
            start = text.find(word, end)
    return sorted(found)


def _cut(text: str, places: list[tuple[int, int]]) -> list[Piece]:
    """The text around the first place, with all places in it."""
    start = max(0, places[0][0] - BEFORE)
    if start:
        start = text.find(" ", start, places[0][0]) + 1 or places[0][0]
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), places[0][1])
    pieces, at = [Piece("… ")] if start else [], start
    for first, last in places:
        if last <= end:
            pieces += [Piece(_line(text[at:first])), Piece(text[first:last], is_found=True)]
            at = last
    pieces.append(Piece(_line(text[at:end]) + (" …" if end < len(text) else "")))
    return [piece for piece in pieces if piece.text]


def _line(text: str) -> str:
    return text.replace("\n", " ")
