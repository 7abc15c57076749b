"""Index pages of the catalogue: entries by name, page by page, each with the number of its standing advisories."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.facets import count_values
from incidents.publication.models import Facet
from incidents.publication.paging import BadCursor, Order, Page, cut_page
from incidents.representations.html.entries import actors, standing, tags
from incidents.representations.html.page import page

INDEX_SIZE = 100
ACTORS_BY_NAME = Order("actors", "Name", ("name", "slug"), is_descending=False)
TAGS_BY_NAME = Order("tags", "Name", ("name", "slug"), is_descending=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue entry and the number of standing advisories that carry it."""

    row: Any
    count: int


def index_page(
    request: HttpRequest,
    *,
    rows: QuerySet[Any],
    order: Order,
    facet: Facet,
    template: str,
    title: str,
    description: str,
) -> HttpResponse:
    """One page of an index. Two queries: the entries, and their counts."""
    problem = ""
    found: Page[Model] = Page([])
    try:
        found = cut_page(rows, order, cursor=request.GET.get("cursor", ""), size=INDEX_SIZE)
    except BadCursor as bad:
        problem = str(bad)
    context = {
        "page_title": title,
        "page_description": description,
        "section": order.name,
        "canonical_path": "" if request.GET.get("cursor") else request.path,
        "robots": "noindex, follow" if request.GET.get("cursor") else "",
        "entries": entries_with_counts(found.rows, facet),
        "first": request.path,
        "previous": address(request, found.previous),
        "next": address(request, found.next),
        "problem": problem,
    }
    return page(request, template, context, status=400 if problem else 200)


def entries_with_counts(rows: list[Any], facet: Facet) -> list[Entry]:
    """Rows that know their `term`, each with its count. One query, or none without rows."""
    counts = count_values(facet, [row.term for row in rows], PUBLIC) if rows else {}
    return [Entry(row, counts.get(row.term, 0)) for row in rows]


def address(request: HttpRequest, cursor: str) -> str:
    """The address of a page of an index; empty for no cursor."""
    return f"{request.path}?{urlencode({'cursor': cursor}, safe=':')}" if cursor else ""


@require_safe
def actor_list(request: HttpRequest) -> HttpResponse:
    """Actors that standing advisories name, by name."""
    return index_page(
        request,
        rows=standing(actors(), Facet.ACTOR),
        order=ACTORS_BY_NAME,
        facet=Facet.ACTOR,
        template="catalogue/actors.html",
        title=gettext("Actors"),
        description=gettext(
            "Groups and people that somebody has named in connection with an incident, rightly or not."
        ),
    )


@require_safe
def tag_list(request: HttpRequest) -> HttpResponse:
    """Tags of standing advisories, by name."""
    return index_page(
        request,
        rows=standing(tags(), Facet.TAG),
        order=TAGS_BY_NAME,
        facet=Facet.TAG,
        template="catalogue/tags.html",
        title=gettext("Tags"),
        description=gettext("Words that gather incidents of a kind."),
    )
