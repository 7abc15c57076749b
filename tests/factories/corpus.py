"""Advisories straight from documents, for lists: into ledger, projection and search, past the desk and its gate."""

import datetime as dt
from typing import Any

from msgspec.structs import replace

from incidents.publication.document import (
    ActorRef,
    Advice,
    AttackStep,
    AttributionClaim,
    Involvement,
    MitigationRef,
    OrganizationRef,
    ServiceEffect,
    ServiceRef,
    TagRef,
    TechniqueRef,
    Timeline,
)
from incidents.publication.ledger import chain_release, lock_ledger
from incidents.publication.models import Advisory
from incidents.publication.project import project
from incidents.publication.search import index_advisory
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import (
    ActorKind,
    AttributionStatus,
    Certainty,
    Confidence,
    Framework,
    IncidentState,
    OrganizationRole,
    Priority,
    ReaderGroup,
    ReleaseKind,
    ServiceImpact,
    Severity,
)
from tests.factories.documents import make_document, make_note
from tests.factories.people import make_editor

START = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)


def release_document(title: str = "Harbour Bank locked out of its ledgers", **fields: Any) -> Advisory:
    """An advisory with a document of these fields, released a minute after the one before it."""
    ledger = lock_ledger()
    place = ledger.last_sequence + 1
    tlp = fields.get("tlp", TLP.CLEAR)
    kind = fields.pop("kind", ReleaseKind.INITIAL)
    note = make_note(released_at=START + dt.timedelta(minutes=place), tlp=tlp, kind=kind)
    values = {"id": f"INC-2025-{place:04d}", "title": title, "release": note, "history": (note,), **fields}
    if not isinstance(values.get("timeline", Timeline()), Timeline):
        values["timeline"] = Timeline(occurred_from=values["timeline"])
    release = chain_release(ledger, document=make_document(**values), by=make_editor("Publisher"))
    release.save(force_insert=True)
    ledger.save()
    advisory = project(release)
    index_advisory(advisory, release.document)
    return advisory


def involved(slug: str, role: OrganizationRole = OrganizationRole.VICTIM, **fields: Any) -> Involvement:
    """An organization with a role."""
    return Involvement(
        organization=OrganizationRef(slug=slug, name=slug.replace("-", " ").title(), **fields), role=role
    )


def step(external_id: str, certainty: Certainty = Certainty.OBSERVED) -> AttackStep:
    """A technique of ATT&CK, or of ATLAS where the id begins with AML."""
    framework = Framework.ATLAS if external_id.startswith("AML") else Framework.ATTACK
    return AttackStep(
        technique=TechniqueRef(framework=framework, external_id=external_id, name=external_id), certainty=certainty
    )


def effect(key: str, impact: ServiceImpact = ServiceImpact.DEGRADED) -> ServiceEffect:
    """A service that was affected."""
    return ServiceEffect(service=ServiceRef(key=key, name=key, organization=key.partition("/")[0]), impact=impact)


def advice(external_id: str) -> Advice:
    """A recommendation of a mitigation of ATT&CK."""
    mitigation = MitigationRef(framework=Framework.ATTACK, external_id=external_id, name=external_id)
    return Advice(audience=ReaderGroup.USERS, priority=Priority.SOON, title=external_id, mitigation=mitigation)


def claim(slug: str, **fields: Any) -> AttributionClaim:
    """A statement that an actor did it."""
    values: dict[str, Any] = {
        "status": AttributionStatus.CLAIMED,
        "confidence": Confidence.LOW,
        "said_by": "The Courier",
    }
    actor = ActorRef(slug=slug, name=slug.replace("-", " ").title(), kind=ActorKind.UNKNOWN)
    return AttributionClaim(actor=actor, **values | fields)


def tagged(*slugs: str) -> tuple[TagRef, ...]:
    """Tags."""
    return tuple(TagRef(slug=slug, name=slug) for slug in slugs)


def release_again(former: Advisory, kind: ReleaseKind = ReleaseKind.UPDATE, **changes: Any) -> Advisory:
    """The next release of an advisory, with these fields changed, a minute after whatever was released last."""
    ledger = lock_ledger()
    last = Advisory.objects.select_related("release").get(public_id=former.public_id).document
    at = START + dt.timedelta(minutes=ledger.last_sequence + 1)
    tlp = changes.get("tlp", last.tlp)
    note = make_note(last.release.number + 1, released_at=at, tlp=tlp, kind=kind)
    earlier = tuple(one for one in last.history if one.tlp.rank <= tlp.rank)  # as freezing leaves it out
    document = replace(last, release=note, history=(*earlier, note), **changes)
    release = chain_release(ledger, document=document, by=make_editor("Publisher"))
    release.save(force_insert=True)
    ledger.save()
    advisory = project(release)
    index_advisory(advisory, release.document)
    return advisory


def release_various() -> None:
    """Release four advisories that differ in everything they can be found by, the newest last."""
    release_document(
        "Bank",
        severity=Severity.CRITICAL,
        state=IncidentState.INVESTIGATING,
        organizations=(involved("harbour-bank", sector="financial-services", country="NL"),),
        affected_services=(effect("harbour-bank/payments"),),
        attacks=(step("T1486"), step("T1566", Certainty.CONTEXT)),
        recommendations=(advice("M1053"),),
        attributions=(claim("grey-heron"),),
        tags=tagged("ransomware"),
        timeline="2023-05",
    )
    release_document(
        "Cloud",
        severity=Severity.HIGH,
        state=IncidentState.RESOLVED,
        organizations=(involved("cloudworks", sector="cloud", country="DE"),),
        attacks=(step("T1566"),),
        tags=tagged("ransomware", "tokens"),
        timeline="2024-01-15",
        summary="Tokens were read.",
    )
    release_document(
        "Model",
        severity=Severity.LOW,
        state=IncidentState.DISPUTED,
        organizations=(involved("lumen", sector="artificial-intelligence", country="US"),),
        attacks=(step("AML.T0051", Certainty.SUSPECTED), step("T1566.002", Certainty.SUSPECTED)),
        timeline="2024-03-02",
    )
    release_document("Mistake", kind=ReleaseKind.WITHDRAWAL, severity=Severity.HIGH, timeline="2022")
