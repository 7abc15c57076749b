"""A feed as a value: what it is called, where it is, its entries and its neighbours. The three formats are written from it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.http import http_date

from incidents.representations.feeds.entry import Entry, instant

UNTOUCHED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""What an empty feed gives as the time of its last change; formats ask for one."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed, the newest entry first.

    Attributes:
        id: a name that never changes, the same for all pages and formats of the feed.
        title: for people.
        page: the address of the page that shows the same to people.
        address: its own address, of this page and in this format.
        first: the address of its first page (RFC 5005, section 3).
        previous: the address of the page with newer entries; empty where there is none.
        next: the address of the page with older entries; empty where there is none.
        entries: the releases.
    """

    id: str
    title: str
    page: str
    address: str
    first: str
    previous: str
    next: str
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> dt.datetime:
        """When the newest entry was released."""
        return self.entries[0].at if self.entries else UNTOUCHED

    @property
    def instant(self) -> str:
        """The same, to the millisecond (RFC 3339)."""
        return instant(self.updated)

    @property
    def mail_date(self) -> str:
        """The same, as RSS writes it (RFC 822)."""
        return http_date(self.updated.timestamp())
