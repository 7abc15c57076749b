"""`expand`: what the catalogue says today about the entries that documents name, beside the documents, each once.

A document says what the catalogue said when it was released; `expanded` says what it says now.
"""

from collections.abc import Iterable, Sequence

import msgspec

from incidents.publication.audience import Audience
from incidents.publication.filters import Choice
from incidents.representations.api.entries import Entry
from incidents.representations.api.parameters import Parameter
from incidents.representations.api.resources import RESOURCES

EXPAND = Parameter(
    "expand",
    "Add what the catalogue says now about the entries of these kinds that are named.",
    Choice(tuple(RESOURCES)),
    most=len(RESOURCES),
    example="organizations",
)


class _Slug(msgspec.Struct):
    slug: str


class _Key(msgspec.Struct):
    key: str


class _FrameworkId(msgspec.Struct):
    framework: str
    external_id: str


class _Organization(msgspec.Struct):
    organization: _Slug


class _Service(msgspec.Struct):
    service: _Key


class _Attack(msgspec.Struct):
    technique: _FrameworkId


class _Advice(msgspec.Struct):
    mitigation: _FrameworkId | None


class _Claim(msgspec.Struct):
    actor: _Slug | None


class _Naming(msgspec.Struct):
    """Those parts of a document that name entries of the catalogue."""

    organizations: list[_Organization]
    statements: list[_Organization]
    affected_services: list[_Service]
    attacks: list[_Attack]
    recommendations: list[_Advice]
    attributions: list[_Claim]
    tags: list[_Slug]


_NAMING = msgspec.json.Decoder(_Naming)


def expand(documents: Iterable[str], names: Sequence[str], audience: Audience) -> dict[str, dict[str, Entry]] | None:
    """The entries that documents name, by resource and id; None where nothing is to be expanded.

    A fixed number of queries for each resource, however many documents. What the audience may not know of is left out.
    """
    if not names:
        return None
    named: dict[str, set[str]] = {name: set() for name in names}
    for document in documents:
        for name, ids in _ids_in(_NAMING.decode(document)).items():
            if name in named:
                named[name].update(ids)
    return {name: _entries(name, ids, audience) for name, ids in named.items()}


def _ids_in(naming: _Naming) -> dict[str, list[str]]:
    return {
        "organizations": [one.organization.slug for one in (*naming.organizations, *naming.statements)],
        "services": [one.service.key for one in naming.affected_services],
        "techniques": [_key(step.technique) for step in naming.attacks],
        "mitigations": [_key(advice.mitigation) for advice in naming.recommendations if advice.mitigation],
        "actors": [claim.actor.slug for claim in naming.attributions if claim.actor],
        "tags": [tag.slug for tag in naming.tags],
    }


def _key(named: _FrameworkId) -> str:
    return f"{named.framework}/{named.external_id}"


def _entries(name: str, ids: set[str], audience: Audience) -> dict[str, Entry]:
    if not ids:
        return {}
    resource = RESOURCES[name]
    last = resource.named_by[-1]
    rows = resource.rows_for(audience).filter(**{f"{last}__in": {one.rpartition("/")[2] for one in ids}})
    found = resource.build_all([row for row in rows.order_by(*resource.named_by) if row.term in ids], audience)
    return {entry.id: entry for entry in found}
