"""The bell line lying down: the course of each affected service as a drawing beside the table, which stays the truth."""

import datetime as dt
from dataclasses import dataclass

from incidents.publication.document import AdvisoryDocument, ServiceEffect, ServiceRef
from incidents.representations.html.arrange import ServiceCourse
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.words import ServiceImpact

_THICKNESS = {impact: 2 + 2 * rank for rank, impact in enumerate(ServiceImpact)}  # pixels: the worse, the thicker
_ABOUT_DATA = {ServiceImpact.DATA_EXPOSED, ServiceImpact.COMPROMISED}
_LEAST_WIDTH = 0.8  # per cent: what lasted minutes can still be seen


@dataclass(frozen=True, slots=True)
class Stretch:
    """One spell of trouble as a bar: `start` and `width` in per cent, `top` and `height` in pixels; open where its end is
    not known."""

    start: str
    width: str
    top: int
    height: int
    impact: ServiceImpact
    is_open: bool
    is_about_data: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one service, with a tick (in per cent) for each update that reported its state."""

    service: ServiceRef
    stretches: tuple[Stretch, ...]
    ticks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines of all services between two dates as they are known."""

    lines: tuple[Line, ...]
    first: str
    last: str


def draw(document: AdvisoryDocument, courses: list[ServiceCourse]) -> Drawing | None:
    """The drawing, or None where the dates that are known do not span any time."""
    dates = sorted({*_dates_of(courses), *(update.at for update in document.updates if update.impacts)} - {""})
    if not dates:
        return None
    first, last = min(dates, key=_begin), max(dates, key=_end)
    if first == last or not any(course.spells for course in courses):
        return None
    scale = _Scale(_begin(first), _end(last))
    return Drawing(lines=tuple(_line(document, course, scale) for course in courses), first=first, last=last)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: dt.datetime
    last: dt.datetime

    def place(self, at: dt.datetime) -> float:
        """Where an instant lies, in per cent."""
        return 100 * ((at - self.first) / (self.last - self.first))


def _begin(text: str) -> dt.datetime:
    return PartialDate(text).earliest()


def _end(text: str) -> dt.datetime:
    return PartialDate(text).latest()


def _dates_of(courses: list[ServiceCourse]) -> set[str]:
    return {date for course in courses for spell in course.spells for date in (spell.occurred_from, spell.occurred_to)}


def _line(document: AdvisoryDocument, course: ServiceCourse, scale: _Scale) -> Line:
    spells = course.spells
    following = [*(spell.occurred_from for spell in spells[1:]), course.last_at]
    ticks = [
        f"{scale.place(_begin(update.at)):.1f}"
        for update in document.updates
        if any(then.service.key == course.service.key for then in update.impacts)
    ]
    stretches = [
        _stretch(spell, after, scale)
        for spell, after in zip(spells, following, strict=True)
        if spell.impact is not ServiceImpact.OPERATIONAL  # what works is the thin line itself
    ]
    return Line(service=course.service, stretches=tuple(stretches), ticks=tuple(dict.fromkeys(ticks)))


def _stretch(spell: ServiceEffect, following: str, scale: _Scale) -> Stretch:
    """Where the end is not said, a spell lasts until the next one or the next report, else to the end of the drawing."""
    start = scale.place(_begin(spell.occurred_from)) if spell.occurred_from else 0.0
    last = _end(spell.occurred_to) if spell.occurred_to else _begin(following) if following else scale.last
    width = scale.place(last) - start
    height = _THICKNESS[spell.impact]
    return Stretch(
        start=f"{start:.1f}",
        width=f"{min(max(width, _LEAST_WIDTH), 100 - start):.1f}",
        top=10 - height // 2,
        height=height,
        impact=spell.impact,
        is_open=not (spell.occurred_from and spell.occurred_to),
        is_about_data=spell.impact in _ABOUT_DATA,
    )
