"""The difference between two releases, laid out like a law gazette: what it said, what it says, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import ngettext

from incidents.publication.changes import Change, changes_between
from incidents.publication.document import AdvisoryDocument

Code = tuple[str, int, int, int, int]
SAME, GONE, NEW, SKIPPED = "same", "gone", "new", "skipped"
_CITATION = re.compile(r"\[\^(\d{1,4})\]")
_SOFT_BREAK = re.compile(r"(?<!\n)\n(?![\n\-*+#>|]|\d+[.)])[ ]*")
_WORD = re.compile(r"\w+\s*|[^\w\s]+\s*|\s+")
_SENTENCE = re.compile(r".+?(?:[.!?…。！？]+[\s”’)\]]*|\n|$)", re.DOTALL)
_MOST_WORDS = 8_000
_LEAST_ALIKE = 0.3  # with fewer words in common, a patchwork of marks would say less than two whole texts
_WORTH_SKIPPING = 200
_ISLAND = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: `same` in both, `gone` or `new`; `skipped` says how many unchanged paragraphs are not repeated."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One field that differs, with its path in the document; a column is empty where there was, or is, nothing."""

    path: str
    label: str
    kind: str
    said: tuple[Piece, ...]
    says: tuple[Piece, ...]


@dataclass(slots=True)
class Room:
    """How many words may still be compared: what bounds the time for a whole difference, whatever its texts are like."""

    words: int = 60_000

    def take(self, words: int) -> bool:
        """Whether there is room for so many words; they are taken from it."""
        if words > min(self.words, _MOST_WORDS):
            return False
        self.words -= words
        return True


def gazette(old: AdvisoryDocument, new: AdvisoryDocument) -> list[Entry]:
    """An entry for each field in which two documents of an advisory differ, in reading order."""
    room = Room()
    return [_entry(change, room) for change in changes_between(old, new)]


def _entry(change: Change, room: Room) -> Entry:
    before, after = _readable(change.before), _readable(change.after)
    pieces = list(mark(before, after, room))
    return Entry(
        path=change.path,
        label=change.label,
        kind=str(change.kind.label),
        said=tuple(piece for piece in pieces if piece.kind != NEW) if before else (),
        says=tuple(piece for piece in pieces if piece.kind != GONE) if after else (),
    )


def _readable(text: str) -> str:
    """Markdown as its writers see it, without the line breaks inside paragraphs, which mean nothing."""
    return _CITATION.sub(r"[\1]", _SOFT_BREAK.sub(" ", text.strip()))


def mark(before: str, after: str, room: Room | None = None) -> Iterator[Piece]:
    """Two texts as one run of pieces. Paragraphs are matched first, then the words of those that differ."""
    old, new = before.split("\n\n"), after.split("\n\n")
    room = room or Room()
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        gone, came = "\n\n".join(old[i1:i2]), "\n\n".join(new[j1:j2])
        if kind == "equal":
            yield _unchanged(gone, i2 - i1)
        else:
            yield from _mark_words(gone, came, room)
        if i2 < len(old) or j2 < len(new):
            yield Piece(SAME, "\n\n")


def _unchanged(text: str, paragraphs: int) -> Piece:
    if len(text) < _WORTH_SKIPPING:
        return Piece(SAME, text)
    text = ngettext("%(number)d unchanged paragraph", "%(number)d unchanged paragraphs", paragraphs)
    return Piece(SKIPPED, text % {"number": paragraphs})


def _mark_words(before: str, after: str, room: Room) -> Iterator[Piece]:
    """The words that differ. What two texts begin and end with alike is found at once, however long it is."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    gone, came = old[start : len(old) - end], new[start : len(new) - end]
    if len(gone) + len(came) > _MOST_WORDS:
        yield from _mark_sentences(before, after, room)
    elif not room.take(len(gone) + len(came)):
        yield from _replaced(before, after)
    else:
        yield from _mark_runs(old, new, start, end)


def _shared(one: list[str], other: list[str]) -> int:
    """How many words two lists begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (word, its) in pairs if word != its), min(len(one), len(other)))


def _mark_sentences(before: str, after: str, room: Room) -> Iterator[Piece]:
    """Texts too long to compare word by word: sentences are matched first, and those that differ one by one."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    if min(len(old), len(new)) < 2 or not room.take(len(old) + len(new)):
        yield from _replaced(before, after)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(old[i1:i2]))
        elif i2 - i1 == j2 - j1 and i2 - i1 < len(old):
            for gone, came in zip(old[i1:i2], new[j1:j2], strict=True):
                yield from _mark_words(gone, came, room)
        else:
            yield from _replaced("".join(old[i1:i2]), "".join(new[j1:j2]))


# difflib's own heuristic for frequent words stays on below: without it, a text of one word repeated takes minutes.
def _mark_runs(old: list[str], new: list[str], start: int, end: int) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end])
    alike = start + end + matcher.ratio() * (len(old) + len(new) - 2 * (start + end)) / 2
    if 2 * alike < _LEAST_ALIKE * (len(old) + len(new)):
        yield from _replaced("".join(old), "".join(new))
        return
    head, tail = ("equal", 0, start, 0, start), ("equal", len(old) - end, len(old), len(new) - end, len(new))
    middle = [(kind, i1 + start, i2 + start, j1 + start, j2 + start) for kind, i1, i2, j1, j2 in matcher.get_opcodes()]
    codes = [code for code in (head, *middle, tail) if code[2] > code[1] or code[4] > code[3]]
    for is_same, gone, came in _runs(codes, old, new):
        if is_same:
            yield Piece(SAME, gone)
        else:
            yield from _replaced(gone, came)


def _runs(codes: list[Code], old: list[str], new: list[str]) -> Iterator[tuple[bool, str, str]]:
    """Runs of equal and of differing words. One or two equal words amid changes join them: islands are hard to read."""
    gone, came = "", ""
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
