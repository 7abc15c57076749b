"""The parts of an advisory, each with a mark that changes when its content does: what a reader's browser compares with what
it showed last time. The marks stand in the page, so that nobody has to be asked what changed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

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


def parts_of(document: AdvisoryDocument) -> list[Part]:
    """Every part an advisory can have, in the order of the page; of the updates, those that are shown first."""
    return [_part(*described) for described in _described(document)]


def _described(document: AdvisoryDocument) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
    told = document.narrative
    yield "title", "title", "Title", (document.title,)
    yield "severity", "signs", "Severity", (document.severity,)
    yield "state", "signs", "State", (document.state, document.is_exercise)
    yield "what", "answer-what", "What", (document.summary,)
    yield "affected", "answer-affected", "Who is affected", (document.who_is_affected,)
    yield "to-do", "answer-to-do", "What to do now", (document.what_to_do_now,)
    yield "dates", "facts", "Dates", (document.timeline,)
    yield "organizations", "facts", "Organisations", document.organizations
    yield "tags", "facts", "Tags", document.tags
    yield "what-happened", "what-happened", "What happened", (told.what_happened,)
    yield "impact", "impact", "Impact", (told.impact, *document.affected_services, *document.losses)
    yield "techniques", "techniques", "Techniques", document.attacks
    responsibility = (told.who_is_responsible, *document.attributions)
    yield "responsibility", "responsibility", "Who is responsible", responsibility
    protection = (told.how_to_stay_protected, *document.recommendations)
    yield "protection", "protection", "How to stay protected", protection
    yield "takeaway", "takeaway", "Takeaway", (told.takeaway,)
    for anchor, update in updates_newest_first(document)[:UPDATES_SHOWN]:
        yield anchor, anchor, f"Update: {update.title}", (update,)
    yield "statements", "statements", "In their own words", document.statements
    yield "related", "related", "Related incidents", document.related
    yield "sources", "sources", "Sources", document.sources
    yield "files", "files", "Files", document.attachments


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
