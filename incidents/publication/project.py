"""Projecting: what lists, filters and pages need is derived from a document alone, so that it can be rebuilt at will."""

import datetime as dt
from collections.abc import Iterator

from incidents.publication.document import AdvisoryDocument
from incidents.publication.models import Advisory, AdvisoryTerm, Facet, Release
from incidents.publication.tallies import Recount
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.words import AttributionStatus

_BORNE_OUT = (
    AttributionStatus.CONFIRMED,
    AttributionStatus.SUSPECTED,
    AttributionStatus.CLAIMED,
    AttributionStatus.DISPUTED,
    AttributionStatus.UNCLAIMED,
)
_TO_THE_DAY = len("2025-01-27")


def project(release: Release) -> Advisory:
    """Make the advisory row say what this release says, with its terms and counts. Runs inside the caller's transaction."""
    recount = Recount()
    for former in Advisory.objects.filter(public_id=release.public_id):
        recount.take_back(former)
    advisory, _ = Advisory.objects.update_or_create(
        public_id=release.public_id, defaults=advisory_columns(release, release.document)
    )
    AdvisoryTerm.objects.filter(advisory=advisory).delete()
    AdvisoryTerm.objects.bulk_create(advisory_terms(advisory, release.document))
    recount.add(advisory, term_values(release.document))
    recount.write()
    return advisory


def advisory_columns(release: Release, document: AdvisoryDocument) -> dict[str, object]:
    """The columns of the advisory row, by name."""
    primary = document.primary
    return {
        "release": release,
        "number": release.number,
        "kind": release.kind,
        "title": document.title,
        "summary": document.summary,
        "severity": document.severity.value,
        "severity_rank": document.severity.rank,
        "state": document.state.value,
        "tlp": document.tlp.value,
        "tlp_rank": document.tlp.rank,
        "language": document.language,
        "organization": primary.organization.name if primary else "",
        "organization_slug": primary.organization.slug if primary else "",
        "occurred_from": document.timeline.occurred_from,
        "occurred_to": document.timeline.occurred_to,
        "disclosed": document.timeline.disclosed,
        "known_on": _known_on(document),
        "year": PartialDate(_known_on(document)).year,
        "days_to_disclosure": _days_to_disclosure(document),
        "attribution": _attribution(document),
        "is_exercise": document.is_exercise,
        "is_open": document.is_open,
        "is_withdrawn": document.is_withdrawn,
        "merged_into": document.merged_into,
        "first_released_at": document.first_release.released_at,
        "released_at": release.released_at,
        "reason": release.reason,
        "brief": _brief(document),
    }


def advisory_terms(advisory: Advisory, document: AdvisoryDocument) -> list[AdvisoryTerm]:
    """Everything the advisory can be found by, each once."""
    return [
        AdvisoryTerm(advisory=advisory, facet=facet, value=value, certainty=certainty, role=role)
        for facet, value, certainty, role in term_values(document)
    ]


def term_values(document: AdvisoryDocument) -> list[tuple[str, str, str, str]]:
    """Facet, value, certainty and role of every term, each once."""
    return list(dict.fromkeys(_terms(document)))


def _terms(document: AdvisoryDocument) -> Iterator[tuple[str, str, str, str]]:
    for involved in document.organizations:
        yield Facet.ORGANIZATION, involved.organization.slug, "", involved.role.value
        if involved.organization.sector:
            yield Facet.SECTOR, involved.organization.sector, "", ""
        if involved.organization.country:
            yield Facet.COUNTRY, involved.organization.country, "", ""
    for slug in _other_organizations(document):
        yield Facet.ORGANIZATION, slug, "", ""
    for key in _services(document):
        yield Facet.SERVICE, key, "", ""
    for step in document.attacks:
        yield Facet.TECHNIQUE, step.technique.key, step.certainty.value, ""
    for advice in document.recommendations:
        yield from _known(Facet.MITIGATION, advice.mitigation.key if advice.mitigation else "")
    for claim in document.attributions:
        yield from _known(Facet.ACTOR, claim.actor.slug if claim.actor else "")
    for tag in document.tags:
        yield from _known(Facet.TAG, tag.slug)


def _known(facet: Facet, value: str) -> Iterator[tuple[str, str, str, str]]:
    if value:
        yield facet, value, "", ""


def _services(document: AdvisoryDocument) -> list[str]:
    affected = [effect.service.key for effect in document.affected_services]
    return affected + [then.service.key for update in document.updates for then in update.impacts]


def _other_organizations(document: AdvisoryDocument) -> set[str]:
    """Organizations that are named without a role: those whose services are affected, those that made a statement."""
    owners = {key.partition("/")[0] for key in _services(document)}
    speakers = {statement.organization.slug for statement in document.statements}
    return owners.union(speakers).difference(involved.organization.slug for involved in document.organizations)


def _known_on(document: AdvisoryDocument) -> str:
    timeline = document.timeline
    return timeline.occurred_from or timeline.disclosed or f"{document.first_release.released_at:%Y-%m-%d}"


def _days_to_disclosure(document: AdvisoryDocument) -> int | None:
    began, disclosed = document.timeline.occurred_from, document.timeline.disclosed
    if min(len(began), len(disclosed)) < _TO_THE_DAY:
        return None
    return (_day(disclosed) - _day(began)).days


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:_TO_THE_DAY])


def _attribution(document: AdvisoryDocument) -> str:
    """The status that is borne out best among statements that name somebody."""
    said = {claim.status for claim in document.attributions if claim.actor}
    return next((status.value for status in _BORNE_OUT if status in said), "")


def _brief(document: AdvisoryDocument) -> dict[str, object]:
    services = dict.fromkeys(effect.service.name for effect in document.affected_services)
    techniques = dict.fromkeys(
        (step.technique.framework.value, step.technique.external_id, step.certainty.value) for step in document.attacks
    )
    brief: dict[str, object] = {"services": list(services), "techniques": [list(technique) for technique in techniques]}
    titles = {translated.language: translated.title for translated in document.translations if translated.title}
    return {**brief, "titles": titles} if titles and not document.is_withdrawn else brief
