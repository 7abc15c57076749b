"""The sitemap (sitemaps.org protocol 0.9): an index, and files of at most `URLS_IN_FILE` addresses with their last change.

Files are cut by keyset: each begins at a key that is kept with the edition, so that no file needs an offset.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import F, Q, Window
from django.db.models.functions import Mod, RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.facets import kept
from incidents.publication.models import Advisory, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.representations.html.entries import (
    actors,
    mitigations,
    organizations,
    services,
    standing,
    tags,
    techniques,
)
from incidents.vocabulary.words import EntryStatus

URLS_IN_FILE = 5_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_ACTIVE = Q(status=EntryStatus.ACTIVE)
Place = tuple[str, dt.datetime | None]
INDEXES = ("front", "advisories:list", "advisories:calendar", "organizations:list", "services:list", "techniques:list",
           "mitigations:list", "actors:list", "tags:list", "insights:index", "report:form")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of page: the rows that have one, the unique key that orders them, where a row is and when it changed."""

    name: str
    rows: Callable[[], Any]
    key: str
    location: Callable[[Any], str]
    last_change: Callable[[Any], dt.datetime | None]


def _never(row: object) -> None:
    return None


def _own_address(row: Any) -> str:
    return str(row.get_absolute_url())


def _advisories() -> AdvisoryQuerySet:
    rows: AdvisoryQuerySet = Advisory.objects.visible_to(PUBLIC).standing().only("public_id", "released_at")
    return rows


SECTIONS = {
    section.name: section
    for section in (
        Section("advisories", _advisories, "public_id", _own_address, lambda row: row.released_at),
        Section("organizations", lambda: standing(organizations(), Facet.ORGANIZATION), "term", _own_address, _never),
        Section("services", lambda: standing(services(), Facet.SERVICE), "term", _own_address, _never),
        Section("actors", lambda: standing(actors(), Facet.ACTOR), "term", _own_address, _never),
        Section("tags", lambda: standing(tags(), Facet.TAG), "term", _own_address, _never),
        Section("techniques", lambda: techniques().filter(_ACTIVE), "term", _own_address, lambda row: row.revised_at),
        Section("mitigations", lambda: mitigations().filter(_ACTIVE), "term", _own_address, lambda row: row.revised_at),
    )
}


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the list of files."""
    places = [reverse("sitemap_file", args=["pages", 1])]
    for name in SECTIONS:
        places += [reverse("sitemap_file", args=[name, number + 1]) for number in range(len(cuts(name)))]
    return _xml("sitemap_index.xml", {"sitemaps": [{"location": settings.SITE_URL + place} for place in places]})


@require_safe
def sitemap_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One file: a section, or a part of it."""
    if name == "pages" and number == 1:
        return _urlset((settings.SITE_URL + reverse(view), None) for view in INDEXES)
    if name not in SECTIONS or not 1 <= number <= len(cuts(name)):
        raise Http404(f"There is no sitemap {name}-{number}.")
    return _urlset(_urls(SECTIONS[name], cuts(name)[number - 1]))


def cuts(name: str) -> list[str]:
    """The keys with which the files of a section begin; none for a section without rows. Kept with the edition."""

    def compute() -> list[str]:
        section = SECTIONS[name]
        placed = section.rows().annotate(place=Window(RowNumber(), order_by=F(section.key).asc()))
        starts = placed.annotate(part=Mod("place", URLS_IN_FILE)).filter(part=1).order_by("place")
        return [str(key) for key in starts.values_list(section.key, flat=True)]

    return kept(f"sitemap.{name}", PUBLIC, compute)


def _urls(section: Section, start: str) -> Iterator[Place]:
    rows = section.rows().filter(**{f"{section.key}__gte": start}).order_by(section.key)[:URLS_IN_FILE]
    for row in rows.iterator(chunk_size=2000):
        yield settings.SITE_URL + section.location(row), section.last_change(row)


def _urlset(places: Iterable[Place]) -> HttpResponse:
    """A file, written without a template, which would take five times as long for thousands of lines."""
    lines = "".join(f"<url><loc>{escape(address)}</loc>{_lastmod(at)}</url>\n" for address, at in places)
    return HttpResponse(f"{_HEAD}{lines}</urlset>\n", content_type="application/xml")


def _lastmod(at: dt.datetime | None) -> str:
    return f"<lastmod>{at:%Y-%m-%d}</lastmod>" if at else ""


def _xml(template: str, context: dict[str, object]) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), content_type="application/xml")
