"""The addresses of feeds. They depend on nothing but the address, so that the fast lane keeps them under the edition."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Release
from incidents.publication.paging import BadCursor, Page
from incidents.representations.feeds.collect import FeedFilter, entries_of, page_of, telling
from incidents.representations.feeds.entry import isolated, tag_uri
from incidents.representations.feeds.feed import Feed
from incidents.representations.feeds.formats import FORMATS
from incidents.representations.serving.find import find_advisory

_NO_FILTERS = {"sort", "cursor"}
Pairs = Sequence[tuple[str, str]]


@require_safe
def list_feed(request: HttpRequest, ending: str) -> HttpResponse:
    """The releases of the advisories in a list, which the list's own parameters choose; always the newest first."""
    pairs, cursor = filters_of(request.GET), request.GET.get("cursor", "")
    chosen = FeedFilter(without_cursor(request.GET), PUBLIC)
    if chosen.problems:
        return _not_understood(text for texts in chosen.problems.values() for text in texts)
    try:
        found = page_of(chosen.releases() if cursor else chosen.newest_releases(), cursor)
    except BadCursor as problem:
        return _not_understood([str(problem)])
    said = ", ".join(f"{name} {isolated(value)}" for name, value in pairs)
    page = with_query(reverse("advisories:list"), pairs)
    title = f"{settings.SITE_NAME}: {said or 'incidents'}"
    feed = make_feed(path=request.path, page=page, title=title, found=found, cursor=cursor, pairs=pairs)
    return _answer(feed, ending)


@require_safe
def advisory_feed(request: HttpRequest, public_id: str, ending: str) -> HttpResponse:
    """The releases of one advisory; one that was merged leads on to the other."""
    canonical = public_id.upper()
    if public_id != canonical:
        return HttpResponsePermanentRedirect(reverse("feeds:advisory", args=[canonical, ending]))
    advisory, cursor = find_advisory(public_id), request.GET.get("cursor", "")
    if advisory.merged_into:
        return HttpResponsePermanentRedirect(reverse("feeds:advisory", args=[advisory.merged_into, ending]))
    try:
        found = page_of(telling(PUBLIC).filter(public_id=public_id), cursor)
    except BadCursor as problem:
        return _not_understood([str(problem)])
    title = f"{settings.SITE_NAME}: {public_id} {isolated(advisory.title)}"
    feed = make_feed(path=request.path, page=advisory.get_absolute_url(), title=title, found=found, cursor=cursor)
    return _answer(feed, ending)


def make_feed(*, path: str, page: str, title: str, found: Page[Release], cursor: str, pairs: Pairs = ()) -> Feed:
    """A page of releases as a feed, with its neighbours.

    Args:
        path: the feed's address without parameters.
        page: the path, with parameters, of the page for people.
        title: for people.
        found: the releases.
        cursor: where this page begins; empty for the first one.
        pairs: the filters, in order.
    """

    def address(place: str) -> str:
        return str(settings.SITE_URL) + with_query(path, [*pairs, ("cursor", place)] if place else pairs)

    return Feed(
        id=tag_uri(page, settings.SITE_URL),
        title=title,
        page=settings.SITE_URL + page,
        address=address(cursor),
        first=address(""),
        previous=address(found.previous) if found.previous else "",
        next=address(found.next) if found.next else "",
        entries=entries_of(found.rows, PUBLIC, settings.SITE_URL),
    )


def filters_of(given: QueryDict) -> Pairs:
    """The filters that an address names, in one order; what the list does not know is left out."""
    names = sorted(name for name in AdvisoryFilter.base_filters if name not in _NO_FILTERS)
    return [(name, value) for name in names for value in given.getlist(name) if value]


def without_cursor(given: QueryDict) -> QueryDict:
    """The parameters as the list reads them, which has cursors of its own."""
    parameters = given.copy()
    parameters.pop("cursor", None)
    return parameters


def with_query(path: str, pairs: Pairs) -> str:
    """An address with its parameters."""
    return f"{path}?{urlencode(pairs, safe='/:,')}" if pairs else path


def _answer(feed: Feed, ending: str) -> HttpResponse:
    form = FORMATS[ending]
    response = HttpResponse(form.build(feed, settings.SITE_URL), content_type=form.media_type)
    links = [f'<{feed.address}>; rel="self"']
    if settings.WEBSUB_HUB:
        links.append(f'<{settings.WEBSUB_HUB}>; rel="hub"')
    response.headers["Link"] = ", ".join(links)
    if last := _last_released():
        response.headers["Last-Modified"] = last
    return response


def _last_released() -> str:
    """When anything that readers may see was released last. A feed can lose an entry then, so its own newest entry would
    not do.
    """
    newest = Release.objects.visible_to(PUBLIC).order_by("-sequence").values_list("released_at", flat=True).first()
    return http_date(newest.timestamp()) if newest else ""


def _not_understood(problems: Iterable[str]) -> HttpResponse:
    return HttpResponse("\n".join(problems) + "\n", status=400, content_type="text/plain; charset=utf-8")
