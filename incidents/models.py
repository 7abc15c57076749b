"""Django's door to the models. Our own code imports them from their rooms."""

from incidents.audit.models import AuditEntry
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
from incidents.intake.models import IntakeMark
from incidents.publication.models import Advisory, AdvisoryTerm, Ledger, Release, Rendition
from incidents.record.models import (
    AffectedService,
    Attachment,
    Attack,
    Attribution,
    Incident,
    IncidentNumber,
    InvolvedOrganization,
    Loss,
    Recommendation,
    RelatedIncident,
    ServiceImpactAtUpdate,
    Source,
    Statement,
    Update,
)

__all__ = [
    "Advisory",
    "AdvisoryTerm",
    "AffectedService",
    "Attachment",
    "Attack",
    "Attribution",
    "AuditEntry",
    "Incident",
    "IncidentNumber",
    "IntakeMark",
    "InvolvedOrganization",
    "Ledger",
    "Loss",
    "Mitigation",
    "MitigationCoverage",
    "Organization",
    "Recommendation",
    "RelatedIncident",
    "Release",
    "Rendition",
    "Service",
    "ServiceImpactAtUpdate",
    "Source",
    "Statement",
    "Tactic",
    "Tag",
    "Technique",
    "ThreatActor",
    "Update",
]
