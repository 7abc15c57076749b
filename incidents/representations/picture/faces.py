"""The typefaces of the picture, and which of them can set a text whole. What none of them can set is not drawn at all."""

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont, features
from PIL.ImageFont import FreeTypeFont, Layout

FONTS = Path(__file__).parent / "fonts"
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface.

    Attributes:
        file: the name of its file in `fonts/`.
        leading: the distance of lines, as a multiple of the size of type.
        is_shaped: whether its script is illegible unless letters are joined and put in order, which takes FriBiDi.
    """

    file: str
    leading: float
    is_shaped: bool = False

    def at(self, size: int) -> FreeTypeFont:
        """The typeface in a size in pixels."""
        layout = Layout.RAQM if can_shape() else Layout.BASIC
        return ImageFont.truetype(FONTS / self.file, size, layout_engine=layout)

    def has(self, text: str) -> bool:
        """Whether it has every character of a text."""
        return all(ord(one) in _COVERAGE[self.file] for one in text if one not in _JOINERS)


SERIF = Face("SourceSerif4-SemiBold.ttf", leading=1.14)
SANS = Face("SourceSans3-SemiBold.ttf", leading=1.2)
_FACES = (
    SERIF,
    Face("NotoSansSC-SemiBold.woff2", leading=1.26),
    Face("NotoSerifDevanagari-SemiBold.ttf", leading=1.42, is_shaped=True),
    Face("NotoNaskhArabic-SemiBold.ttf", leading=1.5, is_shaped=True),
)


def can_shape() -> bool:
    """Whether this machine can join letters and set right to left: Pillow needs the system's FriBiDi for it."""
    return bool(features.check("raqm"))


def face_for(text: str) -> Face | None:
    """The first typeface that can set a text whole; None where no single one can."""
    return next((face for face in _FACES if face.has(text) and (can_shape() or not face.is_shaped)), None)


def clean(text: str) -> str:
    """A text as it is drawn: composed, on one line, without marks that only steer (Unicode category Cf)."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(one for one in composed if one in _JOINERS or unicodedata.category(one) != "Cf")


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (UAX #9, rules P2 and P3)."""
    directions = (unicodedata.bidirectional(one) for one in text)
    return next((one in _RIGHT_TO_LEFT for one in directions if one in ("L", *_RIGHT_TO_LEFT)), False)


def _read(ranges: str) -> frozenset[int]:
    ends = (part.partition("-") for part in ranges.split())
    return frozenset(code for first, _, last in ends for code in range(int(first, 16), int(last or first, 16) + 1))


_COVERAGE = {
    file: _read(ranges) for file, ranges in json.loads((FONTS / "coverage.json").read_text(encoding="utf-8")).items()
}
