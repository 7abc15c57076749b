"""Setting a title into a box: breaking it into lines of even length, in the largest size that fits, else cutting it."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from incidents.representations.picture.faces import Face

SIZES = (80, 72, 64, 57, 51, 46)
"""In pixels. The smallest is still legible where a chat shows the picture 400 pixels wide."""

ELLIPSIS = "…"
_RULER = 100  # pixels: the size in which text is measured, once for all sizes
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_NEVER_FIRST = "、。，．：；！？）〕】》」』〉”’…·％"
_NEVER_LAST = "（〔【《「『〈“‘"
_DASHES = "/\u2013\u2014"
# A line may end at a space, after a stroke or dash, and on either side of a Chinese character.
_PIECES = re.compile(rf"[{_NEVER_LAST}]*(?:[{_HAN}]|[^\s{_HAN}{_DASHES}]+[{_DASHES}]*|[{_DASHES}]+)[{_NEVER_FIRST}]*")
_LOOSE_END = " ,;:-" + _DASHES


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that stays on one line; `width` is in pixels at the ruler's size, `gap` that of the space before it."""

    text: str
    width: float
    gap: float


Line = list[Piece]


@dataclass(frozen=True, slots=True)
class Setting:
    """A text in lines, the size of type and the distance of the lines, both in pixels."""

    lines: tuple[str, ...]
    size: int
    leading: int


def set_text(text: str, face: Face, *, width: int, height: int) -> Setting:
    """A text in the largest size in which it fits a box, given in pixels, without breaking a word; in the smallest size words
    that are longer than a line are broken, and what does not fit is cut and ends in “…”.
    """
    measure = face.at(_RULER).getlength
    whole = list(_pieces(text, measure, math.inf))
    longest = max(piece.width for piece in whole)
    for size in SIZES:
        room, leading = width * _RULER / size, round(size * face.leading)
        if longest > room and size != SIZES[-1]:
            continue
        most = max(1, height // leading)
        pieces = whole if longest <= room else list(_pieces(text, measure, room))
        lines = _fill(pieces, room)
        if len(lines) <= most:
            return Setting(tuple(map(_said, _even(pieces, lines, room))), size, leading)
    kept = lines[:most]
    kept[-1] = _shorten(kept[-1], measure, room)
    return Setting(tuple(map(_said, kept)), size, leading)


def cut(text: str, face: Face, size: int, width: int) -> str:
    """A text that fits a width in pixels on one line; one that does not ends in “…”."""
    measure = face.at(size).getlength
    if measure(text) <= width:
        return text
    while text and measure(text + ELLIPSIS) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _pieces(text: str, measure: Callable[[str], float], room: float) -> Iterator[Piece]:
    space = measure(" ")
    for found in _PIECES.finditer(text):
        gap = space if text[found.start() - 1 : found.start()] == " " else 0.0
        for part in _parts(found[0], measure, room):
            yield Piece(part, measure(part), gap)
            gap = 0.0


def _parts(word: str, measure: Callable[[str], float], room: float) -> Iterator[str]:
    """A word, in parts where it is longer than a line."""
    while measure(word) > room:
        end = next(end for end in range(len(word), 0, -1) if end == 1 or measure(word[:end]) <= room)
        yield word[:end]
        word = word[end:]
    if word:
        yield word


def _fill(pieces: Sequence[Piece], room: float) -> list[Line]:
    """Pieces in lines, each as full as it can be."""
    lines: list[Line] = []
    left = 0.0
    for piece in pieces:
        if lines and piece.gap + piece.width <= left:
            lines[-1].append(piece)
            left -= piece.gap + piece.width
        else:
            lines.append([piece])
            left = room - piece.width
    return lines


def _even(pieces: Sequence[Piece], lines: list[Line], room: float) -> list[Line]:
    """The same number of lines, as even as they can be: filled anew in ever narrower room, as long as none is added."""
    for share in range(98, 40, -2):
        narrower = _fill(pieces, room * share / 100)
        if len(narrower) > len(lines) or max(piece.width for piece in pieces) > room * share / 100:
            break
        lines = narrower
    return lines


def _shorten(line: Line, measure: Callable[[str], float], room: float) -> Line:
    """A line without its last pieces, so that “…” has room after it; of a single long piece, its beginning."""
    while len(line) > 1 and measure(_said(line) + ELLIPSIS) > room:
        line = line[:-1]
    said = _said(line)
    while said and measure(said + ELLIPSIS) > room:
        said = said[:-1]
    return [Piece(said.rstrip(_LOOSE_END) + ELLIPSIS, room, 0.0)]


def _said(line: Line) -> str:
    return "".join((" " if piece.gap and place else "") + piece.text for place, piece in enumerate(line))
