"""Addresses that go: programs are told in headers, long before, and people on the changelog."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.http import http_date

CHANGELOG = "/api/changelog/"


@dataclass(frozen=True, slots=True)
class Retirement:
    """That an address of the API goes: `retirement = Retirement(…)` in its view, and an entry in `changelog.py`.

    Attributes:
        deprecated_at: from when on it should not be used any more; may be to come.
        sunset_at: from when on it may answer no more; None while that is open. Not before `deprecated_at`.
        successor: path of the address to use instead, if there is one.
    """

    deprecated_at: dt.datetime
    sunset_at: dt.datetime | None = None
    successor: str = ""

    def __post_init__(self) -> None:
        """Refuse an end before its beginning (RFC 9745, section 4).

        Raises:
            ValueError: it is one.
        """
        if self.sunset_at is not None and self.sunset_at < self.deprecated_at:
            raise ValueError("An address cannot go before it is deprecated.")

    def announce(self, response: HttpResponseBase) -> None:
        """Say so in the headers: `Deprecation` (RFC 9745, section 2), `Sunset` (RFC 8594, section 3), and links, besides
        those that are there, to what is said about it and to what comes instead (RFC 9745, section 3; RFC 5829, section 3.3)."""
        response.headers["Deprecation"] = f"@{int(self.deprecated_at.timestamp())}"
        if self.sunset_at is not None:
            response.headers["Sunset"] = http_date(self.sunset_at.timestamp())
        links = [f'<{settings.SITE_URL}{CHANGELOG}>; rel="deprecation"; type="text/html"']
        if self.successor:
            links.append(f'<{settings.SITE_URL}{self.successor}>; rel="successor-version"')
        there = response.headers.get("Link")
        response.headers["Link"] = ", ".join([there, *links] if there else links)
