"""One release as an entry of a feed: a pure function of its document, of the one before it and of the site's address."""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.http import http_date

from incidents.prose.plain import first_sentences, plain_text
from incidents.publication.changes import Change, ChangeKind, changes_between
from incidents.publication.document import AdvisoryDocument
from incidents.vocabulary.words import ReleaseKind

TEMPLATE = "feeds/entry.html"
MOST_CHANGES = 40
LONGEST_QUOTE = 160
"""In characters; a longer text is said to have changed and not quoted, for the whole of it stands below."""

_SUMMARY_LENGTH = 500
_PARTS = (
    ("What happened", "what_happened"),
    ("Impact", "impact"),
    ("Who is responsible", "who_is_responsible"),
    ("How to stay protected", "how_to_stay_protected"),
    ("Takeaway", "takeaway"),
)
_TURNING = {"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"}
_FIRST_STRONG, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


class Category(NamedTuple):
    """What an entry is filed under: the vocabulary, the word in it, and the word for people."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A field that differs: its name, what became of it, and what it said and says where that is short."""

    label: str
    kind: ChangeKind
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A release as feeds tell it. `id` never changes, `url` is the release's own page, `content` is HTML."""

    id: str
    url: str
    advisory_url: str
    title: str
    language: str
    at: dt.datetime
    summary: str
    content: str
    categories: tuple[Category, ...]
    document: AdvisoryDocument

    @property
    def instant(self) -> str:
        """When it was released, to the millisecond (RFC 3339)."""
        return instant(self.at)

    @property
    def mail_date(self) -> str:
        """When it was released, as RSS writes it (RFC 822)."""
        return http_date(self.at.timestamp())


def instant(at: dt.datetime) -> str:
    """A time in UTC to the millisecond, in which no two releases are the same (RFC 3339)."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def build_entry(document: AdvisoryDocument, previous: AdvisoryDocument | None, base_url: str) -> Entry:
    """The entry of a release.

    Args:
        document: what was released.
        previous: the release before it that its readers may see; None for the first of them.
        base_url: the site's address without a slash at its end.
    """
    note = document.release
    advisory_path = f"/incidents/{document.id}/"
    path = f"{advisory_path}releases/{note.number}/"
    summary = document.summary if note.kind is ReleaseKind.INITIAL else ""
    return Entry(
        id=tag_uri(path, base_url),
        url=base_url + path,
        advisory_url=base_url + advisory_path,
        title=entry_title(document),
        language=document.language,
        at=note.released_at,
        summary=first_sentences(summary or note.reason, limit=_SUMMARY_LENGTH),
        content=_content(document, previous, base_url),
        categories=tuple(_categories(document, base_url)),
        document=document,
    )


def tag_uri(path: str, base_url: str) -> str:
    """A name for ever for what is at a path now (RFC 4151): it stays when the site moves and FEED_ID_AUTHORITY is set."""
    return f"tag:{settings.FEED_ID_AUTHORITY or f'{urlsplit(base_url).hostname},2025'}:{path}"


def entry_title(document: AdvisoryDocument) -> str:
    """The advisory's title, after what the release does to it: `Correction: Harbour Bank locked out of its ledgers`."""
    kind = document.release.kind
    word = "Withdrawn" if kind is ReleaseKind.WITHDRAWAL else kind.label
    title = isolated(" ".join(document.title.split()))
    return title if kind is ReleaseKind.INITIAL else f"{word}: {title}"


def isolated(text: str) -> str:
    """A text that may run from right to left, fenced in so that it cannot turn what stands around it (UAX 9, section 2.4)."""
    turns = any(unicodedata.bidirectional(sign) in _TURNING for sign in text)
    return f"{_FIRST_STRONG}{text}{_END}" if turns else text


def told_changes(document: AdvisoryDocument, previous: AdvisoryDocument) -> list[ToldChange]:
    """Every field that differs from the release before, in reading order."""
    return [_told(change) for change in changes_between(previous, document)]


def _told(change: Change) -> ToldChange:
    if max(len(change.before), len(change.after)) > LONGEST_QUOTE:
        return ToldChange(change.label, change.kind, "", "")
    before, after = (" ".join(plain_text(text).split()) for text in (change.before, change.after))
    return ToldChange(change.label, change.kind, *((before, after) if before != after else ("", "")))


def _content(document: AdvisoryDocument, previous: AdvisoryDocument | None, base_url: str) -> str:
    told = told_changes(document, previous) if previous and not document.is_withdrawn else []
    narrative = [(heading, getattr(document.narrative, name)) for heading, name in _PARTS]
    context = {
        "base_url": base_url,
        "advisory": document,
        "note": document.release,
        "language": document.language,
        "previous": previous.release if previous else None,
        "changes": told[:MOST_CHANGES],
        "more_changes": max(0, len(told) - MOST_CHANGES),
        "narrative": [(heading, text) for heading, text in narrative if text],
    }
    page = f"{base_url}/incidents/{document.id}/releases/{document.release.number}/"
    html = render_to_string(TEMPLATE, context)
    return html.strip().replace('<a href="#', f'<a href="{page}#')  # citations lead to the sources on the page


def _categories(document: AdvisoryDocument, base_url: str) -> Iterator[Category]:
    def category(scheme: str, term: str, label: str) -> Category:
        return Category(tag_uri(f"/{scheme}/", base_url), term, label)

    note = document.release
    yield category("release", note.kind.value, str(note.kind.label))
    yield category("tlp", document.tlp.value, document.tlp.label)
    if document.is_withdrawn:
        return
    yield category("severity", document.severity.value, f"Severity: {document.severity.label}")
    yield category("state", document.state.value, f"State: {document.state.label}")
    if document.is_exercise:
        yield category("exercise", "exercise", "Exercise")
    for tag in document.tags:
        yield category("tags", tag.slug, tag.name)
