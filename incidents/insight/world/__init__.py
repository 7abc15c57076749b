"""The outlines of countries on an equal-area map, and where each country stands on it. README.md says where they come from."""

import json
from pathlib import Path

_DRAWN = json.loads((Path(__file__).parent / "outlines.json").read_text(encoding="utf-8"))

WIDTH: int = _DRAWN["width"]
HEIGHT: int = _DRAWN["height"]

PLACES: dict[str, tuple[int, int]] = {code: (x, y) for code, (x, y) in _DRAWN["places"].items()}
"""The middle of each country's largest part, by its two letters."""

OUTLINES: dict[str, str] = _DRAWN["outlines"]
"""Paths of SVG by two letters, for countries large enough to be drawn; those without two letters together."""
