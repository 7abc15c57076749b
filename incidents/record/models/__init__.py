"""The record's tables: an incident and its parts."""

from incidents.record.models.dates import DateClaim
from incidents.record.models.evidence import Attachment, Source, Statement
from incidents.record.models.impact import AffectedService, Loss
from incidents.record.models.incident import Incident, IncidentNumber, InvolvedOrganization, RelatedIncident
from incidents.record.models.response import Recommendation
from incidents.record.models.technique import Attack, Attribution
from incidents.record.models.translation import Translation
from incidents.record.models.update import ServiceImpactAtUpdate, Update

__all__ = [
    "AffectedService",
    "Attachment",
    "Attack",
    "Attribution",
    "DateClaim",
    "Incident",
    "IncidentNumber",
    "InvolvedOrganization",
    "Loss",
    "Recommendation",
    "RelatedIncident",
    "ServiceImpactAtUpdate",
    "Source",
    "Statement",
    "Translation",
    "Update",
]
