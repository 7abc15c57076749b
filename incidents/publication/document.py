"""The advisory document: the frozen, typed value that every representation reads, and its canonical JSON.

Canonical form: UTF-8 JSON, keys sorted, no insignificant white space, every field present. Its bytes are what the ledger
stores and hashes and what `….json` serves.
"""

import datetime as dt
import json
from typing import Any

import msgspec

from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import (
    ActorKind,
    AttributionStatus,
    Certainty,
    Confidence,
    Framework,
    IncidentDate,
    IncidentState,
    LossKind,
    OrganizationRole,
    Priority,
    ReaderGroup,
    Relation,
    ReleaseKind,
    ServiceImpact,
    Severity,
    Significance,
    SourceKind,
    UpdateKind,
)

SCHEMA_VERSION = "1"


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a document. Dates as known are ISO 8601 text of reduced precision; empty text means unknown."""


class ReleaseNote(Value, frozen=True, kw_only=True):
    """What is said about one release. `released_at` is an instant in UTC, to the millisecond."""

    number: int
    kind: ReleaseKind
    significance: Significance
    reason: str
    released_at: dt.datetime
    tlp: TLP


class OrganizationRef(Value, frozen=True, kw_only=True):
    """An organization as the catalogue described it at the time of the release."""

    slug: str
    name: str
    sector: str = ""
    country: str = ""


class Involvement(Value, frozen=True, kw_only=True):
    """An organization and its role; the first of a document is the primary one."""

    organization: OrganizationRef
    role: OrganizationRole


class ServiceRef(Value, frozen=True, kw_only=True):
    """A service as the catalogue described it; `key` is `organization/service`."""

    key: str
    name: str
    organization: str
    kind: str = ""


class TechniqueRef(Value, frozen=True, kw_only=True):
    """A technique; `tactics` are names, in the order of the matrix, `domains` those of ATT&CK: enterprise, ics, mobile."""

    framework: Framework
    external_id: str
    name: str
    url: str = ""
    tactics: tuple[str, ...] = ()
    parent: str = ""
    stix_id: str = ""
    domains: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`framework/id`, the name filters and terms use."""
        return f"{self.framework.value}/{self.external_id}"


class MitigationRef(Value, frozen=True, kw_only=True):
    """A mitigation."""

    framework: Framework
    external_id: str
    name: str
    url: str = ""
    stix_id: str = ""

    @property
    def key(self) -> str:
        """`framework/id`, the name filters and terms use."""
        return f"{self.framework.value}/{self.external_id}"


class ActorRef(Value, frozen=True, kw_only=True):
    """A threat actor."""

    slug: str
    name: str
    kind: ActorKind
    country: str = ""
    aliases: tuple[str, ...] = ()
    external_id: str = ""


class TagRef(Value, frozen=True, kw_only=True):
    """A tag."""

    slug: str
    name: str


class AttackStep(Value, frozen=True, kw_only=True):
    """One technique in the course of the incident."""

    technique: TechniqueRef
    certainty: Certainty
    tactic: str = ""
    occurred_from: str = ""
    occurred_to: str = ""
    description: str = ""
    cites: tuple[int, ...] = ()


class ServiceEffect(Value, frozen=True, kw_only=True):
    """What happened to a service for a time."""

    service: ServiceRef
    impact: ServiceImpact
    occurred_from: str = ""
    occurred_to: str = ""
    note: str = ""
    cites: tuple[int, ...] = ()


class Advice(Value, frozen=True, kw_only=True):
    """A recommendation; `counters` are the techniques of this incident that its mitigation counters, as `framework/id`."""

    audience: ReaderGroup
    priority: Priority
    title: str
    mitigation: MitigationRef | None = None
    advice: str = ""
    due_on: str = ""
    counters: tuple[str, ...] = ()
    cites: tuple[int, ...] = ()


class AttributionClaim(Value, frozen=True, kw_only=True):
    """Who is said to be responsible; `actor` is None where nobody is known."""

    actor: ActorRef | None
    status: AttributionStatus
    confidence: Confidence
    said_by: str = ""
    said_on: str = ""
    basis: str = ""
    cites: tuple[int, ...] = ()


class LossFigure(Value, frozen=True, kw_only=True):
    """A quantified loss. Figures are decimal numbers as text, so that nothing is rounded; empty means not given."""

    kind: LossKind
    low: str = ""
    likely: str = ""
    high: str = ""
    unit: str = ""
    said_by: str = ""
    as_of: str = ""
    confidence: Confidence = Confidence.UNKNOWN
    note: str = ""
    cites: tuple[int, ...] = ()


class DatedClaim(Value, frozen=True, kw_only=True):
    """What somebody says about one date of the incident; competing dates stand side by side."""

    event: IncidentDate
    at: str
    said_by: str = ""
    confidence: Confidence = Confidence.UNKNOWN
    cites: tuple[int, ...] = ()


class SourceRef(Value, frozen=True, kw_only=True):
    """A source; `number` is how the text cites it."""

    number: int
    title: str
    url: str
    kind: SourceKind
    publisher: str = ""
    author: str = ""
    published_on: str = ""
    accessed_on: str = ""
    archive_url: str = ""
    language: str = ""


class StatementText(Value, frozen=True, kw_only=True):
    """What an organization itself says."""

    organization: OrganizationRef
    text: str
    made_on: str = ""
    is_quotation: bool = False
    cites: tuple[int, ...] = ()


class ImpactThen(Value, frozen=True, kw_only=True):
    """The state of a service at the time of an update."""

    service: ServiceRef
    impact: ServiceImpact


class UpdateNote(Value, frozen=True, kw_only=True):
    """A dated public note."""

    at: str
    kind: UpdateKind
    title: str
    text: str = ""
    impacts: tuple[ImpactThen, ...] = ()
    cites: tuple[int, ...] = ()


class RelatedRef(Value, frozen=True, kw_only=True):
    """Another incident, itself released to at least the readers of this one."""

    id: str
    title: str
    relation: Relation
    why: str = ""


class AttachmentRef(Value, frozen=True, kw_only=True):
    """A file of the record; `size` in bytes."""

    name: str
    title: str
    media_type: str
    sha256: str
    size: int
    alt_text: str = ""


class Timeline(Value, frozen=True, kw_only=True):
    """When it happened, as far as is known."""

    occurred_from: str = ""
    occurred_to: str = ""
    detected: str = ""
    disclosed: str = ""
    contained: str = ""
    resolved: str = ""


class Narrative(Value, frozen=True, kw_only=True):
    """The prose, in Markdown; `[^1]` cites source 1."""

    what_happened: str = ""
    impact: str = ""
    who_is_responsible: str = ""
    how_to_stay_protected: str = ""
    takeaway: str = ""


class TranslatedText(Value, frozen=True, kw_only=True):
    """The advisory's own text in another language; what is empty was not translated.

    `of_release` is the number of the release whose text it translates. It is `out_of_date` if a material release after that
    one, this one included, was in the ledger when this document was frozen.
    """

    language: str
    of_release: int
    title: str
    out_of_date: bool = False
    translator: str = ""
    summary: str = ""
    who_is_affected: str = ""
    what_to_do_now: str = ""
    narrative: Narrative = Narrative()


class AdvisoryDocument(Value, frozen=True, kw_only=True):
    """One release of one advisory, whole."""

    id: str
    title: str
    severity: Severity
    state: IncidentState
    tlp: TLP
    release: ReleaseNote
    schema_version: str = SCHEMA_VERSION
    language: str = "en"
    summary: str = ""
    who_is_affected: str = ""
    what_to_do_now: str = ""
    is_exercise: bool = False
    merged_into: str = ""
    timeline: Timeline = Timeline()
    narrative: Narrative = Narrative()
    tags: tuple[TagRef, ...] = ()
    organizations: tuple[Involvement, ...] = ()
    attacks: tuple[AttackStep, ...] = ()
    affected_services: tuple[ServiceEffect, ...] = ()
    recommendations: tuple[Advice, ...] = ()
    attributions: tuple[AttributionClaim, ...] = ()
    losses: tuple[LossFigure, ...] = ()
    date_claims: tuple[DatedClaim, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    statements: tuple[StatementText, ...] = ()
    updates: tuple[UpdateNote, ...] = ()
    related: tuple[RelatedRef, ...] = ()
    attachments: tuple[AttachmentRef, ...] = ()
    translations: tuple[TranslatedText, ...] = ()
    history: tuple[ReleaseNote, ...] = ()

    @property
    def is_withdrawn(self) -> bool:
        """Whether this release withdraws the advisory."""
        return self.release.kind is ReleaseKind.WITHDRAWAL

    @property
    def is_open(self) -> bool:
        """Whether readers should still expect news."""
        return self.state.is_open and not self.is_withdrawn

    @property
    def primary(self) -> Involvement | None:
        """The organization the advisory is mostly about, where one is named."""
        return self.organizations[0] if self.organizations else None

    @property
    def first_release(self) -> ReleaseNote:
        """The first release that this document's readers may see."""
        return self.history[0] if self.history else self.release


def encode_document(document: AdvisoryDocument) -> bytes:
    """The canonical JSON of a document: the same document gives the same bytes, always."""
    return msgspec.json.encode(document, order="sorted")


def decode_document(data: bytes | str) -> AdvisoryDocument:
    """Read a document back from its canonical JSON.

    Raises:
        msgspec.ValidationError: the text is JSON but no advisory document; the message names the place.
        msgspec.DecodeError: the text is no JSON.
    """
    return _DECODER.decode(data)


_DECODER = msgspec.json.Decoder(AdvisoryDocument)


def document_schema(base_url: str) -> bytes:
    """The JSON Schema (draft 2020-12) of the canonical document, as published at `/schema/advisory-1.json`."""
    schema = msgspec.json.schema(AdvisoryDocument, schema_hook=_choice_schema)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base_url}/schema/advisory-{SCHEMA_VERSION}.json",
        "title": "Tocsin advisory",
    }
    return json.dumps(head | schema, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _choice_schema(kind: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(kind.values), "description": kind.__doc__}
