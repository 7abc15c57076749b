"""How often something was seen, quarter by quarter: a drawing, and the table beside it that is the truth."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from incidents.vocabulary.words import Certainty

QUARTERS = 16
BAR_ROOM = 96  # pixels above the base line for the highest bar
_HEAD = 20  # pixels above it for its figure
_SHARE = 64  # per cent of its quarter that a bar fills


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a quarter's bar: where it lies, in pixels; `is_suspected` for the hatched part on top."""

    top: str
    height: str
    is_suspected: bool


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months: how many advisories, by certainty where that matters, and its bar at `start` (per cent)."""

    year: int
    number: int
    firm: int
    suspected: int
    start: str
    middle: str
    bars: tuple[Bar, ...]
    figure_top: str

    @property
    def total(self) -> int:
        """All that is counted in the bar."""
        return self.firm + self.suspected


@dataclass(frozen=True, slots=True)
class Trend:
    """The last years by quarter; `earlier` and `undated` say how many advisories stand in no quarter of it."""

    quarters: tuple[Quarter, ...]
    width: str
    base: int
    height: int
    earlier: int
    undated: int
    is_split: bool

    @property
    def years(self) -> list[tuple[int, str]]:
        """Each year with the place (in per cent) at which it begins."""
        firsts = {quarter.year: quarter.start for quarter in reversed(self.quarters)}
        return sorted(firsts.items())

    @property
    def total(self) -> int:
        """All advisories in its quarters."""
        return sum(quarter.total for quarter in self.quarters)


Course = Iterable[tuple[str, str, int]]


def draw_trend(course: Course, today: dt.date, *, is_split: bool) -> Trend | None:
    """The trend up to today, or None where nothing is counted.

    Args:
        course: how many advisories by month (or year, where no more is known) and certainty.
        today: the day of asking.
        is_split: whether observed and suspected are told apart.
    """
    firm: Counter[int] = Counter()
    suspected: Counter[int] = Counter()
    undated, first = 0, _quarter_of(today.year, today.month) - QUARTERS + 1
    for known, certainty, count in course:
        if len(known) < 7:
            undated += count
            continue
        counted = suspected if certainty == Certainty.SUSPECTED else firm
        counted[max(_quarter_of(int(known[:4]), int(known[5:7])), first - 1)] += count
    if not (firm or suspected or undated):
        return None
    shown = range(first, first + QUARTERS)
    peak = max(1, *(firm[quarter] + suspected[quarter] for quarter in shown))
    return Trend(
        quarters=tuple(_quarter(place, firm[q], suspected[q], q, peak) for place, q in enumerate(shown)),
        width=f"{_SHARE / QUARTERS:.2f}",
        base=_HEAD + BAR_ROOM,
        height=_HEAD + BAR_ROOM + 24,
        earlier=firm[first - 1] + suspected[first - 1],
        undated=undated,
        is_split=is_split,
    )


def _quarter_of(year: int, month: int) -> int:
    """Quarters counted through, so that they can be compared."""
    return year * 4 + (month - 1) // 3


def _quarter(place: int, firm: int, suspected: int, quarter: int, peak: int) -> Quarter:
    base = _HEAD + BAR_ROOM
    low, high = BAR_ROOM * firm / peak, BAR_ROOM * (firm + suspected) / peak
    bars = []
    if firm:
        bars.append(Bar(f"{base - low:.1f}", f"{low:.1f}", is_suspected=False))
    if suspected:
        bars.append(Bar(f"{base - high:.1f}", f"{high - low:.1f}", is_suspected=True))
    return Quarter(
        year=quarter // 4,
        number=quarter % 4 + 1,
        firm=firm,
        suspected=suspected,
        start=f"{(place + (100 - _SHARE) / 200) * 100 / QUARTERS:.2f}",
        middle=f"{(place + 0.5) * 100 / QUARTERS:.2f}",
        bars=tuple(bars),
        figure_top=f"{base - high - 5:.1f}",
    )
