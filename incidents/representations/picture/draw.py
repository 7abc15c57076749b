"""Drawing on the picture's paper: type, severity bars, the bell line, a label. Sizes and places are in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from incidents.representations.picture.faces import SANS, Face, is_right_to_left

WIDTH, HEIGHT = 1200, 630

# The light values of `static/css/tokens.css`, by the names they have there.
COLOURS = {
    "paper": "#fbfaf6",
    "ink": "#1b2130",
    "ink-quiet": "#4b5261",
    "rule": "#d6d2c6",
    "severity-1": "#868d98",
    "severity-2": "#9a7f35",
    "severity-3": "#ad5f16",
    "severity-4": "#a12d1c",
    "severity-5": "#6b0f1e",
    "tlp-ground": "#000000",
    "tlp-red": "#ff2b2b",
    "tlp-amber": "#ffc000",
    "tlp-green": "#33ff00",
    "tlp-clear": "#ffffff",
}
_SMOOTH = 4  # round shapes are drawn this much larger and then reduced, because Pillow draws them with hard edges
_BAR_WIDTH, _BAR_STEP, _BAR_HEIGHTS = 9, 15, (15, 21, 27, 36, 45)


@dataclass(frozen=True, slots=True)
class Hand:
    """How something is written: its typeface, its size, the name of its colour."""

    face: Face
    size: int
    colour: str

    def font(self) -> FreeTypeFont:
        """The typeface in the size."""
        return self.face.at(self.size)


class Paper:
    """The picture while it is drawn."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), COLOURS["paper"])
        self.pen = ImageDraw.Draw(self.image)

    def write(self, text: str, at: tuple[float, float], hand: Hand, anchor: str = "ls") -> float:
        """Write a line of text and return its width. The anchor is one of Pillow's: `ls` starts at its base line."""
        font = hand.font()
        self.pen.text(at, text, font=font, fill=COLOURS[hand.colour], anchor=anchor)
        return font.getlength(text)

    def write_lines(
        self, lines: Sequence[str], top: int, sides: tuple[int, int], hand: Hand, leading: int
    ) -> list[tuple[float, float, float]]:
        """Write lines of text between two sides, from the right if the text runs so; where each stands: left, right, base."""
        font, backwards = hand.font(), is_right_to_left(lines[0])
        direction = "rtl" if backwards else None
        stand = []
        for number, line in enumerate(lines):
            base = top + hand.size * 0.8 + number * leading
            width = font.getlength(line, direction=direction)
            left = sides[1] - width if backwards else sides[0]
            self.pen.text((left, base), line, font=font, fill=COLOURS[hand.colour], anchor="ls", direction=direction)
            stand.append((left, left + width, base))
        return stand

    def rule(self, left: float, right: float, y: float, colour: str, thickness: int = 2) -> None:
        """A level line."""
        self.pen.rectangle((left, y, right, y + thickness - 1), fill=COLOURS[colour])

    def bars(self, left: int, base: int, rank: int) -> int:
        """Five bars, of which the first are filled, up to a rank from 0 to 4; the width they take."""
        colour = COLOURS[f"severity-{rank + 1}"]
        for place, height in enumerate(_BAR_HEIGHTS):
            start = left + place * _BAR_STEP
            box = (start, base - height, start + _BAR_WIDTH, base - 1)
            self.pen.rectangle(box, fill=colour if place <= rank else None, outline=colour, width=2)
        return _BAR_STEP * (len(_BAR_HEIGHTS) - 1) + _BAR_WIDTH

    def bell_line(self, x: int, ticks: Sequence[tuple[int, bool, int]]) -> None:
        """The time line from edge to edge, with ticks: their height on the picture, whether they are full, their radius."""
        self.pen.rectangle((x - 1, 0, x + 1, HEIGHT), fill=COLOURS["ink"])
        for y, is_full, radius in ticks:
            self._disc(x, y, radius, "ink")
            if not is_full:
                self._disc(x, y, radius - 4, "paper")

    def label(self, text: str, left: int, base: int, size: int, colour: str) -> int:
        """A label on black ground (TLP 2.0, section 2); its right side."""
        hand = Hand(SANS, size, colour)
        right = left + round(hand.font().getlength(text)) + 24
        self.pen.rectangle((left, base - size - 6, right, base + 14), fill=COLOURS["tlp-ground"])
        self.write(text, (left + 12, base), hand)
        return right

    def _disc(self, x: int, y: int, radius: int, colour: str) -> None:
        side = 2 * radius + 1
        mask = Image.new("L", (side * _SMOOTH, side * _SMOOTH), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, side * _SMOOTH - 1, side * _SMOOTH - 1), fill=255)
        mask = mask.resize((side, side), Image.Resampling.BOX)
        self.image.paste(COLOURS[colour], (x - radius, y - radius), mask)
