"""Building layers, in version 4.5 of the format (attack-navigator, layers/spec/v4.5)."""

import json
from typing import Any

from incidents.publication.document import AdvisoryDocument, AttackStep
from incidents.representations.navigator.domains import (
    ATLAS,
    ATTACK_DOMAINS,
    ENTERPRISE,
    Domain,
    steps_by_domain,
    steps_elsewhere,
)
from incidents.representations.navigator.techniques import COLORS, SCORES, cells
from incidents.vocabulary.words import Certainty

ATTACK_SUFFIX, ATLAS_SUFFIX = ".navigator.json", ".atlas.json"
_VERSIONS = {"navigator": "4.9.0", "layer": "4.5"}  # the first Navigator that reads 4.5
_FAINTEST_FIRST = (Certainty.CONTEXT, Certainty.SUSPECTED, Certainty.OBSERVED)
_BEST_SCORE_FIRST = 3


def build_attack_layers(document: AdvisoryDocument, base_url: str) -> bytes:
    """The ATT&CK layer of an advisory; a list of them where its techniques belong to several domains."""
    used = [domain for domain in ATTACK_DOMAINS if domain in steps_by_domain(document)] or [ENTERPRISE]
    layers = [build_layer(document, domain, base_url) for domain in used]
    return _encoded(layers if len(layers) > 1 else layers[0])


def build_atlas_layer(document: AdvisoryDocument, base_url: str) -> bytes:
    """The ATLAS layer of an advisory."""
    return _encoded(build_layer(document, ATLAS, base_url))


def build_layer(document: AdvisoryDocument, domain: Domain, base_url: str) -> dict[str, Any]:
    """One layer: what the incident says about the techniques of one domain. The same document gives the same layer."""
    return {
        "name": f"{'Withdrawn: ' if document.is_withdrawn else ''}{document.title}",
        "versions": _VERSIONS,
        "domain": domain.name,
        "description": _description(document, domain),
        "sorting": _BEST_SCORE_FIRST,
        "layout": {"layout": "side", "showID": True, "showName": True, "expandedSubtechniques": "annotated"},
        "techniques": cells(document, steps_by_domain(document).get(domain, ()), base_url),
        "gradient": {
            "colors": [COLORS[certainty] for certainty in _FAINTEST_FIRST],
            "minValue": min(SCORES.values()),
            "maxValue": max(SCORES.values()),
        },
        "legendItems": [{"label": str(certainty.label), "color": COLORS[certainty]} for certainty in Certainty],
        "metadata": _metadata(document, domain),
        "links": _links(document, domain, base_url),
    }


def _encoded(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _description(document: AdvisoryDocument, domain: Domain) -> str:
    note = document.release
    head = f"{document.id}, release {note.number} of {note.released_at:%Y-%m-%d}. {note.reason}"
    if document.is_withdrawn:
        return f"{head} This advisory was withdrawn: its techniques are no longer held to be right, and none is shown."
    elsewhere = steps_elsewhere(document, domain)
    missing = (
        f" Techniques of this incident outside this matrix: {len(elsewhere)}; the metadata names them."
        if elsewhere
        else ""
    )
    how = "The score says how sure it is that a technique was used: 3 observed, 2 suspected, 1 commonly used but not shown here."
    return f"{head} {how}{missing}"


def _metadata(document: AdvisoryDocument, domain: Domain) -> list[dict[str, Any]]:
    note = document.release
    said = {
        "Advisory": document.id,
        "Release": str(note.number),
        "Released at": f"{note.released_at:%Y-%m-%dT%H:%M:%SZ}",
        "Label": str(document.tlp.label),
        "Severity": str(document.severity.label),
        "State": "Withdrawn" if document.is_withdrawn else str(document.state.label),
    }
    rows: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in said.items()]
    elsewhere = [
        {"name": _missing_from_here(domains), "value": _named(step)}
        for step, domains in steps_elsewhere(document, domain)
    ]
    return [*rows, {"divider": True}, *elsewhere] if elsewhere else rows


def _missing_from_here(domains: tuple[Domain, ...]) -> str:
    return f"In {' and '.join(domain.label for domain in domains)}" if domains else "In no matrix"


def _named(step: AttackStep) -> str:
    return f"{step.technique.external_id} {step.technique.name} ({str(step.certainty.label).lower()})"


def _links(document: AdvisoryDocument, domain: Domain, base_url: str) -> list[dict[str, Any]]:
    address, number = f"{base_url}/incidents/{document.id}", document.release.number
    links = [
        {"label": f"{document.id}, release {number}", "url": f"{address}/releases/{number}/"},
        {"label": f"{document.id}, current release", "url": f"{address}/"},
    ]
    others = steps_by_domain(document)
    if domain is ATLAS and others.keys() - {ATLAS}:
        links.append({"label": "ATT&CK techniques", "url": f"{address}/releases/{number}{ATTACK_SUFFIX}"})
    if domain is not ATLAS and ATLAS in others:
        links.append({"label": "ATLAS techniques", "url": f"{address}/releases/{number}{ATLAS_SUFFIX}"})
    return links
