"""Catalogue entries, made once for each natural key."""

from typing import Any

from incidents.catalogue.models import (
    Mitigation,
    MitigationCoverage,
    Organization,
    Service,
    Tactic,
    Tag,
    Technique,
    ThreatActor,
)


def make_organization(name: str = "Harbour Bank", **fields: Any) -> Organization:
    """An organization."""
    return Organization.objects.filter(name=name).first() or Organization.objects.create(
        name=name, **{"sector": "financial-services", "country": "NL", **fields}
    )


def make_service(name: str = "Online banking", organization: Organization | None = None, **fields: Any) -> Service:
    """A service of an organization."""
    owner = organization or make_organization()
    return owner.services.filter(name=name).first() or Service.objects.create(organization=owner, name=name, **fields)


def make_tactic(external_id: str = "TA0040", name: str = "Impact", **fields: Any) -> Tactic:
    """A tactic."""
    tactic: Tactic = Tactic.objects.get_or_create(
        framework="attack", external_id=external_id, defaults={"name": name, "shortname": name.lower(), **fields}
    )[0]
    return tactic


def make_technique(external_id: str = "T1498", name: str = "Network Denial of Service", **fields: Any) -> Technique:
    """A technique; those whose id begins with AML belong to ATLAS."""
    framework = "atlas" if external_id.startswith("AML") else "attack"
    tactics = fields.pop("tactics", ())
    technique: Technique
    technique, is_new = Technique.objects.get_or_create(
        framework=framework, external_id=external_id, defaults={"name": name, **fields}
    )
    if is_new:
        technique.tactics.set(tactics)
    return technique


def make_mitigation(
    external_id: str = "M1037", name: str = "Filter Network Traffic", *counters: Technique
) -> Mitigation:
    """A mitigation that counters the techniques given."""
    framework = "atlas" if external_id.startswith("AML") else "attack"
    mitigation: Mitigation
    mitigation, _ = Mitigation.objects.get_or_create(
        framework=framework, external_id=external_id, defaults={"name": name}
    )
    for technique in counters:
        MitigationCoverage.objects.get_or_create(mitigation=mitigation, technique=technique)
    return mitigation


def make_actor(name: str = "Grey Heron", **fields: Any) -> ThreatActor:
    """A threat actor."""
    return ThreatActor.objects.filter(name=name).first() or ThreatActor.objects.create(name=name, **fields)


def make_tag(name: str = "denial of service") -> Tag:
    """A tag."""
    return Tag.objects.filter(name=name).first() or Tag.objects.create(name=name)
