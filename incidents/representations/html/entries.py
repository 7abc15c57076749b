"""Catalogue entries as every reader of the pages may know them (INV-DRAFT)."""

from typing import Any

from django.db.models import QuerySet

from incidents.publication.audience import PUBLIC
from incidents.publication.entries import (
    actors,
    mitigations,
    organizations,
    seen_by,
    services,
    standing_for,
    tags,
    techniques,
)
from incidents.publication.models import Facet

__all__ = ["actors", "mitigations", "organizations", "seen", "services", "standing", "tags", "techniques"]


def seen(rows: QuerySet[Any], facet: Facet) -> QuerySet[Any]:
    """Those that any advisory readers may see names, a withdrawn one included: those that have a page."""
    return seen_by(PUBLIC, rows, facet)


def standing(rows: QuerySet[Any], facet: Facet) -> QuerySet[Any]:
    """Those that a standing advisory names: those that indexes list."""
    return standing_for(PUBLIC, rows, facet)
