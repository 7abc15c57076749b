"""What an advisory names, as objects: techniques, mitigations, organizations, services, actors, countries."""

from incidents.publication.document import ActorRef, MitigationRef, OrganizationRef, ServiceRef, TechniqueRef
from incidents.representations.stix.graph import Graph
from incidents.vocabulary.words import ActorKind, Framework, Sector

SOURCES = {Framework.ATTACK: "mitre-attack", Framework.ATLAS: "mitre-atlas"}
_SECTORS: dict[str, str] = {
    Sector.AI: "technology",
    Sector.CLOUD: "technology",
    Sector.SOFTWARE: "technology",
    Sector.PROFESSIONAL: "commercial",
    Sector.OTHER: "",
}
"""What industry-sector-ov (section 10.9) has no word for, in its nearest."""
_NO_SUCH_ACTOR = (ActorKind.INSIDER, ActorKind.RESEARCHER)
"""Kinds that threat-actor-type-ov (section 10.23) does not have."""


def add_technique(graph: Graph, technique: TechniqueRef) -> str:
    """An attack pattern, under its framework's own id where that is known."""
    chain = SOURCES.get(technique.framework)
    phases = [
        {"kill_chain_name": chain, "phase_name": tactic.lower().replace(" ", "-")}
        for tactic in technique.tactics
        if chain
    ]
    said = {
        "name": technique.name,
        "kill_chain_phases": phases,
        "external_references": [_reference(technique)],
    }
    if technique.stix_id.startswith("attack-pattern--"):
        return graph.known("attack-pattern", technique.stix_id, **said)
    return graph.shared("attack-pattern", technique.key, **said)


def add_mitigation(graph: Graph, mitigation: MitigationRef) -> str:
    """A course of action, under its framework's own id where that is known."""
    said = {"name": mitigation.name, "external_references": [_reference(mitigation)]}
    if mitigation.stix_id.startswith("course-of-action--"):
        return graph.known("course-of-action", mitigation.stix_id, **said)
    return graph.shared("course-of-action", mitigation.key, **said)


def add_organization(graph: Graph, organization: OrganizationRef) -> str:
    """An identity, and where it is."""
    sector = _SECTORS.get(organization.sector, organization.sector) if organization.sector in Sector.values else ""
    identity = graph.shared(
        "identity",
        organization.slug,
        name=organization.name,
        identity_class="organization",
        sectors=[sector] if sector else [],
    )
    if organization.country:
        country = graph.shared(
            "location", organization.country, name=organization.country, country=organization.country
        )
        ends = {"source_ref": identity, "target_ref": country, "relationship_type": "located-at"}
        graph.shared("relationship", identity, country, **ends)
    return identity


def add_service(graph: Graph, service: ServiceRef) -> str:
    """A service, as infrastructure."""
    return graph.shared("infrastructure", service.key, name=service.name, description=service.kind)


def add_actor(graph: Graph, actor: ActorRef) -> str:
    """A threat actor."""
    known = [{"source_name": "mitre-attack", "external_id": actor.external_id}] if actor.external_id else []
    return graph.shared(
        "threat-actor",
        actor.slug,
        name=actor.name,
        threat_actor_types=[] if actor.kind in _NO_SUCH_ACTOR else [actor.kind.value],
        aliases=list(actor.aliases),
        external_references=known,
    )


def _reference(entry: TechniqueRef | MitigationRef) -> dict[str, str]:
    said = {"source_name": SOURCES.get(entry.framework, "local"), "external_id": entry.external_id}
    return {**said, "url": entry.url} if entry.url else said
