"""Which releases a feed tells: those of the advisories that a list holds, and the withdrawals of those it held."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from incidents.publication.audience import Audience
from incidents.publication.document import AdvisoryDocument
from incidents.publication.filters import WITHDRAWN, AdvisoryFilter
from incidents.publication.models import Advisory, Release
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.publication.models.ledger import ReleaseQuerySet
from incidents.publication.paging import Order, Page, cut_page
from incidents.representations.feeds.entry import Entry, build_entry
from incidents.vocabulary.words import ReleaseKind

FEED_SIZE = 50
NEWEST_RELEASE = Order("releases", "Newest release", ("released_at", "public_id"))


class FeedFilter:
    """The advisories of a list, and the withdrawn ones that are like them: nobody would hear of a withdrawal otherwise.

    Args:
        given: the list's parameters, without a cursor.
        audience: who is asking.
    """

    def __init__(self, given: QueryDict, audience: Audience) -> None:
        visible = Advisory.objects.visible_to(audience)
        with_withdrawn = given.copy()
        with_withdrawn["state"] = WITHDRAWN
        self.audience = audience
        self.listed = AdvisoryFilter(given, visible)
        self.withdrawn = AdvisoryFilter(with_withdrawn, visible)

    @property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong with the parameters, by parameter."""
        return self.listed.problems

    def releases(self) -> ReleaseQuerySet:
        """All their releases; of a withdrawn advisory the withdrawal alone."""
        match = Q(Exists(_same(self.listed.qs))) | Q(Exists(_same(self.withdrawn.qs)))
        return telling(self.audience).filter(match)

    def newest_releases(self) -> ReleaseQuerySet:
        """Releases among which the `FEED_SIZE` newest are, and the one after them: those of the advisories released last,
        which the list finds by its own paths. No other advisory has a newer release than each of these.
        """
        ids = [*_newest_ids(self.listed.qs), *_newest_ids(self.withdrawn.qs)]
        return telling(self.audience).filter(public_id__in=ids)


def telling(audience: Audience) -> ReleaseQuerySet:
    """Releases that feeds may tell an audience of: of a withdrawn advisory, nothing of what it said before."""
    still_said = Q(advisory__is_withdrawn=False) | Q(kind=ReleaseKind.WITHDRAWAL)
    releases: ReleaseQuerySet = Release.objects.visible_to(audience).filter(still_said)
    return releases


def _same(advisories: AdvisoryQuerySet) -> AdvisoryQuerySet:
    return advisories.order_by().filter(public_id=OuterRef("public_id"))


def _newest_ids(advisories: AdvisoryQuerySet) -> Iterable[str]:
    return advisories.newest_first().values_list("public_id", flat=True)[: FEED_SIZE + 1]


def page_of(releases: ReleaseQuerySet, cursor: str) -> Page[Release]:
    """One page of releases, the newest first.

    Raises:
        BadCursor: the cursor is not one of ours.
    """
    return cut_page(releases, NEWEST_RELEASE, cursor=cursor, size=FEED_SIZE)


def entries_of(releases: list[Release], audience: Audience, base_url: str) -> tuple[Entry, ...]:
    """Releases as entries, each beside the release before it that the audience may see. One query."""
    earlier = _documents_before(releases, audience)
    return tuple(
        build_entry(release.document, earlier.get(_before(release.document)), base_url) for release in releases
    )


def _before(document: AdvisoryDocument) -> tuple[str, int]:
    """The id and number of the release before, as far as readers of this one may know of it; 0 where there is none."""
    numbers = [note.number for note in document.history if note.number < document.release.number]
    return document.id, max(numbers, default=0)


def _documents_before(releases: list[Release], audience: Audience) -> dict[tuple[str, int], AdvisoryDocument]:
    wanted = Q(pk=None)
    for release in releases:
        public_id, number = _before(release.document)
        wanted |= Q(public_id=public_id, number=number)
    found = Release.objects.visible_to(audience).filter(wanted)
    return {(release.public_id, release.number): release.document for release in found}
