"""Where each source is cited: the way back from the list of sources into the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from incidents.publication.document import AdvisoryDocument, SourceRef
from incidents.representations.html.arrange import updates_newest_first

_CITATION = re.compile(r"\[\^([1-9]\d{0,3})\]")


@dataclass(frozen=True, slots=True)
class Cited:
    """A source with the places that cite it, each an anchor on the page and its name, in the order of the page."""

    source: SourceRef
    places: tuple[tuple[str, str], ...]


def cited_sources(document: AdvisoryDocument) -> list[Cited]:
    """Every source of a document in its order; one that nothing cites has no places."""
    places: dict[int, dict[str, str]] = {}
    for anchor, name, numbers in _citing(document):
        for number in numbers:
            places.setdefault(number, {}).setdefault(anchor, name)
    return [Cited(one, tuple(places.get(one.number, {}).items())) for one in document.sources]


def _citing(document: AdvisoryDocument) -> Iterator[tuple[str, str, set[int]]]:
    narrative = document.narrative
    yield "what-happened", gettext("What happened"), _numbers(narrative.what_happened)
    yield "impact", gettext("Impact"), _numbers(narrative.impact, *document.affected_services, *document.losses)
    yield "techniques", gettext("Techniques"), _numbers(*document.attacks)
    yield (
        "responsibility",
        gettext("Who is responsible"),
        _numbers(narrative.who_is_responsible, *document.attributions),
    )
    yield (
        "protection",
        gettext("How to stay protected"),
        _numbers(narrative.how_to_stay_protected, *document.recommendations),
    )
    yield "takeaway", gettext("Takeaway"), _numbers(narrative.takeaway)
    for anchor, update in updates_newest_first(document):
        yield anchor, gettext("Update: %(title)s") % {"title": update.title}, _numbers(update)
    yield "statements", gettext("In their own words"), _numbers(*document.statements)


def _numbers(*parts: object) -> set[int]:
    """The sources that texts and parts of a document cite: in their prose, and in their own list."""
    found: set[int] = set()
    for part in parts:
        names = getattr(part, "__struct_fields__", ())
        texts = [part, *(getattr(part, name) for name in names)]
        found.update(int(number) for text in texts if isinstance(text, str) for number in _CITATION.findall(text))
        found.update(getattr(part, "cites", ()))
    return found
