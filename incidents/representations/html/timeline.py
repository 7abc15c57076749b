"""One line of time: what happened, what became of services, what was said and what we published, in the order of time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext, pgettext_lazy

from incidents.publication.document import (
    AdvisoryDocument,
    AttributionClaim,
    DatedClaim,
    ServiceEffect,
    SourceRef,
    StatementText,
)
from incidents.representations.html.arrange import updates_newest_first
from incidents.vocabulary.dates import DatePrecision, PartialDate
from incidents.vocabulary.inline import inline
from incidents.vocabulary.words import Certainty, IncidentDate

TITLES = {
    IncidentDate.OCCURRED_FROM: gettext_lazy("The incident began"),
    IncidentDate.OCCURRED_TO: gettext_lazy("The incident ended"),
}
ENDS_SHOWN = 15
"""Of a long line, so many entries from its beginning and from its end stand open; those between are folded."""


class EventKind(TextChoices):
    """What an entry is about: the filter of the line. Values are used in class names."""

    HAPPENED = "happened", pgettext_lazy("entries of a timeline", "What happened")
    SERVICES = "services", pgettext_lazy("entries of a timeline", "Services")
    UPDATES = "updates", pgettext_lazy("entries of a timeline", "Updates")
    SAID = "said", pgettext_lazy("entries of a timeline", "Reports and statements")
    RELEASES = "releases", pgettext_lazy("entries of a timeline", "This advisory")


@dataclass(frozen=True, slots=True)
class Event:
    """An entry: when it was, as far as is known, and what it was. `note` is ours, `title` is text of the document where
    `is_told`; `href` leads to where the page says more.
    """

    at: str
    kind: EventKind
    title: str
    note: str = ""
    until: str = ""
    href: str = ""
    language: str = ""
    cites: tuple[int, ...] = ()
    is_told: bool = False
    is_claim: bool = False

    @property
    def precision(self) -> DatePrecision:
        """How exactly its date is known."""
        return PartialDate(self.at).precision


@dataclass(frozen=True, slots=True)
class Timeline:
    """The entries in the order of time: those at the beginning, those folded away, those at the end."""

    first: tuple[Event, ...]
    folded: tuple[Event, ...]
    last: tuple[Event, ...]
    kinds: tuple[tuple[EventKind, int], ...]
    is_vague: bool


def timeline(document: AdvisoryDocument) -> Timeline | None:
    """The line of time; None where there is nothing to put in an order."""
    events = sorted(_events(document), key=lambda event: event.at)
    if len(events) < 2 or all(event.kind is EventKind.RELEASES for event in events):
        return None
    folds = len(events) > 2 * ENDS_SHOWN + 5
    cut = (ENDS_SHOWN, len(events) - ENDS_SHOWN) if folds else (len(events), len(events))
    counts = ((kind, sum(event.kind is kind for event in events)) for kind in EventKind)
    return Timeline(
        first=tuple(events[: cut[0]]),
        folded=tuple(events[cut[0] : cut[1]]),
        last=tuple(events[cut[1] :]),
        kinds=tuple((kind, count) for kind, count in counts if count),
        is_vague=any(event.precision in {DatePrecision.YEAR, DatePrecision.MONTH} for event in events),
    )


def _events(document: AdvisoryDocument) -> Iterator[Event]:
    yield from _incident(document)
    yield from _attack(document)
    yield from _services(document.affected_services)
    yield from _updates(document)
    yield from _statements(document.statements)
    yield from _claims(document.attributions)
    yield from _sources(document.sources)
    yield from _releases(document)


def _incident(document: AdvisoryDocument) -> Iterator[Event]:
    """Each date with what is said for it; a date that somebody else gives is an entry of its own."""
    for date in IncidentDate:
        title, at = str(TITLES.get(date, date.label)), getattr(document.timeline, date.value)
        claims = [one for one in document.date_claims if one.event == date]
        if at:
            agreeing = [claim for claim in claims if claim.at == at]
            cites = tuple(dict.fromkeys(number for claim in agreeing for number in claim.cites))
            note = pgettext("between clauses", "; ").join(_voice(claim) for claim in agreeing)
            yield Event(at, EventKind.HAPPENED, title, note, cites=cites)
        for claim in claims:
            if claim.at != at:
                voice = _voice(claim)
                note = gettext("%(claim)s; dates differ") % {"claim": voice} if at else voice
                yield Event(claim.at, EventKind.HAPPENED, title, note, cites=claim.cites, is_claim=True)


def _voice(claim: DatedClaim) -> str:
    said = {"source": claim.said_by, "confidence": inline(claim.confidence)}
    if claim.said_by:
        return gettext("according to %(source)s, confidence: %(confidence)s") % said
    return gettext("according to a source, confidence: %(confidence)s") % said


def _attack(document: AdvisoryDocument) -> Iterator[Event]:
    """What is only commonly used did not happen, and has no place in time."""
    shown = [step for step in document.attacks if step.certainty is not Certainty.CONTEXT]
    for number, step in enumerate(shown, start=1):
        if at := step.occurred_from or step.occurred_to:
            said = {"certainty": str(step.certainty.label), "technique": step.technique.external_id}
            note = pgettext("a step of an attack", "%(certainty)s, %(technique)s") % said
            until = _until(step.occurred_from, step.occurred_to)
            yield Event(at, EventKind.HAPPENED, step.technique.name, note, until, f"#step-{number}", cites=step.cites)


def _services(effects: Iterable[ServiceEffect]) -> Iterator[Event]:
    for effect in effects:
        if at := effect.occurred_from or effect.occurred_to:
            until = _until(effect.occurred_from, effect.occurred_to)
            note = str(effect.impact.label)
            yield Event(at, EventKind.SERVICES, effect.service.name, note, until, "#impact", cites=effect.cites)


def _until(start: str, end: str) -> str:
    """The end of a span, where it has two ends that differ."""
    return end if start and end != start else ""


def _updates(document: AdvisoryDocument) -> Iterator[Event]:
    for anchor, update in updates_newest_first(document):
        note = str(update.kind.label)
        yield Event(
            update.at, EventKind.UPDATES, update.title, note, href=f"#{anchor}", cites=update.cites, is_told=True
        )


def _statements(statements: Iterable[StatementText]) -> Iterator[Event]:
    for one in statements:
        if one.made_on:
            title = gettext("Statement by %(organization)s") % {"organization": one.organization.name}
            yield Event(one.made_on, EventKind.SAID, title, href="#statements", cites=one.cites)


def _claims(claims: Iterable[AttributionClaim]) -> Iterator[Event]:
    for claim in claims:
        if claim.said_on:
            said = {"status": inline(claim.status), "confidence": inline(claim.confidence)}
            note = gettext("%(status)s, confidence: %(confidence)s") % said
            title, href = _naming(claim), "#responsibility"
            yield Event(claim.said_on, EventKind.SAID, title, note, href=href, cites=claim.cites, is_claim=True)


def _naming(claim: AttributionClaim) -> str:
    names = {"source": claim.said_by, "actor": claim.actor.name if claim.actor else ""}
    match bool(claim.said_by), claim.actor is not None:
        case True, True:
            return gettext("%(source)s names %(actor)s as responsible") % names
        case True, False:
            return gettext("%(source)s names nobody as responsible") % names
        case False, True:
            return gettext("Somebody names %(actor)s as responsible") % names
        case _:
            return gettext("Somebody names nobody as responsible")


def _sources(sources: Iterable[SourceRef]) -> Iterator[Event]:
    """One entry for all that was published on the same date."""
    by_date: dict[str, list[SourceRef]] = {}
    for source in sources:
        by_date.setdefault(source.published_on, []).append(source)
    for at, found in by_date.items():
        numbers = tuple(source.number for source in found)
        if at and len(found) == 1:
            source, href = found[0], f"#source-{numbers[0]}"
            note = source.publisher or str(source.kind.label)
            yield Event(at, EventKind.SAID, source.title, note, href=href, language=source.language, is_told=True)
        elif at:
            count = len(found)
            title = ngettext("%(number)d source published", "%(number)d sources published", count) % {"number": count}
            yield Event(at, EventKind.SAID, title, cites=numbers)


def _releases(document: AdvisoryDocument) -> Iterator[Event]:
    for note in document.history:
        address = reverse("advisories:release", args=[document.id, note.number])
        title = gettext("Release %(number)s: %(kind)s") % {"number": note.number, "kind": inline(note.kind)}
        yield Event(f"{note.released_at:%Y-%m-%dT%H:%MZ}", EventKind.RELEASES, title, href=address)
