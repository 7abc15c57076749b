"""The difference between two releases, laid out like a law gazette: what it said, what it says, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from incidents.publication.changes import Change, changes_between
from incidents.publication.document import AdvisoryDocument

SAME, GONE, NEW, SKIPPED = "same", "gone", "new", "skipped"
_CITATION = re.compile(r"\[\^(\d{1,4})\]")
_SOFT_BREAK = re.compile(r"(?<!\n)\n(?![\n\-*+#>|]|\d+[.)])[ ]*")
_WORD = re.compile(r"\w+\s*|[^\w\s]+\s*|\s+")
_MOST_WORDS = 4_000
_WORTH_SKIPPING = 200
_ISLAND = 3


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
    before, after = _readable(change.before), _readable(change.after)
    pieces = list(mark(before, after))
    return Entry(
        label=change.label,
        kind=change.kind.label,
        said=tuple(piece for piece in pieces if piece.kind != NEW) if before else (),
        says=tuple(piece for piece in pieces if piece.kind != GONE) if after else (),
    )


def _readable(text: str) -> str:
    """Markdown as its writers see it, without the line breaks inside paragraphs, which mean nothing."""
    return _CITATION.sub(r"[\1]", _SOFT_BREAK.sub(" ", text.strip()))


def mark(before: str, after: str) -> Iterator[Piece]:
    """Two texts as one run of pieces. Paragraphs are matched first, then the words of those that differ."""
    old, new = before.split("\n\n"), after.split("\n\n")
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
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


# difflib's own heuristic for frequent words stays on below: without it, a text of one word repeated takes minutes.
def _mark_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        yield from _replaced(before, after)
        return
    matcher = SequenceMatcher(None, old, new)
    if matcher.ratio() < 0.3:  # hardly a word in common: a patchwork of marks would say less than two whole texts
        yield from _replaced(before, after)
        return
    for is_same, gone, came in _runs(matcher, old, new):
        if is_same:
            yield Piece(SAME, gone)
        else:
            yield from _replaced(gone, came)


def _runs(matcher: "SequenceMatcher[str]", old: list[str], new: list[str]) -> Iterator[tuple[bool, str, str]]:
    """Runs of equal and of differing words. One or two equal words amid changes join them: islands are hard to read."""
    gone, came = "", ""
    codes = matcher.get_opcodes()
    for place, (kind, i1, i2, j1, j2) in enumerate(codes):
        is_inside = 0 < place < len(codes) - 1
        if kind == "equal" and not (is_inside and i2 - i1 < _ISLAND):
            if gone or came:
                yield False, gone, came
            gone, came = "", ""
            yield True, "".join(old[i1:i2]), ""
        else:
            gone, came = gone + "".join(old[i1:i2]), came + "".join(new[j1:j2])
    if gone or came:
        yield False, gone, came


def _replaced(gone: str, came: str) -> Iterator[Piece]:
    if gone:
        yield Piece(GONE, gone)
    if came:
        yield Piece(NEW, came)
