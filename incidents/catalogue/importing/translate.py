"""From the objects of a STIX bundle to the entries of the catalogue."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from incidents.catalogue.importing.addresses import SITES, entry_url, parent_id
from incidents.catalogue.importing.entries import (
    ActorEntry,
    CoverageEntry,
    MitigationEntry,
    Reading,
    TacticEntry,
    TechniqueEntry,
)
from incidents.catalogue.importing.stix import SOURCES, Bundle, Relationship, StixObject, StixThing
from incidents.catalogue.importing.text import storable, to_markdown
from incidents.vocabulary.words import EntryStatus

LONGEST_NAME = 200
LONGEST_URL = 1000
_SECTIONS = {
    "x-mitre-tactic": "tactics",
    "attack-pattern": "techniques",
    "course-of-action": "mitigations",
    "intrusion-set": "groups",
}
#: The other end of a relationship, by external id, for each (STIX type, external id) it starts from.
Targets = dict[tuple[str, str], str]


def translate_bundle(bundle: Bundle, *, version: str = "") -> Reading:
    """Everything the bundle says that the catalogue has a place for, and remarks on the rest."""
    successors = _targets(bundle, "revoked-by")
    parents = _targets(bundle, "subtechnique-of")
    return Reading(
        framework=bundle.framework,
        version=version,
        domains=bundle.domains,
        tactics=_tactics(bundle),
        techniques=_techniques(bundle, parents, successors),
        mitigations=[
            MitigationEntry(**_basics(bundle, found), superseded_by=_successor(bundle, found, successors))
            for found in bundle.of_type("course-of-action")
        ],
        actors=_actors(bundle, successors),
        coverage=_coverage(bundle),
        remarks=bundle.remarks,
    )


def _tactics(bundle: Bundle) -> list[TacticEntry]:
    columns = dict.fromkeys(stix_id for matrix in bundle.matrices for stix_id in matrix.tactic_refs)
    positions = {stix_id: position for position, stix_id in enumerate(columns, start=1)}
    tactics = []
    for found in bundle.of_type("x-mitre-tactic"):
        if found.id not in positions:
            bundle.remark("tactic in no matrix", found, "it is placed before all others")
        tactics.append(
            TacticEntry(
                **_basics(bundle, found), shortname=found.x_mitre_shortname[:60], position=positions.get(found.id, 0)
            )
        )
    return sorted(tactics, key=lambda tactic: tactic.position)


def _techniques(bundle: Bundle, parents: Targets, successors: Targets) -> list[TechniqueEntry]:
    found_tactics = sorted(bundle.of_type("x-mitre-tactic"), key=lambda tactic: not tactic.is_gone)
    shortnames = {tactic.x_mitre_shortname: bundle.external_id(tactic) for tactic in found_tactics}
    known = {bundle.external_id(found) for found in bundle.of_type("attack-pattern")}
    techniques = []
    for found in bundle.of_type("attack-pattern"):
        external_id = bundle.external_id(found)
        phases = {phase.phase_name for phase in found.kill_chain_phases}
        for phase in sorted(phases - shortnames.keys()):
            bundle.remark("unknown tactic", found, f"the file has no tactic {phase!r}")
        named = parent_id(bundle.framework, external_id)
        techniques.append(
            TechniqueEntry(
                **_basics(bundle, found),
                tactics=frozenset(shortnames[phase] for phase in phases & shortnames.keys()),
                parent=parents.get((found.type, external_id), named if named in known else ""),
                superseded_by=_successor(bundle, found, successors),
            )
        )
    return techniques


def _actors(bundle: Bundle, successors: Targets) -> list[ActorEntry]:
    actors = []
    for found in bundle.of_type("intrusion-set"):
        names = dict.fromkeys(storable(alias).strip() for alias in found.aliases)
        actors.append(
            ActorEntry(
                **_basics(bundle, found),
                aliases=tuple(name for name in names if name and name != found.name),
                superseded_by=_successor(bundle, found, successors),
            )
        )
    return actors


def _coverage(bundle: Bundle) -> list[CoverageEntry]:
    pairs: dict[tuple[str, str], list[Relationship]] = defaultdict(list)
    seen: set[str] = set()
    for relationship in bundle.relationships:
        if relationship.relationship_type != "mitigates":
            continue
        if relationship.id in seen:
            bundle.remark("relationship id used more than once", relationship, "both relationships are kept")
        seen.add(relationship.id)
        mitigation = bundle.refer("course-of-action", relationship.source_ref)
        technique = bundle.refer("attack-pattern", relationship.target_ref)
        if mitigation and technique:
            pairs[mitigation, technique].append(relationship)
        else:
            bundle.remark("relationship with a missing end", relationship, "the file lacks one of its two objects")
    return [
        _cover(bundle, mitigation, technique, relationships)
        for (mitigation, technique), relationships in sorted(pairs.items())
    ]


def _cover(bundle: Bundle, mitigation: str, technique: str, relationships: list[Relationship]) -> CoverageEntry:
    for further in relationships[1:]:
        bundle.remark("several relationships of one pair", further, "their texts are joined")
    texts = dict.fromkeys(_prose(bundle, relationship) for relationship in relationships)
    dates = [relationship.revised_at for relationship in relationships if relationship.revised_at]
    return CoverageEntry(
        mitigation=mitigation,
        technique=technique,
        how="\n\n".join(text for text in texts if text),
        stix_id=relationships[0].id,
        revised_at=max(dates, default=None),
    )


def _targets(bundle: Bundle, relationship_type: str) -> Targets:
    targets: Targets = {}
    for relationship in bundle.relationships:
        if relationship.relationship_type != relationship_type:
            continue
        type_ = relationship.source_ref.partition("--")[0]
        source, target = bundle.refer(type_, relationship.source_ref), bundle.refer(type_, relationship.target_ref)
        if not source or not target:
            bundle.remark("relationship with a missing end", relationship, "the file lacks one of its two objects")
        elif source == target:
            bundle.remark("relationship with itself", relationship, "left out")
        elif targets.setdefault((type_, source), target) != target:
            bundle.remark("second parent or successor", relationship, f"{targets[type_, source]} is kept")
    return targets


def _successor(bundle: Bundle, found: StixObject, successors: Targets) -> str:
    successor = successors.get((found.type, bundle.external_id(found)), "")
    if found.revoked and not successor:
        bundle.remark("revoked without a successor", found, "the file names none")
    return successor


def _basics(bundle: Bundle, found: StixObject) -> dict[str, Any]:
    """What every kind of entry has."""
    external_id = bundle.external_id(found)
    name = storable(found.name).strip()
    if len(name) > LONGEST_NAME:
        bundle.remark("shortened name", found, name)
        name = f"{name[: LONGEST_NAME - 1]}…"
    _remark_references(bundle, found)
    domains = {domain.removesuffix("-attack") for domain in found.x_mitre_domains} if bundle.domains else set()
    return {
        "external_id": external_id,
        "name": name,
        "summary": _prose(bundle, found),
        "url": _address(bundle, found) or entry_url(bundle.framework, _SECTIONS[found.type], external_id),
        "stix_id": found.id,
        "status": _status(found),
        "revised_at": found.revised_at,
        "domains": bundle.domains | domains,
    }


def _remark_references(bundle: Bundle, found: StixObject) -> None:
    """A remark on each reference that neither is the entry's own id nor is cited in its text."""
    for reference in found.external_references:
        name = reference.source_name.strip()
        if name not in SOURCES[bundle.framework] and f"(Citation: {name}" not in found.description:
            why = " ".join(filter(None, (name, reference.external_id, reference.url)))
            bundle.remark("reference the text does not cite", found, why)


def _address(bundle: Bundle, found: StixObject) -> str:
    own: Iterable[str] = (
        reference.url for reference in found.external_references if reference.source_name in SOURCES[bundle.framework]
    )
    return next((url for url in own if url.startswith("https://") and len(url) <= LONGEST_URL), "")


def _status(found: StixObject) -> EntryStatus:
    if found.revoked:
        return EntryStatus.REVOKED
    return EntryStatus.DEPRECATED if found.x_mitre_deprecated else EntryStatus.ACTIVE


def _prose(bundle: Bundle, found: StixThing) -> str:
    return to_markdown(found.description, base_url=SITES[bundle.framework], citations=found.citations)
