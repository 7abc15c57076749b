"""`facets`: which values there are to filter by, and how many advisories carry each, narrowed by the filters themselves."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.publication.counting import count_facets
from incidents.publication.filters import AdvisoryFilter, Choice
from incidents.publication.models import Advisory
from incidents.publication.narrow import FACETS
from incidents.representations.api.answer import Counted, Exactness, json_answer, last_released
from incidents.representations.api.parameters import MOST_ROWS, USUAL_ROWS, Parameter, read_limit
from incidents.representations.api.view import ApiView, count_said


class FacetFilter(AdvisoryFilter):
    """The filters of the pages; there is nothing to sort and nothing to page."""

    sort: None = None  # type: ignore[assignment]  # this is how django-filter takes a filter away
    cursor: None = None  # type: ignore[assignment]


class FacetValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value, as filters take it, and how many advisories carry it."""

    value: str
    count: int


class FacetCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The values of a facet, the most common first; the counts are exact, or the least that there are."""

    name: str
    relation: Exactness
    values: list[FacetValue]


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """How many advisories there are, and which values they carry."""

    total: Counted
    facets: list[FacetCounts]


class FacetList(ApiView):
    """Values of facets with the number of advisories that carry them; each facet as if it had no filter of its own."""

    shape = Facets
    filters: ClassVar[type[AdvisoryFilter]] = FacetFilter
    parameters = (
        Parameter("facet", "Only these facets.", Choice(FACETS), most=len(FACETS), example="severity,tag"),
        Parameter(
            "limit",
            f"How many values of each facet at most, the most common first: 1 to {MOST_ROWS}, {USUAL_ROWS} unless said.",
            read_limit,
            default=str(USUAL_ROWS),
            example="10",
        ),
    )

    def get(self, request: Request) -> HttpResponseBase:
        """The counts. Exact where at most one thing is asked for or little is found, else of the newest found."""
        found = FacetFilter(request.query_params, Advisory.objects.visible_to(self.audience))
        asked = self.read(request, found)
        limit = asked.number("limit")
        counts = count_facets(found, dict.fromkeys(FACETS, limit))
        names = asked.many("facet") or FACETS
        everything = counts[""]
        said = Facets(
            total=count_said(everything.total, is_capped=everything.is_capped),
            facets=[
                FacetCounts(
                    name=name,
                    relation=Exactness.AT_LEAST if counts[name].is_capped else Exactness.EXACT,
                    values=[FacetValue(value=one, count=n) for one, n in most_common(counts[name].values, limit)],
                )
                for name in FACETS
                if name in names
            ],
        )
        return json_answer(request, msgspec.json.encode(said), modified=last_released(self.audience))


def most_common(values: Mapping[str, int], limit: int) -> list[tuple[str, int]]:
    """The values that most advisories carry, those that equally many carry by name."""
    return sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]
