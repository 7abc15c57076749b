"""The draft: what an intake has read of one incident, before any row is written. Catalogue entries are named by their keys."""

import datetime as dt
from decimal import Decimal

import msgspec

from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import (
    AttributionStatus,
    Certainty,
    Confidence,
    IncidentDate,
    IncidentState,
    LossKind,
    OrganizationRole,
    Priority,
    ReaderGroup,
    Relation,
    ServiceImpact,
    Severity,
    SourceKind,
    UpdateKind,
)


class Piece(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a draft, with the field names of the record. Dates as known are ISO 8601 text of reduced precision."""


class InvolvedDraft(Piece, frozen=True, kw_only=True):
    """A further organization, by slug, and its role."""

    organization: str
    role: OrganizationRole = OrganizationRole.VICTIM


class AttackDraft(Piece, frozen=True, kw_only=True):
    """A technique, as `framework/id`, and how sure it is."""

    technique: str
    tactic: str = ""
    certainty: Certainty = Certainty.SUSPECTED
    occurred_from: str = ""
    occurred_to: str = ""
    description: str = ""
    cites: str = ""


class AffectedServiceDraft(Piece, frozen=True, kw_only=True):
    """A service, as `organization/service`, and what happened to it."""

    service: str
    impact: ServiceImpact = ServiceImpact.DEGRADED
    occurred_from: str = ""
    occurred_to: str = ""
    note: str = ""
    cites: str = ""


class RecommendationDraft(Piece, frozen=True, kw_only=True):
    """What one group of readers should do; the mitigation as `framework/id`."""

    audience: ReaderGroup = ReaderGroup.USERS
    priority: Priority = Priority.SOON
    title: str = ""
    mitigation: str | None = None
    due_on: dt.date | None = None
    advice: str = ""
    cites: str = ""


class AttributionDraft(Piece, frozen=True, kw_only=True):
    """Who is said to be responsible; the actor by slug, or None where nobody is known."""

    actor: str | None = None
    said_by: str = ""
    said_on: str = ""
    status: AttributionStatus = AttributionStatus.SUSPECTED
    confidence: Confidence = Confidence.UNKNOWN
    basis: str = ""
    cites: str = ""


class LossDraft(Piece, frozen=True, kw_only=True):
    """A quantified loss."""

    kind: LossKind = LossKind.RECORDS
    low: Decimal | None = None
    likely: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    said_by: str = ""
    as_of: str = ""
    confidence: Confidence = Confidence.UNKNOWN
    note: str = ""
    cites: str = ""


class DateClaimDraft(Piece, frozen=True, kw_only=True):
    """What somebody says about one date of the incident."""

    event: IncidentDate
    at: str
    said_by: str = ""
    confidence: Confidence = Confidence.UNKNOWN
    cites: str = ""


class SourceDraft(Piece, frozen=True, kw_only=True):
    """A source and the number it is cited by."""

    number: int
    title: str
    url: str
    publisher: str = ""
    author: str = ""
    published_on: str = ""
    accessed_on: dt.date | None = None
    archive_url: str = ""
    language: str = ""
    kind: SourceKind = SourceKind.NEWS


class StatementDraft(Piece, frozen=True, kw_only=True):
    """What an organization, by slug, says itself."""

    organization: str
    text: str
    made_on: str = ""
    is_quotation: bool = False
    cites: str = ""


class UpdateDraft(Piece, frozen=True, kw_only=True):
    """A dated public note; `impacts` gives the state of services, as `organization/service`, at that time."""

    at: str
    title: str
    kind: UpdateKind = UpdateKind.INVESTIGATING
    text: str = ""
    cites: str = ""
    impacts: dict[str, ServiceImpact] = {}


class RelatedDraft(Piece, frozen=True, kw_only=True):
    """Another incident of the same intake, by the key it has there."""

    incident: str
    relation: Relation = Relation.SIMILAR
    why: str = ""


class TranslationDraft(Piece, frozen=True, kw_only=True):
    """The incident's own text in another language, and the number of the release it translates."""

    language: str
    of_release: int
    title: str
    translator: str = ""
    summary: str = ""
    who_is_affected: str = ""
    what_to_do_now: str = ""
    what_happened: str = ""
    impact: str = ""
    who_is_responsible: str = ""
    how_to_stay_protected: str = ""
    takeaway: str = ""


class Draft(Piece, frozen=True, kw_only=True):
    """One incident, whole. Tags and the organization by slug."""

    title: str
    summary: str = ""
    who_is_affected: str = ""
    what_to_do_now: str = ""
    severity: Severity = Severity.MEDIUM
    state: IncidentState = IncidentState.INVESTIGATING
    tlp: TLP = TLP.CLEAR
    language: str = "en"
    is_exercise: bool = False
    organization: str | None = None
    organization_role: OrganizationRole = OrganizationRole.VICTIM
    occurred_from: str = ""
    occurred_to: str = ""
    detected: str = ""
    disclosed: str = ""
    contained: str = ""
    resolved: str = ""
    what_happened: str = ""
    impact: str = ""
    who_is_responsible: str = ""
    how_to_stay_protected: str = ""
    takeaway: str = ""
    tags: tuple[str, ...] = ()
    involved: tuple[InvolvedDraft, ...] = ()
    attacks: tuple[AttackDraft, ...] = ()
    affected_services: tuple[AffectedServiceDraft, ...] = ()
    recommendations: tuple[RecommendationDraft, ...] = ()
    attributions: tuple[AttributionDraft, ...] = ()
    losses: tuple[LossDraft, ...] = ()
    date_claims: tuple[DateClaimDraft, ...] = ()
    sources: tuple[SourceDraft, ...] = ()
    statements: tuple[StatementDraft, ...] = ()
    updates: tuple[UpdateDraft, ...] = ()
    related: tuple[RelatedDraft, ...] = ()
    translations: tuple[TranslationDraft, ...] = ()
