"""Arranging a document for the page: what stands together, in which order, and what is left out because it is empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import pgettext

from incidents.publication.document import (
    Advice,
    AdvisoryDocument,
    LossFigure,
    OrganizationRef,
    ReleaseNote,
    ServiceEffect,
    ServiceRef,
    TechniqueRef,
    UpdateNote,
)
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.inline import inline
from incidents.vocabulary.words import (
    Certainty,
    IncidentDate,
    LossKind,
    OrganizationRole,
    Priority,
    ReaderGroup,
    ServiceImpact,
)

UPDATES_SHOWN = 20
REPORTS_SHOWN = 12
TICKS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Reported:
    """The state of a service as an update reported it."""

    at: str
    impact: ServiceImpact
    anchor: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """One state of a service for the table: a spell that editors wrote down, or what an update reported."""

    impact: ServiceImpact
    spell: ServiceEffect | None = None
    report: Reported | None = None

    @property
    def at(self) -> str:
        """When it began, as far as is known."""
        return self.spell.occurred_from if self.spell else self.report.at if self.report else ""


@dataclass(frozen=True, slots=True)
class ServiceCourse:
    """What happened to one service, in the order of time: spells, everything that updates reported, and both as rows of
    a table, in which reports that add nothing are left out; `more_reports` is how many rows would be too many.
    """

    service: ServiceRef
    spells: tuple[ServiceEffect, ...]
    reports: tuple[Reported, ...]
    rows: tuple[StateRow, ...]
    more_reports: int = 0


@dataclass(frozen=True, slots=True)
class Countered:
    """A technique that a recommendation counters, as it stands in this incident."""

    technique: TechniqueRef
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Recommended:
    """One recommendation with the techniques of this incident that it counters."""

    advice: Advice
    counters: tuple[Countered, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class AudienceGroup:
    """The recommendations for one group of readers, the most urgent first."""

    audience: ReaderGroup
    advice: tuple[Recommended, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Competing or complementary figures of one kind, side by side."""

    kind: LossKind
    losses: tuple[tuple[LossFigure, str], ...]


@dataclass(frozen=True, slots=True)
class Past:
    """One release in the history, with the number of the one before it that these readers may see."""

    note: ReleaseNote
    previous: int | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the bell line: a release (`number` set, `title` says its kind) or an update (`anchor` set). `at` is a
    partial date.
    """

    at: str
    title: str
    is_material: bool
    number: int = 0
    anchor: str = ""


def known_dates(document: AdvisoryDocument) -> list[tuple[str, str]]:
    """The dates of the incident that are known, each with its name for people."""
    named = ((str(date.label), getattr(document.timeline, date.value)) for date in IncidentDate)
    return [(label, text) for label, text in named if text]


def roles(document: AdvisoryDocument) -> list[tuple[OrganizationRole, list[OrganizationRef]]]:
    """The organizations by their role, in the order of the document."""
    by_role: dict[OrganizationRole, list[OrganizationRef]] = {}
    for one in document.organizations:
        by_role.setdefault(one.role, []).append(one.organization)
    return list(by_role.items())


def service_courses(document: AdvisoryDocument) -> list[ServiceCourse]:
    """The affected services in the order of the document, each with its states in the order of time."""
    services: dict[str, ServiceRef] = {effect.service.key: effect.service for effect in document.affected_services}
    reports: dict[str, list[Reported]] = {}
    for anchor, update in reversed(updates_newest_first(document)):
        for then in update.impacts:
            services.setdefault(then.service.key, then.service)
            reports.setdefault(then.service.key, []).append(Reported(update.at, then.impact, anchor))
    return [_course(document, service, reports.get(key, [])) for key, service in services.items()]


def _course(document: AdvisoryDocument, service: ServiceRef, reports: list[Reported]) -> ServiceCourse:
    effects = (effect for effect in document.affected_services if effect.service.key == service.key)
    spells = tuple(sorted(effects, key=lambda effect: effect.occurred_from))
    telling = list(_telling(spells, reports))
    shown = telling[-REPORTS_SHOWN:]
    rows = [StateRow(spell.impact, spell=spell) for spell in spells]
    rows += [StateRow(report.impact, report=report) for report in shown]
    rows.sort(key=lambda row: row.at)
    return ServiceCourse(service, spells, tuple(reports), tuple(rows), more_reports=len(telling) - len(shown))


def _telling(spells: tuple[ServiceEffect, ...], reports: list[Reported]) -> Iterator[Reported]:
    """The reports that say something new: neither what the report before said, nor what a spell says of that time."""
    before: ServiceImpact | None = None
    for report in reports:
        is_said = any(spell.impact is report.impact and _lasts_at(spell, report.at) for spell in spells)
        if report.impact is not before and not is_said:
            yield report
        before = report.impact


def _lasts_at(spell: ServiceEffect, at: str) -> bool:
    """Whether a spell goes on at a date; each is taken as widely as it is known."""
    starts = not spell.occurred_from or PartialDate(spell.occurred_from).earliest() <= PartialDate(at).latest()
    return starts and (not spell.occurred_to or PartialDate(at).earliest() <= PartialDate(spell.occurred_to).latest())


def figures(document: AdvisoryDocument) -> list[Figures]:
    """The losses, those of one kind together, each with its figure in words."""
    return [
        Figures(kind=kind, losses=tuple((loss, figure_in_words(loss)) for loss in document.losses if loss.kind is kind))
        for kind in LossKind
        if any(loss.kind is kind for loss in document.losses)
    ]


def figure_in_words(loss: LossFigure) -> str:
    """A figure as far as it is given: `1,200 to 3,000`, `at least 1,200`, `about 2,000 (1,200 to 3,000)`, with its unit."""
    low, likely, high = (_grouped(text) for text in (loss.low, loss.likely, loss.high))
    figure = spread = _spread(low, high)
    if likely:
        known = {"likely": likely, "spread": spread}
        figure = pgettext("a figure", "%(likely)s (%(spread)s)") % known if spread and spread != likely else likely
    if not figure:
        return pgettext("a figure", "Not quantified")
    return pgettext("a figure", "%(figure)s %(unit)s") % {"figure": figure, "unit": loss.unit} if loss.unit else figure


def _spread(low: str, high: str) -> str:
    if low and high and low != high:
        return pgettext("a figure", "%(low)s to %(high)s") % {"low": low, "high": high}
    if low and low != high:
        return pgettext("a figure", "at least %(low)s") % {"low": low}
    return pgettext("a figure", "at most %(high)s") % {"high": high} if high and not low else low


def _grouped(text: str) -> str:
    try:
        number = Decimal(text or "NaN")
    except InvalidOperation:
        return text
    return number_format(number, force_grouping=True) if number.is_finite() else text


def audience_groups(document: AdvisoryDocument) -> list[AudienceGroup]:
    """The recommendations by the readers they are meant for; groups without any are left out."""
    urgency = list(Priority)
    known = {step.technique.key: Countered(step.technique, step.certainty) for step in reversed(document.attacks)}
    numbered = enumerate(document.recommendations)
    ordered = sorted(numbered, key=lambda numbered: urgency.index(numbered[1].priority))
    groups = {
        audience: tuple(
            Recommended(one, tuple(known[key] for key in one.counters if key in known), advice_anchor(place))
            for place, one in ordered
            if one.audience is audience
        )
        for audience in ReaderGroup
    }
    return [AudienceGroup(audience, advice) for audience, advice in groups.items() if advice]


def advice_anchor(place: int) -> str:
    """The place on the page of a recommendation, given its place in the document."""
    return f"advice-{place + 1}"


def updates_newest_first(document: AdvisoryDocument) -> list[tuple[str, UpdateNote]]:
    """The updates with their anchors, the newest first; an anchor counts from the oldest, so that it stays."""
    ordered = sorted(document.updates, key=lambda one: one.at)
    return [(f"update-{number}", one) for number, one in enumerate(ordered, start=1)][::-1]


def past_releases(document: AdvisoryDocument) -> list[Past]:
    """The releases, the newest first."""
    numbers: list[int | None] = [None, *(note.number for note in document.history)]
    this = document.release.number
    pairs = zip(document.history, numbers, strict=False)
    return [Past(note, previous, note.number == this) for note, previous in pairs][::-1]


def ticks(document: AdvisoryDocument) -> tuple[list[Tick], int]:
    """The newest marks for the bell line in the margin, and how many there are besides."""
    marks = [
        Tick(
            f"{note.released_at:%Y-%m-%dT%H:%MZ}",
            inline(note.kind),
            note.significance == "material",
            number=note.number,
        )
        for note in document.history
    ]
    marks += [Tick(one.at, one.title, True, anchor=anchor) for anchor, one in updates_newest_first(document)]
    marks.sort(key=lambda tick: tick.at, reverse=True)
    return marks[:TICKS_SHOWN], max(0, len(marks) - TICKS_SHOWN)
