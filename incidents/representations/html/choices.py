"""What there is to choose from beside a list: the values of each facet, with how many of what is listed carry them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from operator import neg

from django.utils.functional import Promise
from django.utils.translation import get_language

from incidents.publication.filters import STATES
from incidents.publication.models import Facet
from incidents.publication.narrow import FACETS, Counts
from incidents.publication.tallies import CERTAINTY, SEVERITY, STATE, YEAR
from incidents.representations.html.asking import LABELS, LIMITS, Question
from incidents.representations.html.labels import labels_of, tactic_of_techniques
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.numbers import number, number_in
from incidents.vocabulary.words import Certainty, Sector, Severity

_OPEN = {SEVERITY, STATE}
_IN_ORDER = {
    SEVERITY: list(reversed(Severity.values)),
    STATE: list(STATES),
    CERTAINTY: list(Certainty.values),
}
_NAMES: dict[str, Mapping[str, str | Promise]] = {
    SEVERITY: dict(Severity.choices),
    STATE: STATES,
    CERTAINTY: dict(Certainty.choices),
    Facet.SECTOR.value: dict(Sector.choices),
}


@dataclass(slots=True)
class Option:
    """A value to choose, or to drop where it is chosen: its label, the address that does so, and how many carry it, in digits
    as they are shown and as a number.
    """

    value: str
    label: str
    address: str
    count: str
    number: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one parameter in sections, most of which have no title; `is_open` where it should not be folded."""

    name: str
    legend: str
    sections: list[tuple[str, list[Option]]]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """All that can be chosen, and how many advisories are listed, in digits as they are shown and as a number."""

    groups: list[Group]
    total: str
    number: int


def choices_of(question: Question) -> Choices:
    """The values of every facet with their counts, as far as the other filters leave any."""
    counts = question.counts
    shown = {name: _shown(name, counts[name], question.typed(name)) for name in FACETS}
    public = {name: [value for value in shown[name] if counts[name].values.get(value)] for name in FACETS}
    labels = labels_of(public, is_public=True)
    groups = [_group(question, name, shown[name], counts[name], labels) for name in FACETS if shown[name]]
    everything = counts[""]
    return Choices(groups, as_text(everything.total, is_capped=everything.is_capped), everything.total)


def as_text(count: int, *, is_capped: bool) -> str:
    """A count as it is shown; a capped one is the least that there are."""
    return f"{number(count)}+" if is_capped else number(count)


def _shown(name: str, counts: Counts, chosen: Iterable[str]) -> list[str]:
    """The values to show, in order: the most common ones, and whatever is chosen."""
    chosen = list(chosen)
    if name in _IN_ORDER:
        return [value for value in _IN_ORDER[name] if counts.values.get(value) or value in chosen]
    ranked = zip(map(neg, counts.values.values()), counts.values, strict=True)
    common = [value for _, value in nsmallest(LIMITS[name], ranked)]
    values = [*common, *(value for value in chosen if value not in common)]
    return sorted(values, reverse=True) if name == YEAR else values


def _group(
    question: Question, name: str, values: list[str], counts: Counts, labels: Mapping[tuple[str, str], str]
) -> Group:
    chosen = question.typed(name)
    sections: dict[str, list[Option]] = {}
    tactics = tactic_of_techniques() if name == Facet.TECHNIQUE else {}
    adding = question.adding(name)
    language, plus = get_language(), "+" if counts.is_capped else ""
    for value in values:
        label = _label(name, value, labels, language)
        is_chosen = value in chosen
        address = question.address(without=(name, value)) if is_chosen else adding(value)
        count = counts.values.get(value, 0)
        shown = f"{number_in(count, language)}{plus}"
        option = Option(value, label, address, shown, count, is_chosen)
        sections.setdefault(tactics.get(value, ""), []).append(option)
    return Group(name, str(LABELS[name]), list(sections.items()), is_open=name in _OPEN or bool(chosen))


def _label(name: str, value: str, labels: Mapping[tuple[str, str], str], language: str | None) -> str:
    found = labels.get((name, value))
    if found is None:
        return _word(name, value, language)
    return f"{value.rpartition('/')[2]} {found}" if name in (Facet.TECHNIQUE, Facet.MITIGATION) else found


@lru_cache(maxsize=2048)
def _word(name: str, value: str, language: str | None) -> str:
    """Our own word for a value, in the language that is spoken; remembered, as lists show a hundred of them."""
    return country_name(value) if name == Facet.COUNTRY else str(_NAMES.get(name, {}).get(value) or value)
