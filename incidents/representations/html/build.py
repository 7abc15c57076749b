"""Building the advisory page: a pure function of a document. No request, no clock, no rows, no user."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext

from incidents.prose.data import embed_json
from incidents.prose.plain import first_sentences
from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.publication.registry import Purpose, formats
from incidents.representations.html import answers, arrange
from incidents.representations.html.cited import cited_sources
from incidents.representations.html.course import draw
from incidents.representations.html.jsonld import advisory_graph
from incidents.representations.html.languages import languages_of
from incidents.representations.html.parts import parts_of, since_last_visit
from incidents.representations.html.passing import formats_by_purpose, picture_of, sharing
from incidents.representations.html.path import attack_path
from incidents.representations.html.shares import has_something_to_share
from incidents.representations.html.telling import Telling, tell
from incidents.representations.html.timeline import timeline
from incidents.vocabulary.date_words import day_in_words
from incidents.vocabulary.languages import DEFAULT

TEMPLATE = "advisory/detail.html"
NAME = "html"
_DESCRIPTION_LENGTH = 200
_INNER_QUOTES = str.maketrans("“”", "‘’")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a release stands today, for its own page: what the current release is, and whether it withdrew the advisory."""

    current: ReleaseNote
    is_withdrawn: bool


def build_html(document: AdvisoryDocument, base_url: str) -> bytes:
    """The page of an advisory in UTF-8; the same document gives the same bytes."""
    return render_advisory(document, base_url).encode()


def render_advisory(
    document: AdvisoryDocument, base_url: str, standing: Standing | None = None, *, language: str = DEFAULT.code
) -> str:
    """The page of a document; with `standing`, the page of that release for ever, which points to the current one."""
    with timezone.override(dt.UTC), translation.override(language):
        return render_to_string(TEMPLATE, _context(document, base_url, standing))


def _context(document: AdvisoryDocument, base_url: str, standing: Standing | None) -> dict[str, Any]:
    others = [form for form in formats() if form.name != NAME and form.suits(document)]
    texts = [form for form in others if form.purpose is not Purpose.SHARING]
    telling = tell(document, translation.get_language() or DEFAULT.code, is_permanent=standing is not None)
    told = telling.document
    structured = advisory_graph(told, base_url, is_permanent=standing is not None, formats=texts, telling=telling)
    path = reverse("advisories:detail", args=[document.id])
    permanent_path = reverse("advisories:release", args=[document.id, document.release.number])
    parts = [] if standing or document.is_withdrawn else parts_of(document)
    context = {
        "base_url": base_url,
        "section": "incidents",
        "social_type": "article",
        "page_title": _page_title(told, standing),
        "page_description": first_sentences(told.summary, limit=_DESCRIPTION_LENGTH),
        "picture": picture_of(document, base_url),
        "canonical_path": path,
        "robots": "noindex" if standing else "",
        "standing": standing,
        "advisory": told,
        "telling": telling,
        "note": document.release,
        "language": document.language,
        "permanent_path": permanent_path,
        "citation": citation(document, base_url),
        "formats": formats_by_purpose(others),
        "citing": [form for form in others if form.purpose is Purpose.CITING],
        "sharing": sharing(told, base_url, permanent_path if standing else path),
        "parts": parts,
        "since_last_visit": since_last_visit(parts),
        "structured": embed_json(structured),
        **_arranged(told, telling),
    }
    return {**context, **languages_of(context, permanent_path if standing else path)}


def _page_title(document: AdvisoryDocument, standing: Standing | None) -> str:
    named = {"title": document.title, "number": document.release.number}
    match document.is_withdrawn, standing is not None:
        case True, True:
            return gettext("Withdrawn: %(title)s (release %(number)d)") % named
        case True, False:
            return gettext("Withdrawn: %(title)s") % named
        case False, True:
            return gettext("%(title)s (release %(number)d)") % named
        case _:
            return document.title


def _arranged(document: AdvisoryDocument, telling: Telling) -> dict[str, Any]:
    shown, more_ticks = arrange.ticks(document)
    updates = arrange.updates_newest_first(document)
    past, courses = arrange.past_releases(document), arrange.service_courses(document)
    parts: dict[str, Any] = {
        "affected": answers.who_is_affected(document),
        "to_do": answers.what_to_do_now(document),
        "responsible": answers.who_is_responsible(document),
        "dates": arrange.known_dates(document),
        "roles": arrange.roles(document),
        "timeline": timeline(document),
        "courses": courses,
        "drawing": draw(document, courses),
        "figures": arrange.figures(document),
        "path": attack_path(document),
        "audiences": arrange.audience_groups(document),
        "recent_updates": updates[: arrange.UPDATES_SHOWN],
        "earlier_updates": updates[arrange.UPDATES_SHOWN :],
        "is_comparable": has_something_to_share(document),
        "past": past,
        "previous": past[0].previous if past else None,
        "last_standing": _last_standing(document),
        "sources": cited_sources(document),
        "ticks": shown,
        "more_ticks": more_ticks,
        "folded": telling.folded,
    }
    return {**parts, "outline": _outline(document, parts)}


def _last_standing(document: AdvisoryDocument) -> ReleaseNote | None:
    """For a withdrawal, the release before it: what the advisory said while it stood."""
    earlier = [note for note in document.history if note.number < document.release.number]
    return earlier[-1] if document.is_withdrawn and earlier else None


def _outline(document: AdvisoryDocument, parts: dict[str, Any]) -> list[tuple[str, str]]:
    """The sections that the page has, as anchor and heading, in the order of the page."""
    narrative, stands = document.narrative, not document.is_withdrawn
    present: dict[str, tuple[str, object]] = {
        "what-happened": (gettext("What happened"), stands),
        "timeline": (gettext("Timeline"), parts["timeline"]),
        "impact": (gettext("Impact"), narrative.impact or parts["courses"] or parts["figures"]),
        "techniques": (gettext("Techniques"), document.attacks),
        "responsibility": (gettext("Who is responsible"), stands),
        "protection": (gettext("How to stay protected"), narrative.how_to_stay_protected or parts["audiences"]),
        "takeaway": (gettext("Takeaway"), narrative.takeaway),
        "updates": (gettext("Updates"), document.updates),
        "statements": (gettext("In their own words"), document.statements),
        "related": (gettext("Related incidents"), document.related or parts["is_comparable"]),
        "sources": (gettext("Sources"), document.sources),
        "files": (gettext("Files"), document.attachments),
        "translations": (gettext("Translations"), parts["folded"]),
    }
    sections = [(anchor, heading) for anchor, (heading, has) in present.items() if has and stands]
    return [
        *sections,
        ("cite", gettext("Cite this")),
        ("share", pgettext("heading", "Share")),
        ("formats", gettext("Other formats")),
        ("history", gettext("Release history")),
    ]


def citation(document: AdvisoryDocument, base_url: str) -> str:
    """One line that cites this very release."""
    note = document.release
    date = day_in_words(note.released_at)
    address = f"{base_url}/incidents/{document.id}/releases/{note.number}/"
    title = document.title.translate(_INNER_QUOTES)
    return f"{settings.SITE_NAME}: “{title}”, {document.id}, release {note.number}, {date}. {address}"
