"""The three formats: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, with the same entries. Pure functions of a feed."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from incidents.representations.feeds.entry import Entry
from incidents.representations.feeds.feed import Feed

# Beyond what XML 1.0 allows (section 2.2), and what feed readers take for damage: C1 controls, the replacement sign
_UNFIT = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")


def build_atom(feed: Feed, base_url: str) -> bytes:
    """The feed as Atom 1.0, with paging by RFC 5005."""
    return _xml("feeds/atom.xml", feed, base_url)


def build_rss(feed: Feed, base_url: str) -> bytes:
    """The feed as RSS 2.0, with Atom's links."""
    return _xml("feeds/rss.xml", feed, base_url)


def build_json_feed(feed: Feed, base_url: str) -> bytes:
    """The feed as JSON Feed 1.1; what concerns machines stands in `_advisory`."""
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": printable(feed.title),
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "description": f"Releases of {settings.SITE_NAME}: new advisories, updates, corrections and withdrawals.",
        "icon": f"{base_url}/favicon.ico",
        "language": "en",
        "authors": [{"name": settings.SITE_NAME, "url": f"{base_url}/"}],
    }
    if feed.next:
        told["next_url"] = feed.next
    if settings.WEBSUB_HUB:
        told["hubs"] = [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
    told["items"] = [_item(entry) for entry in feed.entries]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def printable(text: str) -> str:
    """The text with a space for each character that XML forbids or that is none."""
    return _UNFIT.sub(" ", text)


def _item(entry: Entry) -> dict[str, Any]:
    document, note = entry.document, entry.document.release
    facts = {} if document.is_withdrawn else {"severity": document.severity.value, "state": document.state.value}
    return {
        "id": entry.id,
        "url": entry.url,
        "title": printable(entry.title),
        "content_html": printable(entry.content),
        "summary": printable(entry.summary),
        "date_published": entry.instant,
        "date_modified": entry.instant,
        "tags": [printable(category.label) for category in entry.categories],
        "language": entry.language,
        "_advisory": {
            "id": document.id,
            "url": entry.advisory_url,
            "release": note.number,
            "kind": note.kind.value,
            "significance": note.significance.value,
            "reason": printable(note.reason),
            "tlp": document.tlp.value,
            **facts,
        },
    }


def _xml(template: str, feed: Feed, base_url: str) -> bytes:
    context = {"feed": feed, "base_url": base_url, "hub": settings.WEBSUB_HUB}
    return printable(render_to_string(template, context)).encode()


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """One way to write a feed: how its address ends, its media type, its name for people, and what writes it."""

    ending: str
    media_type: str
    label: str
    build: Callable[[Feed, str], bytes]


FORMATS = {
    one.ending: one
    for one in (
        FeedFormat("atom", "application/atom+xml; charset=utf-8", "Atom", build_atom),
        FeedFormat("rss", "application/rss+xml; charset=utf-8", "RSS", build_rss),
        FeedFormat("json", "application/feed+json", "JSON Feed", build_json_feed),
    )
}
