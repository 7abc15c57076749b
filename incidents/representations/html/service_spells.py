"""What published advisories say about the state of a service: spell after spell, and what holds now.

Only what was published is known. A service of which nothing bad is published is not said to work.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from incidents.publication.document import AdvisoryDocument, ServiceEffect
from incidents.publication.models import Advisory
from incidents.vocabulary.dates import DatePrecision, PartialDate
from incidents.vocabulary.words import ServiceImpact

RANKS = {impact: rank for rank, impact in enumerate(ServiceImpact)}
_ABOUT_DATA = {ServiceImpact.DATA_EXPOSED, ServiceImpact.COMPROMISED}
_COARSE = {DatePrecision.YEAR, DatePrecision.MONTH}


@dataclass(frozen=True, slots=True)
class Spell:
    """A time for which an advisory says that a service was affected.

    Attributes:
        occurred_from: as it is known; empty where nothing is.
        occurred_to: as it is said; empty while it lasts, and where it is not said.
        begins: the first instant it can mean, for drawings.
        ends: the last one; now while it lasts.
        is_ongoing: whether it lasts, as far as is published.
        is_vague: whether begin or end is not known to the day.
    """

    advisory: Advisory
    impact: ServiceImpact
    occurred_from: str
    occurred_to: str
    begins: dt.datetime
    ends: dt.datetime
    is_ongoing: bool
    is_vague: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The state of a service as an update reported it."""

    at: str
    impact: ServiceImpact


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds now: the spells that last, the worst first, and open advisories whose last report says that it works."""

    ongoing: tuple[Spell, ...]
    watched: tuple[tuple[Advisory, Report], ...]

    @property
    def worst(self) -> ServiceImpact | None:
        """The worst that lasts."""
        return self.ongoing[0].impact if self.ongoing else None


def spells_of(advisory: Advisory, key: str, now: dt.datetime) -> list[Spell]:
    """The spells of one service in one advisory, in the order of time; none for an exercise."""
    document = advisory.document
    if document.is_exercise:
        return []
    reports = reports_on(document, key)
    stated = [(effect, _end_of(effect, reports)) for effect in _effects(document, key)]
    spans = [(effect.impact, effect.occurred_from, end) for effect, end in stated]
    spans += [span for span in _reported(reports) if not any(_covers(effect, end, span[1]) for effect, end in stated)]
    found = (_spell(advisory, *span, now) for span in spans)
    return sorted((spell for spell in found if spell.begins <= now), key=lambda spell: spell.begins)


def reports_on(document: AdvisoryDocument, key: str) -> list[Report]:
    """The states of a service that updates report, the oldest first."""
    reports = (
        Report(update.at, then.impact)
        for update in sorted(document.updates, key=lambda one: one.at)
        for then in update.impacts
        if then.service.key == key
    )
    return [report for report in reports if report.at]


def standing_of(key: str, advisories: Iterable[Advisory], spells: Iterable[Spell]) -> Standing:
    """What holds now, going by the open advisories."""
    ongoing = sorted((spell for spell in spells if spell.is_ongoing), key=_gravity, reverse=True)
    affected = {spell.advisory.pk for spell in ongoing}
    watched = []
    for advisory in advisories:
        reports = reports_on(advisory.document, key)
        if advisory.is_open and advisory.pk not in affected and reports:
            watched.append((advisory, reports[-1]))
    return Standing(ongoing=tuple(ongoing), watched=tuple(watched))


def _gravity(spell: Spell) -> tuple[int, dt.datetime]:
    return RANKS[spell.impact], spell.begins


def _effects(document: AdvisoryDocument, key: str) -> list[ServiceEffect]:
    return [
        effect
        for effect in document.affected_services
        if effect.service.key == key and effect.impact is not ServiceImpact.OPERATIONAL
    ]


def _end_of(effect: ServiceEffect, reports: list[Report]) -> str:
    """When an effect ended: as it says, else at the first later report of another state. A report of an outage does not
    end an exposure of data; only a report that the service works does.
    """
    if effect.occurred_to:
        return effect.occurred_to
    ending = {ServiceImpact.OPERATIONAL} if effect.impact in _ABOUT_DATA else set(ServiceImpact) - {effect.impact}
    later = (report.at for report in reports if report.impact in ending and report.at > effect.occurred_from)
    return next(later, "")


def _reported(reports: list[Report]) -> list[tuple[ServiceImpact, str, str]]:
    """The spells that reports tell of: each lasts until a report of another state."""
    spans: list[tuple[ServiceImpact, str, str]] = []
    state = ServiceImpact.OPERATIONAL
    for report in reports:
        if report.impact is state:
            continue
        if spans and not spans[-1][2]:
            spans[-1] = (*spans[-1][:2], report.at)
        if report.impact is not ServiceImpact.OPERATIONAL:
            spans.append((report.impact, report.at, ""))
        state = report.impact
    return spans


def _covers(effect: ServiceEffect, end: str, at: str) -> bool:
    """Whether an effect already tells of the time of a report."""
    has_begun = not effect.occurred_from or _first(effect.occurred_from) <= _last(at)
    return has_begun and (not end or _first(at) < _until(end))


def _spell(advisory: Advisory, impact: ServiceImpact, start: str, end: str, now: dt.datetime) -> Spell:
    document = advisory.document
    timeline = document.timeline
    known = start or timeline.occurred_from or timeline.disclosed
    begins = _first(known) if known else advisory.first_released_at
    is_ongoing = document.is_open and (not end or _first(end) > now) and begins <= now
    ends = now if is_ongoing else _last(end) if end else _likely_end(document, known, begins)
    coarse = {PartialDate(text).precision for text in (start, end) if text} & _COARSE
    return Spell(
        advisory=advisory,
        impact=impact,
        occurred_from=start,
        occurred_to=end,
        begins=begins,
        ends=min(max(ends, begins), max(now, begins)),
        is_ongoing=is_ongoing,
        is_vague=bool(coarse) or not start or not (end or is_ongoing),
    )


def _likely_end(document: AdvisoryDocument, known: str, begins: dt.datetime) -> dt.datetime:
    """Where to end a drawing whose end nobody said: at the end of the incident, else of the time in which it began."""
    timeline = document.timeline
    for text in (timeline.occurred_to, timeline.contained, timeline.resolved):
        if text and _last(text) >= begins:
            return _last(text)
    return _last(known) if known else begins


def _first(text: str) -> dt.datetime:
    return PartialDate(text).earliest()


def _until(text: str) -> dt.datetime:
    """The instant at which something is over; a minute is over when it begins, a day when it ends."""
    is_exact = PartialDate(text).precision is DatePrecision.MINUTE
    return _first(text) if is_exact else _last(text)


def _last(text: str) -> dt.datetime:
    return PartialDate(text).latest()
