"""The front page: what is open now, what changed this week, and ways in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.facets import kept, most_common_values
from incidents.publication.models import Advisory, Facet, Release
from incidents.publication.models.advisory import Heading, heading_of
from incidents.representations.html.entries import seen, services, techniques
from incidents.representations.html.page import page
from incidents.vocabulary.words import Sector

MOST_OPEN = 8
MOST_RELEASES = 10
MOST_WAYS = 8
LATEST = 6
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Way:
    """A way in: a name, an address, and how many advisories are there; `note` tells apart what has the same name."""

    name: str
    address: str
    count: int
    note: str = ""


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page."""
    visible = Advisory.objects.visible_to(PUBLIC)
    open_now = list(visible.open().order_by("-severity_rank", "-released_at", "-public_id")[:MOST_OPEN])
    newest = visible.standing().newest_first()[: LATEST + MOST_OPEN]
    now = timezone.now()
    releases = newest_releases()
    this_week = [new for new in releases if new.release.released_at > now - WEEK]
    context = {
        "page_description": gettext(
            "Cyber-incident advisories: what happened, whether it concerns you, what to do now."
        ),
        "canonical_path": reverse("front"),
        "has_search": True,
        "open_now": open_now,
        "releases": this_week or releases[: MOST_RELEASES // 2],
        "is_quiet": not this_week,
        "latest": [advisory for advisory in newest if advisory not in open_now][:LATEST],
        "ways": kept("ways", PUBLIC, ways_in, in_words=True),
    }
    return page(request, "front.html", context)


class NewRelease(NamedTuple):
    """A release without its document, and what its advisory is called."""

    release: Release
    heading: Heading


def newest_releases() -> list[NewRelease]:
    """The newest releases that readers may see."""
    releases = Release.objects.visible_to(PUBLIC).defer("document_json").order_by("-sequence")
    told = releases.annotate(title=F("advisory__title"), language=F("advisory__language"), brief=F("advisory__brief"))
    named: Any = told[:MOST_RELEASES]
    return [NewRelease(release, heading_of(release.title, release.language, release.brief)) for release in named]


def ways_in() -> dict[str, list[Way]]:
    """By sector, service and technique: those that most advisories are about."""
    return {"sectors": _by_sector(), "services": _by_service(), "techniques": _by_technique()}


def _by_sector() -> list[Way]:
    common = most_common_values(Facet.SECTOR, PUBLIC, limit=MOST_WAYS)
    path = reverse("advisories:list")
    return [Way(str(Sector(value).label), f"{path}?sector={value}", count) for value, count in common]


def _by_service() -> list[Way]:
    counts = dict(most_common_values(Facet.SERVICE, PUBLIC, limit=MOST_WAYS))
    owners, slugs = ({value.split("/")[place] for value in counts} for place in (0, 1))
    rows = seen(services(), Facet.SERVICE).filter(organization__slug__in=owners, slug__in=slugs)
    found = {row.term: row for row in rows if row.term in counts}
    return [
        Way(row.name, row.get_absolute_url(), count, row.organization.name)
        for row, count in ((found.get(value), count) for value, count in counts.items())
        if row
    ]


def _by_technique() -> list[Way]:
    counts = dict(most_common_values(Facet.TECHNIQUE, PUBLIC, limit=MOST_WAYS))
    ids = {value.rpartition("/")[2] for value in counts}
    found = {row.term: row for row in techniques().filter(external_id__in=ids) if row.term in counts}
    return [
        Way(row.name, row.get_absolute_url(), count, row.external_id)
        for row, count in ((found.get(value), count) for value, count in counts.items())
        if row
    ]
