"""What of the catalogue the API offers: one declaration for each resource, which its addresses and `expand` share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from incidents.publication import entries as known
from incidents.publication.audience import Audience
from incidents.publication.entries import seen_by
from incidents.publication.facets import count_values
from incidents.publication.filters import AdvisoryFilter, Choice, Reader
from incidents.publication.models import Facet
from incidents.publication.paging import Order
from incidents.representations.api import entries
from incidents.representations.api.advisory_query import EXAMPLES
from incidents.representations.api.entries import Entry
from incidents.representations.api.parameters import MOST_ROWS, Parameter
from incidents.vocabulary.words import Framework


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of entry.

    Attributes:
        name: as addresses and `expand` write it.
        facet: what advisories carry it as; its values are the ids of entries.
        named_by: the columns that the parts of an address, joined by slashes to an id, stand for.
        order: of the list; its keys are never changed, or seldom.
        shape: what an entry says.
        build: makes an entry of a row and the number of advisories.
        rows: all of them, each with its `term`, and at hand what `build` reads.
        is_reference: whether all of them are public, named or not.
        filters: by parameter, the lookup of rows.
    """

    name: str
    facet: Facet
    named_by: tuple[str, ...]
    order: Order
    shape: type[Entry]
    build: Callable[[Any, int], Entry]
    rows: Callable[[], "QuerySet[Any]"]
    is_reference: bool = False
    filters: tuple[tuple[Parameter, str], ...] = ()

    @property
    def singular(self) -> str:
        """The name of one."""
        return self.facet.value

    @property
    def ids(self) -> Parameter:
        """The parameter that asks for some entries by their ids."""
        meaning, example = f"These entries, up to {MOST_ROWS}.", EXAMPLES[self.facet.value]
        return Parameter("id", meaning, reader_of(self.facet), most=MOST_ROWS, example=example)

    def rows_for(self, audience: Audience) -> "QuerySet[Any]":
        """Those that exist for an audience."""
        return self.rows() if self.is_reference else seen_by(audience, self.rows(), self.facet)

    def build_all(self, rows: Sequence[Any], audience: Audience) -> list[Entry]:
        """Entries of rows, each with the number of its standing advisories. One query, or none without rows."""
        counts = count_values(self.facet, [row.term for row in rows], audience) if rows else {}
        return [self.build(row, counts.get(row.term, 0)) for row in rows]


def reader_of(facet: Facet) -> Reader:
    """Reads the values of a facet, as the filter of advisories does."""
    reader: Reader = AdvisoryFilter.base_filters[facet.value].extra["read"]
    return reader


def _techniques() -> "QuerySet[Any]":
    return known.techniques().select_related("parent", "superseded_by").prefetch_related("tactics")


def _mitigations() -> "QuerySet[Any]":
    return known.mitigations().select_related("superseded_by").prefetch_related("counters")


def _by(name: str, *keys: str) -> Order:
    return Order(f"api.{name}", "", keys, is_descending=False)


_FRAMEWORK = Parameter("framework", "Those of one framework.", Choice(tuple(Framework.values)), example="attack")
_OWNER = Parameter("organization", "Those of one organization.", reader_of(Facet.ORGANIZATION), example="deepseek")

RESOURCES = {
    resource.name: resource
    for resource in (
        Resource(
            name="organizations",
            facet=Facet.ORGANIZATION,
            named_by=("slug",),
            order=_by("organizations", "name", "slug"),
            shape=entries.OrganizationEntry,
            build=entries.organization_entry,
            rows=known.organizations,
        ),
        Resource(
            name="services",
            facet=Facet.SERVICE,
            named_by=("organization__slug", "slug"),
            order=_by("services", "name", "organization__slug", "slug"),
            shape=entries.ServiceEntry,
            build=entries.service_entry,
            rows=known.services,
            filters=((_OWNER, "organization__slug"),),
        ),
        Resource(
            name="techniques",
            facet=Facet.TECHNIQUE,
            named_by=("framework", "external_id"),
            order=_by("techniques", "framework", "external_id"),
            shape=entries.TechniqueEntry,
            build=entries.technique_entry,
            rows=_techniques,
            is_reference=True,
            filters=((_FRAMEWORK, "framework"),),
        ),
        Resource(
            name="mitigations",
            facet=Facet.MITIGATION,
            named_by=("framework", "external_id"),
            order=_by("mitigations", "framework", "external_id"),
            shape=entries.MitigationEntry,
            build=entries.mitigation_entry,
            rows=_mitigations,
            is_reference=True,
            filters=((_FRAMEWORK, "framework"),),
        ),
        Resource(
            name="actors",
            facet=Facet.ACTOR,
            named_by=("slug",),
            order=_by("actors", "name", "slug"),
            shape=entries.ActorEntry,
            build=entries.actor_entry,
            rows=known.actors,
        ),
        Resource(
            name="tags",
            facet=Facet.TAG,
            named_by=("slug",),
            order=_by("tags", "name", "slug"),
            shape=entries.TagEntry,
            build=entries.tag_entry,
            rows=known.tags,
        ),
    )
}
