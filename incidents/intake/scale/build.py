"""From invented incidents to rows in memory: catalogue entries are found or made for a chunk, then each incident is built."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models

from incidents.catalogue.models import Mitigation, Organization, Service, Tag, Technique, ThreatActor
from incidents.catalogue.models.entry import slug_base
from incidents.intake.countries import TWO_LETTERS
from incidents.intake.scale.shape import BadLine, Line, Note, Reference
from incidents.publication.bulk import NewIncident
from incidents.record.models import AffectedService, Attack, Attribution, Incident, Loss, Recommendation, Source, Update
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import (
    AttributionStatus,
    Certainty,
    Confidence,
    IncidentState,
    LossKind,
    Sector,
    ServiceImpact,
    Severity,
    SourceKind,
    UpdateKind,
)

_SECTORS = {
    "Accomodation": Sector.HOSPITALITY,
    "Administrative": Sector.PROFESSIONAL,
    "Agriculture": Sector.AGRICULTURE,
    "Construction": Sector.CONSTRUCTION,
    "Educational": Sector.EDUCATION,
    "Entertainment": Sector.ENTERTAINMENT,
    "Finance": Sector.FINANCE,
    "Healthcare": Sector.HEALTH,
    "Information": Sector.TECHNOLOGY,
    "Management": Sector.PROFESSIONAL,
    "Manufacturing": Sector.MANUFACTURING,
    "Mining": Sector.MINING,
    "Professional": Sector.PROFESSIONAL,
    "Public": Sector.GOVERNMENT,
    "Retail": Sector.RETAIL,
    "Trade": Sector.RETAIL,
    "Transportation": Sector.TRANSPORTATION,
    "Utilities": Sector.UTILITIES,
}
_SOURCES = {
    "court": SourceKind.REGULATOR,
    "news": SourceKind.NEWS,
    "official": SourceKind.GOVERNMENT,
    "research": SourceKind.RESEARCH,
    "vendor": SourceKind.VENDOR,
}
_CONFIDENCES = {"low": Confidence.LOW, "medium": Confidence.MODERATE, "high": Confidence.HIGH}
_IMPACTS = {
    Severity.CRITICAL: ServiceImpact.MAJOR_OUTAGE,
    Severity.HIGH: ServiceImpact.PARTIAL_OUTAGE,
    Severity.MEDIUM: ServiceImpact.DATA_EXPOSED,
}
_UPDATES = {kind.value: kind for kind in UpdateKind}
_OPEN_SINCE = "2025"
EntryT = TypeVar("EntryT", bound=models.Model)


class CatalogueShelf:
    """Techniques and mitigations held for the whole run; the rest is looked up and completed for each chunk."""

    def __init__(self) -> None:
        techniques = Technique.objects.select_related("parent").prefetch_related("tactics", "coverage")
        self.techniques: dict[str, Technique] = {one.external_id: one for one in techniques}
        self.mitigations: dict[str, Mitigation] = {one.external_id: one for one in Mitigation.objects.all()}
        self.actors: dict[str, ThreatActor] = {}
        self.tags: dict[str, Tag] = {}
        self.organizations: dict[str, Organization] = {}
        self.services: dict[tuple[str, str], Service] = {}

    def prepare(self, lines: Sequence[Line]) -> None:
        """Find or make the organizations, services, actors and tags that these lines name. Runs in the chunk's transaction."""
        spelt_first = {organization_slug(line): line for line in reversed(lines)}
        self.organizations = _complete(Organization, spelt_first, _organization)
        wanted = {(organization_slug(line), _short_slug(name)): name for line in lines for name in line.services}
        self.services = self._complete_services(wanted)
        actors = {_short_slug(line.actor.name): line for line in lines if line.actor.name}
        self.actors |= _complete(ThreatActor, {slug: actors[slug] for slug in actors.keys() - self.actors}, _actor)
        tags = {tag: line for line in lines for tag in tags_of(line)}
        self.tags |= _complete(Tag, {slug: tags[slug] for slug in tags.keys() - self.tags}, _tag)

    def _complete_services(self, wanted: dict[tuple[str, str], str]) -> dict[tuple[str, str], Service]:
        owners = {one.pk: one for one in self.organizations.values()}
        found: dict[tuple[str, str], Service] = {}
        for service in Service.objects.filter(organization__in=owners):
            service.organization = owners[service.organization_id]
            found[service.organization.slug, service.slug] = service
        missing = [
            Service(organization=self.organizations[owner], slug=slug, name=name)
            for (owner, slug), name in wanted.items()
            if (owner, slug) not in found
        ]
        for service in Service.objects.bulk_create(missing):
            found[service.organization.slug, service.slug] = service
        return found


def _complete(model: type[EntryT], wanted: dict[str, Line], make: Any) -> dict[str, EntryT]:
    found: dict[str, Any] = {}
    slugs = sorted(wanted)
    for start in range(0, len(slugs), 500):
        rows: Any = model._default_manager.filter(slug__in=slugs[start : start + 500])
        found |= {row.slug: row for row in rows}
    missing = [make(slug, wanted[slug]) for slug in slugs if slug not in found]
    made: Any = model._default_manager.bulk_create(missing)
    return found | {row.slug: row for row in made}


def _organization(slug: str, line: Line) -> Organization:
    place = line.organisation
    return Organization(
        slug=slug,
        name=" ".join(place.name.split()),
        country=TWO_LETTERS.get(place.country or "", ""),
        sector=_SECTORS.get(place.sector or "", ""),
    )


def _actor(slug: str, line: Line) -> ThreatActor:
    return ThreatActor(slug=slug, name=line.actor.name or slug)


def _tag(slug: str, line: Line) -> Tag:
    return Tag(slug=slug, name=slug.replace("-", " ").capitalize())


def organization_slug(line: Line) -> str:
    """The organization's slug: its name, and six digits that tell names apart which look alike without their accents."""
    return _distinct_slug(" ".join(line.organisation.name.split()))


@lru_cache(maxsize=10_000)
def _distinct_slug(name: str) -> str:
    return f"{slug_base(name)}-{hashlib.sha256(name.casefold().encode()).hexdigest()[:6]}"


@lru_cache(maxsize=10_000)
def _short_slug(text: str) -> str:
    return slug_base(text)


def tags_of(line: Line) -> list[str]:
    """The kinds of action: `hacking: Use of stolen creds` gives the tag `hacking`."""
    return list(
        dict.fromkeys(_short_slug(kind) for action in line.actions if (kind := action.partition(":")[0].strip()))
    )


def build_incident(line: Line, shelf: CatalogueShelf) -> NewIncident:
    """The rows of one invented incident.

    Raises:
        BadLine: it names a technique, mitigation, severity or label that is not known.
    """
    severity = _known(Severity, line.severity.lower())
    incident = Incident(
        title=line.title,
        summary=line.summary,
        severity=severity,
        state=IncidentState.CONFIRMED if line.disclosed >= _OPEN_SINCE else IncidentState.RESOLVED,
        tlp=_known(TLP, line.tlp.lower()),
        organization=shelf.organizations[organization_slug(line)],
        occurred_from=PartialDate(line.occurred),
        disclosed=PartialDate(line.disclosed),
        what_happened="\n\n".join(line.body),
        impact="\n".join(_facts(line)),
        who_is_responsible=f"Said to be {line.actor.type}: {line.actor.variety}.",
    )
    parts: dict[str, list[Any]] = {
        "attacks": _attacks(line, shelf),
        "affected_services": _services(line, shelf, _IMPACTS.get(severity, ServiceImpact.DEGRADED)),
        "recommendations": _recommendations(line, shelf),
        "attributions": _attributions(line, shelf),
        "losses": _losses(line),
        "sources": [_source(number, one) for number, one in enumerate(line.sources, start=1)],
        "updates": sorted((_update(note) for note in line.updates), key=lambda update: update.at),
    }
    tags = sorted((shelf.tags[slug] for slug in tags_of(line)), key=lambda tag: tag.name)
    return NewIncident(incident=incident, tags=tags, parts=parts)


def _facts(line: Line) -> Iterable[str]:
    for label, values in (("Assets", line.assets), ("Actions", line.actions), ("Vulnerabilities", line.cves)):
        if values:
            yield f"- {label}: {', '.join(values)}"


def _known(words: type[models.TextChoices], value: str) -> Any:
    try:
        return words(value)
    except ValueError:
        raise BadLine(f"“{value[:40]}” is no {words.__name__}") from None


def _entry(entries: dict[str, EntryT], key: str) -> EntryT:
    if key not in entries:
        raise BadLine(f"“{key[:40]}” is not in the catalogue")
    return entries[key]


def _attacks(line: Line, shelf: CatalogueShelf) -> list[Attack]:
    return [
        Attack(order=order, technique=_entry(shelf.techniques, key), certainty=Certainty.OBSERVED)
        for order, key in enumerate(line.techniques, start=1)
    ]


def _services(line: Line, shelf: CatalogueShelf, impact: ServiceImpact) -> list[AffectedService]:
    owner = organization_slug(line)
    slugs = dict.fromkeys(_short_slug(name) for name in line.services)
    return [
        AffectedService(
            order=order, service=shelf.services[owner, slug], impact=impact, occurred_from=PartialDate(line.occurred)
        )
        for order, slug in enumerate(slugs, start=1)
    ]


def _recommendations(line: Line, shelf: CatalogueShelf) -> list[Recommendation]:
    return [
        Recommendation(order=order, mitigation=_entry(shelf.mitigations, key), audience="operators")
        for order, key in enumerate(line.mitigations, start=1)
    ]


def _attributions(line: Line, shelf: CatalogueShelf) -> list[Attribution]:
    if not line.actor.name:
        return []
    return [
        Attribution(
            order=1,
            actor=shelf.actors[_short_slug(line.actor.name)],
            status=AttributionStatus.SUSPECTED,
            confidence=_CONFIDENCES.get(line.actor.confidence or "", Confidence.UNKNOWN),
        )
    ]


def _losses(line: Line) -> list[Loss]:
    if line.records_affected is None:
        return []
    return [Loss(order=1, kind=LossKind.RECORDS, likely=Decimal(line.records_affected), unit="records")]


def _source(number: int, reference: Reference) -> Source:
    kind = _SOURCES.get(reference.type or "", SourceKind.OTHER)
    return Source(number=number, title=reference.title, url=reference.url, kind=kind)


def _update(note: Note) -> Update:
    if note.at.tzinfo is None:
        raise BadLine("an update's time has no zone")
    kind = _UPDATES.get(note.status, UpdateKind.INVESTIGATING)
    return Update(at=PartialDate.from_datetime(note.at), kind=kind, title=note.title, text=note.text)
