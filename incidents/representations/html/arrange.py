"""Arranging a document for the page: what stands together, in which order, and what is left out because it is empty."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify

from incidents.publication.document import (
    Advice,
    AdvisoryDocument,
    AttackStep,
    LossFigure,
    OrganizationRef,
    ReleaseNote,
    ServiceEffect,
    ServiceRef,
    TechniqueRef,
    UpdateNote,
)
from incidents.vocabulary.words import Certainty, LossKind, OrganizationRole, Priority, ReaderGroup, ServiceImpact

UPDATES_SHOWN = 20
TICKS_SHOWN = 12

DATES = {
    "occurred_from": "Began",
    "occurred_to": "Ended",
    "detected": "Detected",
    "disclosed": "Disclosed",
    "contained": "Contained",
    "resolved": "Resolved",
}


@dataclass(frozen=True, slots=True)
class ServiceCourse:
    """What happened to one service, spell by spell, and the state that updates reported last where that says more."""

    service: ServiceRef
    spells: tuple[ServiceEffect, ...]
    last_impact: ServiceImpact | None
    last_at: str


@dataclass(frozen=True, slots=True)
class Step:
    """One technique with the tactics it served here, by name."""

    step: AttackStep
    tactics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CertaintyGroup:
    """The techniques of one certainty, in the order of the attack."""

    certainty: Certainty
    steps: tuple[Step, ...]


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
    """A mark on the bell line: a release (`number` set) or an update (`anchor` set). `at` is a partial date."""

    at: str
    title: str
    is_material: bool
    number: int = 0
    anchor: str = ""


def known_dates(document: AdvisoryDocument) -> list[tuple[str, str]]:
    """The dates of the incident that are known, each with its name for people."""
    named = ((label, getattr(document.timeline, name)) for name, label in DATES.items())
    return [(label, text) for label, text in named if text]


def roles(document: AdvisoryDocument) -> list[tuple[OrganizationRole, list[OrganizationRef]]]:
    """The organizations by their role, in the order of the document."""
    by_role: dict[OrganizationRole, list[OrganizationRef]] = {}
    for one in document.organizations:
        by_role.setdefault(one.role, []).append(one.organization)
    return list(by_role.items())


def service_courses(document: AdvisoryDocument) -> list[ServiceCourse]:
    """The affected services in the order of the document, each with its spells in the order of time."""
    services: dict[str, ServiceRef] = {effect.service.key: effect.service for effect in document.affected_services}
    last: dict[str, tuple[str, ServiceImpact]] = {}
    for update in sorted(document.updates, key=lambda one: one.at):
        for then in update.impacts:
            services.setdefault(then.service.key, then.service)
            last[then.service.key] = (update.at, then.impact)
    return [_course(document, service, last.get(key)) for key, service in services.items()]


def _course(document: AdvisoryDocument, service: ServiceRef, last: tuple[str, ServiceImpact] | None) -> ServiceCourse:
    effects = (effect for effect in document.affected_services if effect.service.key == service.key)
    spells = tuple(sorted(effects, key=lambda effect: effect.occurred_from))
    says_more = last is not None and not (spells and spells[-1].impact is last[1])
    at, impact = last if last and says_more else ("", None)
    return ServiceCourse(service=service, spells=spells, last_impact=impact, last_at=at)


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
    spread = f"{low} to {high}" if low and high and low != high else ""
    spread = spread or (f"at least {low}" if low and low != high else f"at most {high}" if high and not low else low)
    if likely:
        spread = f"{likely} ({spread})" if spread and spread != likely else likely
    return " ".join(filter(None, [spread or "Not quantified", loss.unit if spread else ""]))


def _grouped(text: str) -> str:
    try:
        return f"{Decimal(text):,f}" if text else ""
    except InvalidOperation:
        return text


def certainty_groups(document: AdvisoryDocument) -> list[CertaintyGroup]:
    """The techniques, kept apart by certainty; all three groups are always there, empty ones without steps."""
    return [
        CertaintyGroup(
            certainty=certainty,
            steps=tuple(Step(one, tactics_of(one)) for one in document.attacks if one.certainty is certainty),
        )
        for certainty in Certainty
    ]


def tactics_of(step: AttackStep) -> tuple[str, ...]:
    """The tactic the technique served here, by its full name where the technique knows it; else all its tactics."""
    if not step.tactic:
        return step.technique.tactics
    full = next((name for name in step.technique.tactics if slugify(name) == slugify(step.tactic)), "")
    return (full or step.tactic.replace("-", " ").capitalize(),)


def audience_groups(document: AdvisoryDocument) -> list[AudienceGroup]:
    """The recommendations by the readers they are meant for; groups without any are left out."""
    urgency = list(Priority)
    known = {step.technique.key: Countered(step.technique, step.certainty) for step in reversed(document.attacks)}
    ordered = sorted(document.recommendations, key=lambda one: urgency.index(one.priority))
    groups = {
        audience: tuple(
            Recommended(one, tuple(known[key] for key in one.counters if key in known))
            for one in ordered
            if one.audience is audience
        )
        for audience in ReaderGroup
    }
    return [AudienceGroup(audience, advice) for audience, advice in groups.items() if advice]


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
            f"{note.released_at:%Y-%m-%dT%H:%MZ}", note.kind.label, note.significance == "material", number=note.number
        )
        for note in document.history
    ]
    marks += [Tick(one.at, one.title, True, anchor=anchor) for anchor, one in updates_newest_first(document)]
    marks.sort(key=lambda tick: tick.at, reverse=True)
    return marks[:TICKS_SHOWN], max(0, len(marks) - TICKS_SHOWN)
