"""The bell line lying down: the course of each affected service as a drawing beside the table, which stays the truth.

What a service could do and what happened to its data are two things that may go on at once, so each has a lane of its own.
What an update reported holds until the next report; a spell that editors wrote down holds where no report says otherwise.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from incidents.publication.document import AdvisoryDocument, ServiceEffect, ServiceRef
from incidents.representations.html.arrange import Reported, ServiceCourse
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.words import ServiceImpact

_ABOUT_DATA = {ServiceImpact.DATA_EXPOSED, ServiceImpact.COMPROMISED}
_HEIGHTS = {
    ServiceImpact.DEGRADED: 8,
    ServiceImpact.RESTRICTED: 10,
    ServiceImpact.PARTIAL_OUTAGE: 12,
    ServiceImpact.MAJOR_OUTAGE: 16,
    ServiceImpact.DATA_EXPOSED: 12,
    ServiceImpact.COMPROMISED: 16,
}
_LEAST_WIDTH = 0.8  # per cent: what lasted minutes can still be seen
_LANE = 22  # pixels


@dataclass(frozen=True, slots=True)
class Stretch:
    """One state for a time: `start` and `width` in per cent, `top` and `height` in pixels; open where an end is not known."""

    start: str
    width: str
    top: int
    height: int
    impact: ServiceImpact
    is_open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one service, in one lane or two, with a tick (in per cent) for each update that reported its state."""

    service: ServiceRef
    stretches: tuple[Stretch, ...]
    ticks: tuple[str, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lines of all services between two dates as they are known, and the states that occur in them, for the key."""

    lines: tuple[Line, ...]
    first: str
    last: str
    impacts: tuple[ServiceImpact, ...]

    @property
    def is_open(self) -> bool:
        """Whether any state has an end that is not known."""
        return any(stretch.is_open for line in self.lines for stretch in line.stretches)

    @property
    def is_reported(self) -> bool:
        """Whether any update reported a state."""
        return any(line.ticks for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Claim:
    """That a state held from one instant to another. What was reported overrules a spell, what is later the earlier."""

    start: dt.datetime
    end: dt.datetime
    impact: ServiceImpact
    is_start_known: bool
    is_end_known: bool
    is_report: bool

    def covers(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether it says something about a whole time."""
        return self.start <= start and end <= self.end


def draw(document: AdvisoryDocument, courses: list[ServiceCourse]) -> Drawing | None:
    """The drawing, or None where the dates that are known do not span any time or nothing was wrong."""
    dates = sorted({*_dates_of(courses), *(update.at for update in document.updates if update.impacts)} - {""})
    if not dates:
        return None
    first, last = min(dates, key=_begin), max(dates, key=_end)
    if first == last:
        return None
    scale = _Scale(_begin(first), _end(last))
    lines = tuple(_line(course, scale) for course in courses)
    impacts = {stretch.impact for line in lines for stretch in line.stretches}
    if not impacts:
        return None
    return Drawing(lines, first, last, tuple(impact for impact in ServiceImpact if impact in impacts))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: dt.datetime
    last: dt.datetime

    def place(self, at: dt.datetime) -> float:
        """Where an instant lies, in per cent."""
        return 100 * ((at - self.first) / (self.last - self.first))


@lru_cache(maxsize=1024)
def _begin(text: str) -> dt.datetime:
    return PartialDate(text).earliest()


@lru_cache(maxsize=1024)
def _end(text: str) -> dt.datetime:
    return PartialDate(text).latest()


def _dates_of(courses: list[ServiceCourse]) -> set[str]:
    return {date for course in courses for spell in course.spells for date in (spell.occurred_from, spell.occurred_to)}


def _line(course: ServiceCourse, scale: _Scale) -> Line:
    lanes = [_lane(course, scale, is_data) for is_data in (False, True)]
    used = [lane for lane in lanes if lane] or [[]]
    stretches = [
        _stretch(claim, start, end, scale, middle=_LANE // 2 + _LANE * place)
        for place, lane in enumerate(used)
        for claim, start, end in lane
    ]
    ticks = (f"{scale.place(_begin(report.at)):.1f}" for report in course.reports)
    return Line(course.service, tuple(stretches), tuple(dict.fromkeys(ticks)), height=_LANE * len(used))


_Piece = tuple[_Claim, dt.datetime, dt.datetime]


def _lane(course: ServiceCourse, scale: _Scale, is_data: bool) -> list[_Piece]:
    """The pieces of time in a lane, each with the claim that holds there; what works is the thin line itself."""
    spells = list(_spells([one for one in course.spells if (one.impact in _ABOUT_DATA) == is_data], scale))
    claims = _reports(course.reports, spells, scale) if course.reports else ()
    reports = [one for one in claims if (one.impact in _ABOUT_DATA) == is_data]
    return [piece for piece in _pieces([*spells, *reports]) if piece[0].impact is not ServiceImpact.OPERATIONAL]


def _spells(spells: list[ServiceEffect], scale: _Scale) -> Iterator[_Claim]:
    """Where the end of a spell is not said, it lasts until the next one begins, else to the end of the drawing."""
    starts = [_begin(spell.occurred_from) if spell.occurred_from else scale.first for spell in spells]
    for spell, (start, following) in zip(spells, pairwise([*starts, scale.last]), strict=True):
        end = _end(spell.occurred_to) if spell.occurred_to else max(start, following)
        is_start_known, is_end_known = bool(spell.occurred_from), bool(spell.occurred_to) or end < scale.last
        yield _Claim(start, end, spell.impact, is_start_known, is_end_known, is_report=False)


def _reports(reports: tuple[Reported, ...], spells: list[_Claim], scale: _Scale) -> Iterator[_Claim]:
    """What an update reported holds until the next report, and not beyond the end of the spell in which it was reported."""
    changes = [reports[0], *(after for before, after in pairwise(reports) if after.impact is not before.impact)]
    starts = [_reported_at(report, spells) for report in changes]
    for report, (start, following) in zip(changes, pairwise([*starts, scale.last]), strict=True):
        ends = [one.end for one in spells if one.start <= start < one.end and one.is_end_known]
        end = min([following, *ends])
        yield _Claim(start, end, report.impact, True, is_end_known=end < scale.last or bool(ends), is_report=True)


def _reported_at(report: Reported, spells: list[_Claim]) -> dt.datetime:
    """When it was reported; of a report known to the day only, after another state that ended on that day."""
    first, last = _begin(report.at), _end(report.at)
    ended = [one.end for one in spells if one.impact is not report.impact and first <= one.end <= last]
    return max([first, *ended])


def _pieces(claims: list[_Claim]) -> Iterator[_Piece]:
    """Time cut where any claim begins or ends; of several claims the strongest holds; its pieces in a row are one."""
    points = sorted({point for claim in claims for point in (claim.start, claim.end)})
    held: _Piece | None = None
    for start, end in pairwise(points):
        strongest = _strongest(claim for claim in claims if claim.covers(start, end))
        if held and strongest is held[0]:
            held = (held[0], held[1], end)
            continue
        if held:
            yield held
        held = (strongest, start, end) if strongest else None
    if held:
        yield held


def _strongest(claims: Iterable[_Claim]) -> _Claim | None:
    return max(claims, key=lambda claim: (claim.is_report, claim.start), default=None)


def _stretch(claim: _Claim, start: dt.datetime, end: dt.datetime, scale: _Scale, *, middle: int) -> Stretch:
    place = min(scale.place(start), 100 - _LEAST_WIDTH)
    width = min(max(scale.place(end) - place, _LEAST_WIDTH), 100 - place)
    height = _HEIGHTS[claim.impact]
    is_start_known = claim.is_start_known or start > claim.start
    is_end_known = claim.is_end_known or end < claim.end
    return Stretch(
        start=f"{place:.1f}",
        width=f"{width:.1f}",
        top=middle - height // 2,
        height=height,
        impact=claim.impact,
        is_open=not (is_start_known and is_end_known),
    )
