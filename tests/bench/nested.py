"""The other side of the comparison: the record through Django REST framework, as one would write it, well and naively.

Only for measuring: nothing public reads the record.
"""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination

from incidents.catalogue.models import Mitigation, Organization, Service, Tag, Technique, ThreatActor
from incidents.publication.freeze import freezable
from incidents.record.models import (
    AffectedService,
    Attack,
    Attribution,
    DateClaim,
    Incident,
    InvolvedOrganization,
    Loss,
    Recommendation,
    RelatedIncident,
    ServiceImpactAtUpdate,
    Source,
    Statement,
    Update,
)
from portal.urls import urlpatterns as site


def nested(of: type[Any], *names: str, **parts: Any) -> type[serializers.ModelSerializer]:
    """A serializer of a model with these fields and these parts."""
    meta = type("Meta", (), {"model": of, "fields": [*names, *parts]})
    return type(f"{of.__name__}Serializer", (serializers.ModelSerializer,), {**parts, "Meta": meta})


def many(of: type[Any], *names: str, **parts: Any) -> serializers.BaseSerializer:
    """The same for several rows."""
    return nested(of, *names, **parts)(many=True)


ORGANIZATION = nested(Organization, "slug", "name", "sector", "country")
SERVICE = nested(Service, "slug", "name", "kind", organization=nested(Organization, "slug", "name")())
TECHNIQUE = nested(
    Technique,
    *("framework", "external_id", "name", "url", "stix_id", "domains"),
    tactics=serializers.SlugRelatedField(slug_field="name", many=True, read_only=True),
    parent=serializers.SlugRelatedField(slug_field="external_id", read_only=True),
)
MITIGATION = nested(Mitigation, "framework", "external_id", "name", "url", "stix_id")
ACTOR = nested(ThreatActor, "slug", "name", "kind", "country", "aliases", "external_id")

INCIDENT = nested(
    Incident,
    *("public_id", "title", "severity", "state", "tlp", "language", "summary", "who_is_affected", "what_to_do_now"),
    *("is_exercise", "occurred_from", "occurred_to", "detected", "disclosed", "contained", "resolved"),
    *("what_happened", "impact", "who_is_responsible", "how_to_stay_protected", "takeaway"),
    tags=many(Tag, "slug", "name"),
    organization=ORGANIZATION(),
    involved=many(InvolvedOrganization, "role", organization=ORGANIZATION()),
    attacks=many(Attack, "certainty", "occurred_from", "occurred_to", "description", "cites", technique=TECHNIQUE()),
    affected_services=many(
        AffectedService, "impact", "occurred_from", "occurred_to", "note", "cites", service=SERVICE()
    ),
    recommendations=many(
        Recommendation, "audience", "priority", "title", "advice", "due_on", "cites", mitigation=MITIGATION()
    ),
    attributions=many(Attribution, "status", "confidence", "said_by", "said_on", "basis", "cites", actor=ACTOR()),
    losses=many(Loss, "kind", "low", "likely", "high", "unit", "said_by", "as_of", "confidence", "note", "cites"),
    date_claims=many(DateClaim, "event", "at", "said_by", "confidence", "cites"),
    sources=many(
        Source,
        *("number", "title", "url", "kind", "publisher", "author", "published_on", "accessed_on", "archive_url"),
    ),
    statements=many(Statement, "text", "made_on", "is_quotation", "cites", organization=ORGANIZATION()),
    updates=many(
        Update,
        *("at", "kind", "title", "text", "cites"),
        impacts=many(ServiceImpactAtUpdate, "impact", service=SERVICE()),
    ),
    related=many(RelatedIncident, "relation", "why", other=nested(Incident, "public_id", "title")()),
)


class Pages(CursorPagination):
    """Fifty, by keyset, as well as Django REST framework does it."""

    page_size = 50
    ordering = "-pk"


class Naive(ListAPIView):
    """Incidents, each part fetched when it is needed."""

    queryset = Incident.objects.all()
    serializer_class = INCIDENT
    pagination_class = Pages


class Prefetched(Naive):
    """Incidents with all that is needed, in a fixed number of queries."""

    queryset = freezable()


urlpatterns = [
    path("bench/naive/", Naive.as_view()),
    path("bench/prefetched/", Prefetched.as_view()),
    *site,
]
