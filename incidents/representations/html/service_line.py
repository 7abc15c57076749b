"""The line of a service lying down: its spells as bars, each incident on a lane of its own where they overlap."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from incidents.representations.html.service_spells import RANKS, Spell
from incidents.vocabulary.date_words import day_in_words, day_of_year_in_words, month_in_words
from incidents.vocabulary.dates import DatePrecision, PartialDate
from incidents.vocabulary.words import ServiceImpact

MOST_LANES = 8
_HEAD = 40  # pixels above the lanes for the words that a focused bar shows
_LANE = 26
_FOOT = 24  # pixels below them for the dates
_LEAST_WIDTH = 0.9  # per cent: what lasted minutes can still be seen
_THICKNESS = {impact: 8 + 2 * rank for impact, rank in RANKS.items()}


@dataclass(frozen=True, slots=True)
class Bar:
    """A spell as a bar: `start` and `width` in per cent, `top` and `height` in pixels; `said` is what it shows when it has
    the focus, from `said_at` on in the direction of `anchor`.
    """

    spell: Spell
    start: str
    width: str
    top: int
    height: int
    said: str
    said_at: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A date below the line, at `place` (per cent)."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """The drawing, with the dates at which it begins and ends and the states that occur in it, the worst first. `left_out`
    incidents had no lane any more.
    """

    bars: tuple[Bar, ...]
    lanes: tuple[int, ...]
    marks: tuple[Mark, ...]
    states: tuple[ServiceImpact, ...]
    first: str
    last: str
    left_out: int
    height: int
    marks_top: int


def within(spells: Iterable[Spell], first: dt.datetime, last: dt.datetime) -> list[Spell]:
    """The spells that fall into a time, the newest first."""
    falling = [spell for spell in spells if spell.begins <= last and spell.ends >= first]
    return sorted(falling, key=lambda spell: (spell.begins, spell.advisory.public_id), reverse=True)


def draw_line(
    spells: Iterable[Spell],
    first: dt.datetime,
    last: dt.datetime,
    *,
    by_year: bool = False,
    last_day: dt.date | None = None,
) -> ServiceLine:
    """The line from one instant to another, marked month by month or year by year; what lasts reaches to its end.

    `last_day` names its end; without it, that is today.
    """
    shown = within(spells, first, last)[::-1]
    lanes, left_out = _lanes(shown)
    scale = _Scale(first, last)
    bars = [_bar(spell, lanes[spell.advisory.pk], scale, by_year) for spell in shown if spell.advisory.pk in lanes]
    count = max(lanes.values(), default=0) + 1
    bottom = _HEAD + count * _LANE
    states = sorted({bar.spell.impact for bar in bars}, key=lambda impact: RANKS[impact], reverse=True)
    return ServiceLine(
        bars=tuple(bars),
        lanes=tuple(_HEAD + lane * _LANE + _LANE // 2 for lane in range(count)),
        marks=tuple(_marks(scale, by_year)),
        states=tuple(states),
        first=f"{first:%Y}" if by_year else day_of_year_in_words(first, is_short=True),
        last=day_of_year_in_words(last_day, is_short=True)
        if last_day
        else pgettext("at the end of a line of time", "today"),
        left_out=left_out,
        height=bottom + _FOOT,
        marks_top=bottom + 16,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: dt.datetime
    last: dt.datetime

    def place(self, at: dt.datetime) -> float:
        """Where an instant lies, in per cent."""
        return min(100.0, max(0.0, 100 * ((at - self.first) / (self.last - self.first))))


def _lanes(spells: list[Spell]) -> tuple[dict[int, int], int]:
    """The lane of each advisory, by primary key: the first on which nothing else is in the way; and how many found none."""
    reach: dict[int, tuple[dt.datetime, dt.datetime]] = {}
    for spell in spells:
        begins, ends = reach.get(spell.advisory.pk, (spell.begins, spell.ends))
        reach[spell.advisory.pk] = min(begins, spell.begins), max(ends, spell.ends)
    free_from: list[dt.datetime] = []
    lanes, left_out = {}, 0
    for key, (begins, ends) in reach.items():
        lane = next((lane for lane, free in enumerate(free_from) if free < begins), len(free_from))
        if lane == MOST_LANES:
            left_out += 1
            continue
        free_from[lane : lane + 1] = [ends + dt.timedelta(days=1)]
        lanes[key] = lane
    return lanes, left_out


def _bar(spell: Spell, lane: int, scale: _Scale, by_year: bool) -> Bar:
    start = scale.place(spell.begins)
    width = max(scale.place(scale.last if spell.is_ongoing else spell.ends) - start, _LEAST_WIDTH)
    start = min(start, 100 - width)
    height, middle = _THICKNESS[spell.impact], start + width / 2
    anchor = "start" if middle < 35 else "end" if middle > 65 else "middle"
    return Bar(
        spell=spell,
        start=f"{start:.2f}",
        width=f"{width:.2f}",
        top=_HEAD + lane * _LANE + (_LANE - height) // 2,
        height=height,
        said=_span(spell, by_year),
        said_at=f"{ {'start': start, 'middle': middle, 'end': start + width}[anchor]:.2f}",
        anchor=anchor,
    )


def _span(spell: Spell, by_year: bool) -> str:
    """When, in the few words for which a phone has room."""
    start = _short(spell.occurred_from, by_year) if spell.occurred_from else gettext("begin not known")
    if spell.is_ongoing and not spell.occurred_to:
        if not spell.occurred_from:
            return gettext("begin not known, lasts")
        return pgettext("a time", "since %(start)s") % {"start": start}
    end = _short(spell.occurred_to, by_year) if spell.occurred_to else gettext("end not said")
    time = start if start == end else pgettext("a time", "%(start)s – %(end)s") % {"start": start, "end": end}
    has_zone = not by_year and "T" in spell.occurred_from + spell.occurred_to
    return pgettext("a time", "%(time)s UTC") % {"time": time} if has_zone else time


def _short(text: str, by_year: bool) -> str:
    date = PartialDate(text)
    at = date.earliest()
    if date.precision is DatePrecision.YEAR:
        return f"{at:%Y}"
    if date.precision is DatePrecision.MONTH:
        return month_in_words(at, is_short=True)
    if by_year:
        return day_in_words(at, is_short=True)
    return day_of_year_in_words(at, is_short=True) + (f", {at:%H:%M}" if date.precision is DatePrecision.MINUTE else "")


def _marks(scale: _Scale, by_year: bool) -> Iterable[Mark]:
    """The beginnings of the months or years, but for those too near to the ends, which have words of their own."""
    at = scale.first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while at <= scale.last:
        place = scale.place(at)
        if (at.month == 1 or not by_year) and 12 < place < 84 and at > scale.first:
            yield Mark(f"{place:.2f}", f"{at:%Y}" if by_year else day_of_year_in_words(at, is_short=True))
        at = (at + dt.timedelta(days=32)).replace(day=1)
