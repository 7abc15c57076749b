"""What a citation says of a release, in no format yet. The day somebody read it is left to the one who cites."""

import datetime as dt
import re
from dataclasses import dataclass

from django.conf import settings

from incidents.publication.document import AdvisoryDocument, ReleaseNote

GENRE = "Cyber-incident advisory"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A release as a published report.

    Attributes:
        key: names this release and no other: `INC-2025-0001-r2`.
        publisher: who publishes, which is also the author.
        released_on: the day of the release in UTC.
        occurred: the partial dates between which the incident happened, as far as they are known, to the day at most.
        address: where this release stands for ever.
        note: the release in words, with its reason.
    """

    key: str
    number: str
    release: int
    title: str
    publisher: str
    released_on: dt.date
    occurred: tuple[str, ...]
    address: str
    language: str
    summary: str
    note: str
    keywords: tuple[str, ...]
    is_withdrawn: bool


def make_entry(document: AdvisoryDocument, base_url: str) -> Entry:
    """The entry of the very release that a document is."""
    note = document.release
    return Entry(
        key=f"{document.id}-r{note.number}",
        number=document.id,
        release=note.number,
        title=("Withdrawn: " if document.is_withdrawn else "") + one_line(document.title),
        publisher=one_line(settings.SITE_NAME),
        released_on=note.released_at.date(),
        occurred=_occurred(document),
        address=f"{base_url}/incidents/{document.id}/releases/{note.number}/",
        language=one_line(document.language),
        summary="" if document.is_withdrawn else one_line(document.summary),
        note=_in_words(note, document),
        keywords=tuple(one_line(tag.name) for tag in document.tags),
        is_withdrawn=document.is_withdrawn,
    )


def one_line(text: str) -> str:
    """A text on one line, without characters that no printer knows."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def date_parts(text: str) -> list[int]:
    """The year, month and day of a date as far as it says them: `2025-01` gives 2025 and 1."""
    return [int(part) for part in text[:10].split("-")]


def _occurred(document: AdvisoryDocument) -> tuple[str, ...]:
    known = (document.timeline.occurred_from, document.timeline.occurred_to)
    return tuple(dict.fromkeys(text[:10] for text in known if text)) if known[0] else ()


def _in_words(note: ReleaseNote, document: AdvisoryDocument) -> str:
    kind = f"Release {note.number}, {note.kind.label.lower()}, {document.tlp.label}."
    return f"{kind} {one_line(note.reason)}".strip()
