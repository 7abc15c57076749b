"""The difference between two releases, laid out like a law gazette: what it said, what it says, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from incidents.publication.changes import Change, changes_between
from incidents.publication.document import AdvisoryDocument

SAME, GONE, NEW, SKIPPED = "same", "gone", "new", "skipped"
_CITATION = re.compile(r"\[\^(\d{1,4})\]")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 4_000
_WORTH_SKIPPING = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: `same` in both, `gone` or `new`; `skipped` says how many unchanged paragraphs are not repeated."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One field that differs; a column is empty where there was, or is, nothing."""

    label: str
    kind: str
    said: tuple[Piece, ...]
    says: tuple[Piece, ...]


def gazette(old: AdvisoryDocument, new: AdvisoryDocument) -> list[Entry]:
    """An entry for each field in which two documents of an advisory differ, in reading order."""
    return [_entry(change) for change in changes_between(old, new)]


def _entry(change: Change) -> Entry:
    before, after = (_CITATION.sub(r"[\1]", text) for text in (change.before, change.after))
    pieces = list(mark(before, after))
    return Entry(
        label=change.label,
        kind=change.kind.label,
        said=tuple(piece for piece in pieces if piece.kind != NEW) if before else (),
        says=tuple(piece for piece in pieces if piece.kind != GONE) if after else (),
    )


def mark(before: str, after: str) -> Iterator[Piece]:
    """Two texts as one run of pieces. Paragraphs are matched first, then the words of those that differ."""
    old, new = before.split("\n\n"), after.split("\n\n")
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "\n\n".join(old[i1:i2]), "\n\n".join(new[j1:j2])
        if kind == "equal":
            yield _unchanged(gone, i2 - i1)
        else:
            yield from _mark_words(gone, came)
        if i2 < len(old) or j2 < len(new):
            yield Piece(SAME, "\n\n")


def _unchanged(text: str, paragraphs: int) -> Piece:
    if len(text) < _WORTH_SKIPPING:
        return Piece(SAME, text)
    return Piece(SKIPPED, f"{paragraphs} unchanged paragraph{'s' if paragraphs > 1 else ''}")


def _mark_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        yield from _replaced(before, after)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:  # hardly a word in common: a patchwork of marks would say less than two whole texts
        yield from _replaced(before, after)
        return
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(old[i1:i2]))
        else:
            yield from _replaced("".join(old[i1:i2]), "".join(new[j1:j2]))


def _replaced(gone: str, came: str) -> Iterator[Piece]:
    if gone:
        yield Piece(GONE, gone)
    if came:
        yield Piece(NEW, came)
