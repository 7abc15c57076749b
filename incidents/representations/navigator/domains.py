"""Which matrix a technique stands in."""

import re
from dataclasses import dataclass

from incidents.publication.document import AdvisoryDocument, AttackStep, TechniqueRef
from incidents.vocabulary.words import Certainty, Framework

_ATTACK_ID = re.compile(r"T[0-9]{4}(\.[0-9]{3})?")
_ATLAS_ID = re.compile(r"AML\.T[0-9]{4}(\.[0-9]{3})?")


@dataclass(frozen=True, slots=True)
class Domain:
    """One matrix: `name` as layers write it, `label` for people."""

    name: str
    label: str


ENTERPRISE = Domain("enterprise-attack", "ATT&CK Enterprise")
MOBILE = Domain("mobile-attack", "ATT&CK Mobile")
ICS = Domain("ics-attack", "ATT&CK for ICS")
ATLAS = Domain("atlas-atlas", "ATLAS")
ATTACK_DOMAINS = (ENTERPRISE, MOBILE, ICS)

Numbered = tuple[int, AttackStep]


def domains_of(technique: TechniqueRef) -> tuple[Domain, ...]:
    """The matrices that hold a technique; none where no Navigator could know its id."""
    if technique.framework is Framework.ATLAS:
        return (ATLAS,) if _ATLAS_ID.fullmatch(technique.external_id) else ()
    if technique.framework is not Framework.ATTACK or not _ATTACK_ID.fullmatch(technique.external_id):
        return ()
    named = tuple(domain for domain in ATTACK_DOMAINS if domain.name.removesuffix("-attack") in technique.domains)
    return named or (_guessed(technique.external_id),)


def _guessed(external_id: str) -> Domain:
    """For documents that do not say the domain: all ids of ATT&CK for ICS begin with T08; the rest counts as Enterprise."""
    return ICS if external_id.startswith("T08") else ENTERPRISE


def steps_by_domain(document: AdvisoryDocument) -> dict[Domain, list[Numbered]]:
    """The steps of the attack, each with its number, by the matrices that hold their techniques."""
    found: dict[Domain, list[Numbered]] = {}
    for numbered in _standing_steps(document):
        for domain in domains_of(numbered[1].technique):
            found.setdefault(domain, []).append(numbered)
    return {domain: found[domain] for domain in (*ATTACK_DOMAINS, ATLAS) if domain in found}


def steps_elsewhere(document: AdvisoryDocument, domain: Domain) -> list[tuple[AttackStep, tuple[Domain, ...]]]:
    """The steps that a layer of this domain cannot show, each with the matrices that can."""
    placed = ((step, domains_of(step.technique)) for _, step in _standing_steps(document))
    return [(step, domains) for step, domains in placed if domain not in domains]


def _standing_steps(document: AdvisoryDocument) -> list[Numbered]:
    """Numbered as on the page: what is only commonly used comes last, because it is no step of this attack."""
    ordered = sorted(document.attacks, key=lambda step: step.certainty is Certainty.CONTEXT)
    return [] if document.is_withdrawn else list(enumerate(ordered, start=1))
