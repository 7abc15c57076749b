"""Catalogue entries as JSON-LD: what their pages show, from rows that readers may know of."""

from typing import Any

from django.conf import settings

from incidents.prose.plain import first_sentences
from incidents.representations.html.jsonld import Node, organization, service, term, told
from incidents.vocabulary.words import Framework

_LONGEST = 500


def organization_node(row: Any) -> Node:
    """An organization as its page shows it."""
    return organization(
        row.name,
        _address(row),
        alternateName=list(row.aliases),
        url=_web(row.website),
        foundingDate=str(row.founded) if row.founded else "",
        address={"@type": "PostalAddress", "addressCountry": row.country} if row.country else None,
        description=first_sentences(row.description, limit=_LONGEST),
    )


def service_node(row: Any) -> Node:
    """A service as its page shows it."""
    return service(
        row.name,
        row.organization.name,
        _address(row),
        serviceType=str(row.get_kind_display()),
        url=_web(row.url),
    )


def actor_node(row: Any) -> Node:
    """A threat actor: a name that somebody has used, no statement about anybody."""
    page = _address(row)
    return told({"@type": "Thing", "@id": f"{page}#actor", "name": row.name, "alternateName": list(row.aliases)})


def tag_node(row: Any) -> Node:
    """A tag."""
    return term(row.name, _address(row))


def framework_node(row: Any) -> Node:
    """A technique or a mitigation of a framework."""
    return term(
        row.name,
        _address(row),
        code=row.external_id,
        words=str(Framework(row.framework).label),
        description=first_sentences(row.summary, limit=_LONGEST),
        sameAs=_web(row.url),
    )


def _address(row: Any) -> str:
    return f"{settings.SITE_URL}{row.get_absolute_url()}"


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
