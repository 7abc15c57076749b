"""Entries of the catalogue as the API gives them: the shapes, and how each is made of a row."""

from typing import Any

import msgspec
from django.conf import settings


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What all entries say. `id` is the value that advisories are filtered by, `page` the address for people, `advisories` how
    many advisories that stand carry it, of those that the caller may see. Texts are Markdown; empty text means unknown."""

    id: str
    name: str
    page: str
    advisories: int


class OrganizationEntry(Entry, frozen=True, kw_only=True):
    """An organization; `country` is ISO 3166-1, `founded` a year."""

    aliases: list[str]
    sector: str
    country: str
    founded: int | None
    website: str
    description: str


class ServiceEntry(Entry, frozen=True, kw_only=True):
    """A service; `organization` is the id of the one that offers it."""

    organization: str
    kind: str
    url: str
    status_page: str


class FrameworkEntry(Entry, frozen=True, kw_only=True):
    """What techniques and mitigations say; `superseded_by` is the id of the entry that took its place."""

    framework: str
    external_id: str
    summary: str
    url: str
    status: str
    superseded_by: str
    domains: list[str]


class TechniqueEntry(FrameworkEntry, frozen=True, kw_only=True):
    """A technique; `parent` is the id of the technique it is part of, `tactics` are names in the order of the matrix."""

    parent: str
    tactics: list[str]


class MitigationEntry(FrameworkEntry, frozen=True, kw_only=True):
    """A mitigation; `counters` are the ids of the techniques it counters."""

    counters: list[str]


class ActorEntry(Entry, frozen=True, kw_only=True):
    """A threat actor; `external_id` is that of the ATT&CK group."""

    aliases: list[str]
    kind: str
    country: str
    description: str
    url: str
    external_id: str


class TagEntry(Entry, frozen=True, kw_only=True):
    """A tag."""


def organization_entry(row: Any, advisories: int) -> OrganizationEntry:
    """An organization."""
    return OrganizationEntry(
        **_shared(row, advisories),
        aliases=row.aliases,
        sector=row.sector,
        country=row.country,
        founded=row.founded,
        website=row.website,
        description=row.description,
    )


def service_entry(row: Any, advisories: int) -> ServiceEntry:
    """A service; its organization is at hand."""
    return ServiceEntry(
        **_shared(row, advisories),
        organization=row.organization.slug,
        kind=row.kind,
        url=row.url,
        status_page=row.status_page,
    )


def technique_entry(row: Any, advisories: int) -> TechniqueEntry:
    """A technique; its parent, its successor and its tactics are at hand."""
    return TechniqueEntry(
        **_shared(row, advisories),
        **_of_framework(row),
        parent=row.parent.key if row.parent else "",
        tactics=[tactic.name for tactic in row.tactics.all()],
    )


def mitigation_entry(row: Any, advisories: int) -> MitigationEntry:
    """A mitigation; its successor and the techniques it counters are at hand."""
    return MitigationEntry(
        **_shared(row, advisories),
        **_of_framework(row),
        counters=sorted(technique.key for technique in row.counters.all()),
    )


def actor_entry(row: Any, advisories: int) -> ActorEntry:
    """A threat actor. Which entry took its place is not said: the caller might not know of that one."""
    return ActorEntry(
        **_shared(row, advisories),
        aliases=row.aliases,
        kind=row.kind,
        country=row.country,
        description=row.description,
        url=row.url,
        external_id=row.external_id,
    )


def tag_entry(row: Any, advisories: int) -> TagEntry:
    """A tag."""
    return TagEntry(**_shared(row, advisories))


def _shared(row: Any, advisories: int) -> dict[str, Any]:
    page = f"{settings.SITE_URL}{row.get_absolute_url()}"
    return {"id": row.term, "name": row.name, "page": page, "advisories": advisories}


def _of_framework(row: Any) -> dict[str, Any]:
    return {
        "framework": row.framework,
        "external_id": row.external_id,
        "summary": row.summary,
        "url": row.url,
        "status": row.status,
        "superseded_by": row.superseded_by.key if row.superseded_by else "",
        "domains": row.domains,
    }
