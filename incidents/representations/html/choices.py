"""What there is to choose from beside a list: the values of each facet, with how many of what is listed carry them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incidents.publication.audience import PUBLIC
from incidents.publication.facets import count_values, kept, overview
from incidents.publication.filters import STATES
from incidents.publication.models import Facet
from incidents.publication.narrow import FACETS, Counts
from incidents.publication.tallies import ALL, CERTAINTY, SEVERITY, STATE, YEAR
from incidents.representations.html.asking import LABELS, Question
from incidents.representations.html.labels import labels_of, tactic_of_techniques
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.words import Certainty, Sector, Severity

MOST_OPTIONS = 12
_MANY = 300
_LIMITS = dict.fromkeys(FACETS, MOST_OPTIONS) | dict.fromkeys(
    (SEVERITY, STATE, CERTAINTY, Facet.SECTOR.value, YEAR, Facet.COUNTRY.value), _MANY
)
_OPEN = {SEVERITY, STATE}
_IN_ORDER = {
    SEVERITY: list(reversed(Severity.values)),
    STATE: list(STATES),
    CERTAINTY: list(Certainty.values),
}
_NAMES: dict[str, Mapping[str, str]] = {
    SEVERITY: dict(Severity.choices),
    STATE: STATES,
    CERTAINTY: dict(Certainty.choices),
    Facet.SECTOR.value: dict(Sector.choices),
}


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose, or to drop where it is chosen: its label, how many carry it, and the address that does so."""

    label: str
    address: str
    count: str
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
    """All that can be chosen, and how many advisories are listed, in words."""

    groups: list[Group]
    total: str


def choices_of(question: Question) -> Choices:
    """The values of every facet with their counts, as far as the other filters leave any."""
    counts = count_facets(question)
    shown = {name: _shown(name, counts[name], question.typed(name)) for name in FACETS}
    public = {name: [value for value in shown[name] if counts[name].values.get(value)] for name in FACETS}
    labels = labels_of(public, is_public=True)
    groups = [_group(question, name, shown[name], counts[name], labels) for name in FACETS if shown[name]]
    return Choices(groups, as_text(counts[""].total, is_capped=counts[""].is_capped))


def count_facets(question: Question) -> dict[str, Counts]:
    """Counts by facet: exact ones where nothing else narrows the list, else of what the other filters find."""
    asked = {} if question.problems else question.filter.asked
    active = [name for name in ("q", *FACETS) if asked.get(name)]
    tallied = kept("overview", PUBLIC, lambda: overview(PUBLIC, {ALL: 1, **_LIMITS}))
    total = sum(count for _, count in tallied[ALL])
    plain = {name: Counts(dict(tallied[name]), total) for name in FACETS} | {"": Counts({}, total)}
    if not active:
        return plain
    if active[0] == "q" or len(active) > 1:
        return question.filter.narrowed.counts()
    (only,) = active
    counts = question.filter.narrowed.counts(but=active)
    chosen = count_values(only, asked[only], PUBLIC)
    counts[only] = Counts({**plain[only].values, **chosen}, total)
    if len(asked[only]) == 1:
        counts[""] = Counts({}, sum(chosen.values()))
    return counts


def as_text(count: int, *, is_capped: bool) -> str:
    """A count as it is shown; a capped one is the least that there are."""
    return f"{count:,}+" if is_capped else f"{count:,}"


def _shown(name: str, counts: Counts, chosen: Iterable[str]) -> list[str]:
    """The values to show, in order: the most common ones, and whatever is chosen."""
    chosen = list(chosen)
    if name in _IN_ORDER:
        return [value for value in _IN_ORDER[name] if counts.values.get(value) or value in chosen]
    common = sorted(counts.values, key=lambda value: (-counts.values[value], value))[: _LIMITS[name]]
    values = [*common, *(value for value in chosen if value not in common)]
    return sorted(values, reverse=True) if name == YEAR else values


def _group(
    question: Question, name: str, values: list[str], counts: Counts, labels: Mapping[tuple[str, str], str]
) -> Group:
    chosen = question.typed(name)
    sections: dict[str, list[Option]] = {}
    tactics = tactic_of_techniques() if name == Facet.TECHNIQUE else {}
    adding = question.adding(name)
    for value in values:
        label = _label(name, value, labels)
        is_chosen = value in chosen
        address = question.address(without=(name, value)) if is_chosen else adding(value)
        count = as_text(counts.values.get(value, 0), is_capped=counts.is_capped)
        sections.setdefault(tactics.get(value, ""), []).append(Option(label, address, count, is_chosen))
    return Group(name, LABELS[name], list(sections.items()), is_open=name in _OPEN or bool(chosen))


def _label(name: str, value: str, labels: Mapping[tuple[str, str], str]) -> str:
    if name == Facet.COUNTRY:
        return country_name(value)
    found = _NAMES.get(name, {}).get(value) or labels.get((name, value))
    if found and name in (Facet.TECHNIQUE, Facet.MITIGATION):
        return f"{value.rpartition('/')[2]} {found}"
    return found or value
