"""Catalogue entries as an audience may know them (INV-DRAFT, INV-TLP): an organization, service, actor or tag exists for it once
an advisory that it may see names it. Techniques and mitigations are reference data and public from the start.
"""

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from incidents.catalogue.models import Mitigation, Organization, Service, Tag, Technique, ThreatActor
from incidents.publication.audience import Audience
from incidents.publication.facets import seen_terms, standing_terms
from incidents.publication.models import Facet


def organizations() -> QuerySet[Any]:
    """Organizations, each with its `term`: the value it is filtered by."""
    return Organization.objects.annotate(term=F("slug"))


def services() -> QuerySet[Any]:
    """Services with their organizations, each with its `term`."""
    key = Concat("organization__slug", Value("/"), "slug", output_field=CharField())
    return Service.objects.select_related("organization").annotate(term=key)


def actors() -> QuerySet[Any]:
    """Threat actors, each with its `term`."""
    return ThreatActor.objects.annotate(term=F("slug"))


def tags() -> QuerySet[Any]:
    """Tags, each with its `term`."""
    return Tag.objects.annotate(term=F("slug"))


def techniques() -> QuerySet[Any]:
    """Techniques, each with its `term`."""
    return Technique.objects.annotate(term=Concat("framework", Value("/"), "external_id", output_field=CharField()))


def mitigations() -> QuerySet[Any]:
    """Mitigations, each with its `term`."""
    return Mitigation.objects.annotate(term=Concat("framework", Value("/"), "external_id", output_field=CharField()))


def seen_by(audience: Audience, rows: QuerySet[Any], facet: Facet) -> QuerySet[Any]:
    """Those that any advisory the audience may see names, a withdrawn one included: those that have a page."""
    return rows.filter(Exists(seen_terms(facet, audience).filter(value=OuterRef("term"))))


def standing_for(audience: Audience, rows: QuerySet[Any], facet: Facet) -> QuerySet[Any]:
    """Those that a standing advisory names: those that indexes list."""
    return rows.filter(Exists(standing_terms(facet, audience).filter(value=OuterRef("term"))))
