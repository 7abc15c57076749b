"""Building the bundle of an advisory (STIX 2.1, OASIS Standard of 10 June 2021)."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from django.conf import settings

from incidents.publication.document import Advice, AdvisoryDocument, AttackStep, AttributionClaim
from incidents.publication.registry import Format
from incidents.representations.stix.borrowed import INCIDENT_EXTENSION
from incidents.representations.stix.graph import Graph, Object, instant, span
from incidents.representations.stix.named import (
    add_actor,
    add_mitigation,
    add_organization,
    add_service,
    add_technique,
)
from incidents.vocabulary.words import (
    AttributionStatus,
    Certainty,
    Confidence,
    IncidentState,
    OrganizationRole,
)

SUFFIX = ".stix.json"
MEDIA_TYPE = "application/stix+json;version=2.1"
_CONFIDENCE = {Confidence.LOW: 15, Confidence.MODERATE: 50, Confidence.HIGH: 85}
"""The middles of the None / Low / Med / High scale (appendix A)."""
_UNSURE = (IncidentState.INVESTIGATING, IncidentState.DISPUTED)
_ROLES = {OrganizationRole.VICTIM: "targets", OrganizationRole.REPORTER: "related-to"}
_TIMES = ("start_time", "stop_time")


def build_stix(document: AdvisoryDocument, base_url: str) -> bytes:
    """The bundle in JSON, keys sorted; the same document gives the same bytes.

    A withdrawn advisory revokes what is its own. What an advisory no longer says is no longer in its report.
    """
    graph = Graph(document, base_url, settings.SITE_NAME)
    incident = _add_incident(graph)
    for involved in document.organizations:
        verb = _ROLES.get(involved.role, "impacts")
        graph.relate(incident, verb, add_organization(graph, involved.organization), description=involved.role.value)
    techniques = {step.technique.key: _add_step(graph, incident, step) for step in document.attacks}
    _add_effects(graph, incident)
    for advice in document.recommendations:
        _add_advice(graph, incident, advice, techniques)
    for claim in document.attributions:
        _add_claim(graph, incident, claim)
    _add_notes(graph, incident)
    _add_report(graph)
    bundle = {"type": "bundle", "id": graph.bundle_id(), "objects": list(graph.objects())}
    return msgspec.json.encode(bundle, order="sorted")


def _add_incident(graph: Graph) -> str:
    document = graph.document
    core = {
        "extension_type": "property-extension",
        "determination": "suspected" if document.state in _UNSURE else "confirmed",
        "investigation_status": "closed" if document.state is IncidentState.RESOLVED else "open",
        "criticality": document.severity.rank * 25,
    }
    said = (document.summary, document.who_is_affected, document.what_to_do_now)
    return graph.own(
        "incident",
        name=document.title,
        description="\n\n".join(filter(None, said)),
        lang=document.language,
        labels=[tag.slug for tag in document.tags],
        external_references=list(_references(graph)),
        extensions={INCIDENT_EXTENSION: core},
    )


def _references(graph: Graph) -> Iterator[Object]:
    document = graph.document
    address = f"{graph.base_url}/incidents/{document.id}/"
    yield {"source_name": settings.SITE_NAME, "external_id": document.id, "url": address}
    for source in document.sources:
        yield {"source_name": source.publisher or source.title, "description": source.title, "url": source.url}
    for other in document.related:
        yield {
            "source_name": settings.SITE_NAME,
            "external_id": other.id,
            "url": f"{graph.base_url}/incidents/{other.id}/",
            "description": ": ".join(filter(None, (other.relation.value, other.why))),
        }


def _add_step(graph: Graph, incident: str, step: AttackStep) -> str:
    """The technique; a sighting of it only where it was observed."""
    pattern = add_technique(graph, step.technique)
    known = ": ".join(filter(None, (step.certainty.value, step.description)))
    graph.relate(
        incident, "related-to", pattern, description=known, **span(step.occurred_from, step.occurred_to, _TIMES)
    )
    if step.certainty is Certainty.OBSERVED:
        victims = [one.organization for one in graph.document.organizations if one.role is OrganizationRole.VICTIM]
        graph.own(
            "sighting",
            step.technique.key,
            sighting_of_ref=pattern,
            where_sighted_refs=list(dict.fromkeys(add_organization(graph, victim) for victim in victims)),
            description=step.description,
            **span(step.occurred_from, step.occurred_to, ("first_seen", "last_seen")),
        )
    return pattern


def _add_effects(graph: Graph, incident: str) -> None:
    for effect in graph.document.affected_services:
        when = " – ".join(filter(None, (effect.occurred_from, effect.occurred_to)))
        words = ". ".join(filter(None, (effect.impact.value, when, effect.note)))
        times = span(effect.occurred_from, effect.occurred_to, _TIMES)
        graph.relate(incident, "impacts", add_service(graph, effect.service), description=words, **times)


def _add_advice(graph: Graph, incident: str, advice: Advice, techniques: dict[str, str]) -> None:
    if advice.mitigation:
        course = add_mitigation(graph, advice.mitigation)
    else:
        course = graph.own("course-of-action", advice.title, name=advice.title, description=advice.advice)
    words = (f"{advice.priority.value}, {advice.audience.value}: {advice.title}", advice.due_on, advice.advice)
    graph.relate(course, "related-to", incident, description=". ".join(filter(None, words)))
    for key in advice.counters:
        if key in techniques:
            graph.relate(course, "mitigates", techniques[key])


def _add_claim(graph: Graph, incident: str, claim: AttributionClaim) -> None:
    """Who is said to be responsible; a disputed claim attributes nothing."""
    if claim.actor is None:
        return
    verb = "related-to" if claim.status is AttributionStatus.DISPUTED else "attributed-to"
    words = (claim.status.value, claim.said_by, claim.said_on, claim.basis)
    graph.relate(
        incident,
        verb,
        add_actor(graph, claim.actor),
        description=". ".join(filter(None, words)),
        confidence=_CONFIDENCE.get(claim.confidence),
    )


def _add_notes(graph: Graph, incident: str) -> None:
    for update in graph.document.updates:
        graph.own(
            "note",
            *("update", update.at, update.title),
            abstract=f"{update.at}, {update.kind.value}: {update.title}",
            content=update.text or update.title,
            object_refs=[incident],
        )
    for statement in graph.document.statements:
        about = add_organization(graph, statement.organization)
        said = ", ".join(filter(None, (statement.organization.name, statement.made_on)))
        graph.own(
            "note",
            *("statement", statement.organization.slug, statement.made_on, statement.text),
            abstract=said,
            content=statement.text,
            authors=[statement.organization.name],
            object_refs=[incident, about],
        )


def _add_report(graph: Graph) -> None:
    document = graph.document
    prose = (document.summary, *(getattr(document.narrative, name) for name in document.narrative.__struct_fields__))
    release = f"Release {document.release.number} ({document.release.kind.value}): {document.release.reason}"
    graph.own(
        "report",
        name=document.title,
        description="\n\n".join(filter(None, (*prose, release))),
        lang=document.language,
        report_types=["threat-report"],
        published=instant(document.first_release.released_at),
        external_references=list(_references(graph))[:1],
        object_refs=graph.references(),
    )


_HERE = Path(__file__).parent
FORMAT = Format(
    name="stix",
    suffix=SUFFIX,
    media_type=MEDIA_TYPE,
    label="STIX 2.1",
    build=build_stix,
    made_of=(_HERE, _HERE.parent.parent / "vocabulary"),
    is_built_on_release=False,
)
