"""The parts of an advisory, each with a mark that changes when its content does: what a reader's browser compares with what
it showed last time. The marks stand in the page, so that nobody has to be asked what changed.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from incidents.publication.document import AdvisoryDocument, Value
from incidents.representations.html.arrange import UPDATES_SHOWN, updates_newest_first

_MARK_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        key: its name within the advisory, the same in every release.
        anchor: where it stands on the page.
        label: its name for readers.
        mark: eight hexadecimal digits that stand for its content.
        is_there: whether it has any content.
    """

    key: str
    anchor: str
    label: str
    mark: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """How many parts changed, for the numbers (with spaces between) of which the language says it in these words; a script
    fills in the numbers.
    """

    counts: str
    sentence: SafeString


def since_last_visit(parts: Sequence[Part]) -> list[Sentence]:
    """What may be said to a reader who comes back, for every number of parts that can have changed."""
    same = gettext(
        "<strong>A new release, with the same text, since your last visit</strong>, when this was release {release}."
    )
    by_words: dict[str, list[int]] = {same: [0]}
    for count in range(1, len(parts) + 1):
        words = ngettext(
            "<strong>{count} change since your last visit</strong>, when this was release {release}.",
            "<strong>{count} changes since your last visit</strong>, when this was release {release}.",
            count,
        )
        by_words.setdefault(words, []).append(count)
    places = {
        "count": format_html("<span {}></span>", "data-count"),
        "release": format_html("<span {}></span>", "data-seen"),
    }
    return [Sentence(" ".join(map(str, counts)), format_html(words, **places)) for words, counts in by_words.items()]


def parts_of(document: AdvisoryDocument) -> list[Part]:
    """Every part an advisory can have, in the order of the page; of the updates, those that are shown first."""
    return [_part(*described) for described in _described(document)]


def _described(document: AdvisoryDocument) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
    told = document.narrative
    yield "title", "title", pgettext("part of an advisory", "Title"), (document.title,)
    yield "severity", "signs", pgettext("part of an advisory", "Severity"), (document.severity,)
    yield "state", "signs", pgettext("part of an advisory", "State"), (document.state, document.is_exercise)
    yield "what", "answer-what", pgettext("one of the five answers", "What"), (document.summary,)
    yield "affected", "answer-affected", gettext("Who is affected"), (document.who_is_affected,)
    yield "to-do", "answer-to-do", gettext("What to do now"), (document.what_to_do_now,)
    yield "dates", "facts", pgettext("part of an advisory", "Dates"), (document.timeline,)
    yield "organizations", "facts", pgettext("part of an advisory", "Organisations"), document.organizations
    yield "tags", "facts", pgettext("part of an advisory", "Tags"), document.tags
    yield "what-happened", "what-happened", gettext("What happened"), (told.what_happened,)
    yield "impact", "impact", gettext("Impact"), (told.impact, *document.affected_services, *document.losses)
    yield "techniques", "techniques", gettext("Techniques"), document.attacks
    responsibility = (told.who_is_responsible, *document.attributions)
    yield "responsibility", "responsibility", gettext("Who is responsible"), responsibility
    protection = (told.how_to_stay_protected, *document.recommendations)
    yield "protection", "protection", gettext("How to stay protected"), protection
    yield "takeaway", "takeaway", gettext("Takeaway"), (told.takeaway,)
    for anchor, update in updates_newest_first(document)[:UPDATES_SHOWN]:
        yield anchor, anchor, gettext("Update: %(title)s") % {"title": update.title}, (update,)
    yield "statements", "statements", gettext("In their own words"), document.statements
    yield "related", "related", gettext("Related incidents"), document.related
    yield "sources", "sources", gettext("Sources"), document.sources
    yield "files", "files", gettext("Files"), document.attachments


def _part(key: str, anchor: str, label: str, content: tuple[Any, ...]) -> Part:
    said = [_said(one) for one in content]
    mark = hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:_MARK_LENGTH]
    return Part(key, anchor, label, mark, is_there=any(said))


def _said(content: Any) -> Any:
    """Content without what is empty, so that a field that documents gain later changes no mark."""
    if isinstance(content, Value):
        named = ((name, _said(getattr(content, name))) for name in content.__struct_fields__)
        return {name: said for name, said in named if said}
    if isinstance(content, tuple):
        return [_said(one) for one in content]
    return content
