"""Where things stand in a drawing. Across in per cent, so that a drawing fits a phone and a wide page with the same type; down
in pixels. Templates turn it into SVG.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import hypot

from django.utils.translation import gettext, pgettext

from incidents.insight.figures import Bars, Insight, Months, Places, Series
from incidents.insight.world import HEIGHT, OUTLINES, PLACES, WIDTH
from incidents.vocabulary.numbers import number

_ROW, _LABEL, _THICK, _THIN = 38, 14, 12, 7
_SIGNS_IN_ROW = 41  # of a name and its number side by side, on the narrowest phone
_LEAST_WIDTH = 0.4  # per cent: one of thousands can still be seen
_TALLEST, _LOWEST = 72, 6
# Numbers of countries differ so much that areas in proportion would leave one circle and dust: what they mean, up to which
# number, and the radius in per cent of the map's size.
_STEPS = (("1", 1, 0.65), ("2–9", 9, 1.0), ("10–99", 99, 1.5), ("100–999", 999, 2.2), ("", 10**9, 3.2))
_MANY = 1_000  # from here on, the last step
_STEP_PLACES = (2, 15, 32, 54, 79)  # per cent across, below the map
_BELOW = 60  # for what the sizes mean
_MOST_NUMBERS, _CLEAR = 8, 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle: `x` and `width` in per cent, `y` and `height` in pixels."""

    x: str
    y: int
    width: str
    height: int


@dataclass(frozen=True, slots=True)
class BarRow:
    """A name, its number, and the bars below them: what is full and what is only outlined, if anything. `short` is the name
    cut for a phone, where it has to be.
    """

    label: str
    short: str
    value: str
    baseline: int
    full: Mark | None
    outlined: Mark | None


@dataclass(frozen=True, slots=True)
class BarDrawing:
    """Bars one below the other."""

    template = "insights/bars.svg"
    rows: tuple[BarRow, ...]
    height: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One series: its name and summary, and a column for each month in which there was anything, on a line."""

    label: str
    summary: str
    step: int
    baseline: int
    line: int
    columns: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """Where a year begins, in per cent."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class MonthDrawing:
    """Columns by month, a row for each series, all to one scale."""

    template = "insights/months.svg"
    rows: tuple[MonthRow, ...]
    years: tuple[Year, ...]
    bottom: int
    height: int


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the map, all in per cent, and what it stands for."""

    x: str
    y: str
    radius: str
    label: str


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """The world, what is counted apart from the rest, a circle for each country, the numbers of some, what sizes mean."""

    template = "insights/map.svg"
    land: str
    counted: str
    circles: tuple[Circle, ...]
    numbers: tuple[Circle, ...]
    steps: tuple[Circle, ...]
    width: int = WIDTH
    height: int = HEIGHT + _BELOW


Drawing = BarDrawing | MonthDrawing | MapDrawing


def draw(insight: Insight) -> Drawing | None:
    """The drawing of an insight, or None where there is nothing to draw."""
    match insight.drawing:
        case Bars() as bars:
            return draw_bars(bars)
        case Months() as months:
            return draw_months(months)
        case Places() as places:
            return draw_map(places)
        case _:
            return None


def draw_bars(bars: Bars) -> BarDrawing:
    """Bars, all to the scale of the greatest number or share."""
    later, earlier = bars.out_of
    most = max((max(bar.value / later, (bar.before or 0) / earlier) for bar in bars.bars), default=0) or 1
    rows, top = [], 0
    for bar in bars.bars:
        y = top + _LABEL + 6
        outlined = None
        if bar.before is not None:
            full = _bar(bar.value / later / most, y, _THICK - 3)
            outlined = _bar(bar.before / earlier / most, y + _THICK - 2, _THIN)
            value = pgettext("9 advisories after 4 in the time before", "%(now)s after %(before)s") % {
                "now": number(bar.value),
                "before": number(bar.before),
            }
        elif bar.part is not None:
            full, outlined = _bar(bar.part / most, y, _THICK), _bar(bar.value / most, y, _THICK)
            value = pgettext("9 advisories of 12", "%(part)s of %(all)s") % {
                "part": number(bar.part),
                "all": number(bar.value),
            }
        else:
            full, value = _bar(bar.value / most, y, _THICK), number(bar.value)
        rows.append(BarRow(bar.label, _cut(bar.label, _SIGNS_IN_ROW - len(value)), value, top + _LABEL, full, outlined))
        top += _ROW + (_THIN if bar.before is not None else 0)
    return BarDrawing(tuple(rows), top)


def _cut(name: str, longest: int) -> str:
    return "" if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def _bar(share: float, y: int, height: int) -> Mark | None:
    return Mark("0", y, _per_cent(max(100 * share, _LEAST_WIDTH)), height) if share else None


def draw_months(months: Months) -> MonthDrawing:
    """A row of columns for each series."""
    most = max(max(series.counts) for series in months.series)
    rows, top = [], 0
    for series in months.series:
        height = max(round(_TALLEST * max(series.counts) / most), _LOWEST)
        line = top + _LABEL + 8 + height
        rows.append(_month_row(series, top + _LABEL, line, height))
        top = line + 14
    step = 100 / len(months.months)
    years = [
        Year(_per_cent(index * step), month[:4]) for index, month in enumerate(months.months) if month.endswith("-01")
    ]
    if not years or years[0].x != "0":
        first = Year("0", months.months[0][:4])
        years = [first, *years] if not years or float(years[0].x) > 12 else years
    return MonthDrawing(tuple(rows), tuple(years), top - 14, top + 8)


def _month_row(series: Series, baseline: int, line: int, height: int) -> MonthRow:
    most, step = max(series.counts), 100 / len(series.counts)
    columns = [
        Mark(_per_cent(index * step + step * 0.12), line - tall, _per_cent(step * 0.76), tall)
        for index, count in enumerate(series.counts)
        if count
        for tall in [max(round(height * count / most), 2)]
    ]
    summary = gettext("%(all)s, at most %(most)s in a month") % {
        "all": number(sum(series.counts)),
        "most": number(most),
    }
    return MonthRow(series.label, summary, series.step, baseline, line, tuple(columns))


def draw_map(places: Places) -> MapDrawing:
    """Circles on the world, the largest first, so that small ones lie on top."""
    known = [(code, count) for code, count in places.counts if code in PLACES]
    counted = {code for code, _ in known}
    circles = [_circle(*PLACES[code], count) for code, count in known]
    return MapDrawing(
        land="".join(path for code, path in OUTLINES.items() if code not in counted),
        counted="".join(path for code, path in OUTLINES.items() if code in counted),
        circles=tuple(circles),
        numbers=tuple(_numbers(known)),
        steps=_map_steps({_step_of(count) for _, count in known}),
    )


def _circle(x: int, y: int, count: int) -> Circle:
    _, _, radius = _STEPS[_step_of(count)]
    return Circle(_per_cent(100 * x / WIDTH), _per_cent(_down(y)), f"{radius:.2f}", number(count))


def _numbers(known: list[tuple[str, int]]) -> Iterator[Circle]:
    """The first few that have room for their number and stand clear of each other."""
    placed: list[tuple[int, int]] = []
    for code, count in known[:_MOST_NUMBERS]:
        x, y = PLACES[code]
        is_clear = all(hypot(x - other_x, y - other_y) > _CLEAR for other_x, other_y in placed)
        if 100 <= count < 10_000 and is_clear:
            placed.append((x, y))
            yield replace(_circle(x, y, count), label=str(count))


def _map_steps(present: set[int]) -> tuple[Circle, ...]:
    """What the sizes on the map mean, in a line below it."""
    return tuple(
        Circle(
            _per_cent(place),
            _per_cent(_down(HEIGHT + _BELOW / 2)),
            f"{_STEPS[step][2]:.2f}",
            _step_name(step),
        )
        for place, step in zip(_STEP_PLACES, sorted(present), strict=False)
    )


def _step_name(step: int) -> str:
    return _STEPS[step][0] or f"{number(_MANY)}+"


def _down(y: float) -> float:
    return 100 * y / (HEIGHT + _BELOW)


def _step_of(count: int) -> int:
    return next(step for step, (_, most, _) in enumerate(_STEPS) if count <= most)


def _per_cent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
