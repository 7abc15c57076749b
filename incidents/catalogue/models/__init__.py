"""The catalogue's tables."""

from incidents.catalogue.models.actor import ThreatActor
from incidents.catalogue.models.organization import Organization, Service
from incidents.catalogue.models.tag import Tag
from incidents.catalogue.models.technique import Mitigation, MitigationCoverage, Tactic, Technique

__all__ = [
    "Mitigation",
    "MitigationCoverage",
    "Organization",
    "Service",
    "Tactic",
    "Tag",
    "Technique",
    "ThreatActor",
]
