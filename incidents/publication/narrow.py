"""A list of advisories as the search index understands it: words and filters as one question, pages and counts as answers.

Pages come newest first, without looking at what is not shown: of filters alone from sets, of words from the index. Numbers of
what filters find are exact; values are counted where a tally knows them, else among the newest hits, and say so.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q

from incidents.catalogue.models import Technique
from incidents.publication.audience import Audience
from incidents.publication.fulltext.beginnings import with_endings
from incidents.publication.fulltext.by_sets import counted_in_sets, hits_in_sets
from incidents.publication.fulltext.dated import Part, find_dated, parts_of
from incidents.publication.fulltext.dated_in_sets import FEW, Wanted, dated_in_sets
from incidents.publication.fulltext.expression import (
    ANYWHERE,
    HEAD,
    NAMES,
    Expression,
    Without,
    all_of,
    any_of,
    mark,
    sides_of,
    without_unwanted,
)
from incidents.publication.fulltext.index import (
    Hit,
    Sample,
    Stretch,
    count_and_mark,
    find_hits,
    newest_sequence,
)
from incidents.publication.fulltext.sets import ID, Sets, is_set
from incidents.publication.fulltext.words_in_sets import Search, counted_with_words
from incidents.publication.models import Advisory, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.publication.occurrence import count_by_month, count_by_month_and
from incidents.publication.paging import (
    GRAVEST,
    NEWEST,
    OCCURRED,
    PAGE_SIZE,
    RELEVANT,
    Order,
    Page,
    Place,
    make_page,
    read_cursor,
)
from incidents.publication.query import Words, read_words
from incidents.publication.search import visible
from incidents.publication.tallies import CERTAINTY, SEVERITY, STATE, WITHDRAWN, YEAR
from incidents.vocabulary.identifiers import is_public_id
from incidents.vocabulary.words import Framework, Severity

MOST_COUNTED = 1_000
"""Hits that are counted; where there are more, there are at least so many."""

MOST_READ, MOST_BESIDE = 500, 100
"""Hits among which values are counted: of everything that is asked for, and without one filter, to offer its other values."""

TECHNIQUE_ID = re.compile(r"(AML\.)?T[0-9]{4}(\.[0-9]{3})?")
MITIGATION_ID = re.compile(r"(AML\.)?M[0-9]{4}")
PLAIN_FACETS = (
    Facet.SECTOR, Facet.COUNTRY, Facet.ORGANIZATION, Facet.SERVICE, Facet.MITIGATION, Facet.ACTOR, Facet.TAG,
)  # fmt: skip
FACETS = (
    SEVERITY, STATE, CERTAINTY, Facet.SECTOR.value, YEAR, Facet.COUNTRY.value, Facet.ORGANIZATION.value, Facet.SERVICE.value,
    Facet.TECHNIQUE.value, Facet.MITIGATION.value, Facet.ACTOR.value, Facet.TAG.value,
)  # fmt: skip
_ANYTHING = (SEVERITY, YEAR, *PLAIN_FACETS)
_TIERS = {3: NAMES, 2: HEAD, 1: ANYWHERE}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the advisories found carry each value of a facet, by value; `is_capped` where there may be more."""

    values: Mapping[str, int]
    total: int
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a number of hits are counted under, by facet and value."""

    by_facet: Mapping[str, Mapping[str, int]]
    total: int
    is_capped: bool

    def of(self, facet: str) -> Counts:
        """The counts of one facet."""
        return Counts(self.by_facet.get(facet, {}), self.total, self.is_capped)


class Narrowed:
    """What is asked of a list, in the index's own words.

    Args:
        asked: values by parameter, as `filters.AdvisoryFilter` read them.
        audience: who asks.
    """

    def __init__(self, asked: Mapping[str, Any], audience: Audience) -> None:
        self.asked = asked
        self.audience = audience
        self.newest = Sample([], is_cut=True)

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for at all."""
        return any(self.asked.get(name) for name in ("q", *FACETS))

    @property
    def only_years(self) -> list[int]:
        """The years that are asked for, in order, where they follow one another and nothing else is asked for; else none."""
        years = sorted({int(year) for year in self.asked.get(YEAR, ())})
        is_all = not any(self.asked.get(name) for name in ("q", *FACETS) if name != YEAR)
        return years if years and is_all and years[-1] - years[0] < len(years) else []

    @cached_property
    def head(self) -> int:
        """The sequence of the newest release."""
        return newest_sequence()

    @cached_property
    def sought(self) -> Expression | Words:
        """The words, or what an id in their place stands for."""
        text = str(self.asked.get("q", ""))
        return expression_of_id(text.upper()) or with_endings(read_words(text))

    @property
    def finds_nothing(self) -> bool:
        """Whether words are asked for of which none can be looked for."""
        return bool(self.asked.get("q")) and isinstance(self.sought, Words) and self.sought.is_empty

    def page(self, rows: AdvisoryQuerySet, order: Order, cursor: str = "", *, size: int = PAGE_SIZE) -> Page[Advisory]:
        """A page in an order that the index knows. A few queries, by date some more.

        Raises:
            BadCursor: the cursor is not one of ours for this order.
        """
        place = read_cursor(cursor, order) if cursor else None
        if self.finds_nothing:
            return Page([])
        backwards = place is not None and place.backwards
        find = self._find_dated if order == OCCURRED else self._find
        return make_page(_rows_of(find(order, place, size + 1, backwards), rows), order, place, size=size)

    def newest_keys(self, *, limit: int) -> list[int]:
        """The primary keys of the newest advisories found, withdrawn ones among them where they are asked for."""
        if self.finds_nothing:
            return []
        return [hit.advisory_id for hit in self._find(NEWEST, None, limit, backwards=False)]

    def counts(self, *, but: Collection[str] = ()) -> dict[str, Counts]:
        """For each facet the values among what the other filters find; under "" those of everything found. At most
        five queries. What a list of the newest begins with is known then.

        Args:
            but: facets that need no question of their own, because the caller knows their counts.
        """
        active = [name for name in FACETS if self.asked.get(name) and name not in but]
        total, is_capped, samples = self._count(["", *active], [MOST_READ, *[MOST_BESIDE] * len(active)])
        self.newest = samples[0]
        everything = _count(samples[0])
        own = {name: _count(sample, name) for name, sample in zip(active, samples[1:], strict=True)}
        counts = {name: own.get(name, everything).of(name) for name in FACETS}
        return counts | {"": Counts({}, total, is_capped)}

    def _count(self, names: Sequence[str], limits: Sequence[int]) -> tuple[int, bool, list[Sample]]:
        """How many hits there are, and whether there may be more, and the newest hits without each of these parameters."""
        questions = [self.question(name) for name in names]
        if self.is_by_sets:
            total, answers = counted_in_sets(self._sets_for(questions), questions, limits=limits)
            return total, False, answers
        if isinstance(self.sought, Words) and self.sought.wanted:
            filters = [self.question("q", name) for name in names]
            self._sets.learn(filters)
            search = Search(
                without_unwanted(all_of(*sides_of(self.sought)), self.sought),
                questions[0],
                [self._sets.of(asked) for asked in filters],
                is_filtered=any(self.asked.get(name) for name in FACETS),
            )
            return counted_with_words(search, limits=limits, head=self.head, most=MOST_COUNTED)
        total, answers = count_and_mark(questions, head=self.head, limits=limits, most=MOST_COUNTED)
        return min(total, MOST_COUNTED), total > MOST_COUNTED, answers

    def question(self, *without: str, severity: str = "", scope: str = ANYWHERE) -> Expression:
        """Everything that is asked for, or all but some parameters, or with one severity alone."""
        asked = {name: values for name, values in self.asked.items() if name not in without}
        if severity:
            asked[SEVERITY] = [severity]
        parts = [any_of(*(mark(name, value) for value in asked[name])) for name in _ANYTHING if asked.get(name)]
        parts += _techniques(asked.get(Facet.TECHNIQUE, ()), asked.get(CERTAINTY, ()))
        states = asked.get(STATE, ())
        if not asked.get("q"):
            return visible(parts, self.audience, states)
        if isinstance(self.sought, Words):
            sides = sides_of(self.sought, scope)
            return without_unwanted(visible([*sides, *parts], self.audience, states), self.sought)
        return visible([self.sought, *parts], self.audience, states)

    def finds_without(self, names: Sequence[str]) -> list[str]:
        """Those of these parameters without which something would be found. One query."""
        questions = [self.question(name) for name in names]
        if all(map(is_set, questions)):
            sets = self._sets_for(questions)
            return [name for name, asked in zip(names, questions, strict=True) if sets.of(asked)]
        _, answers = count_and_mark(questions, head=self.head, limits=[1] * len(questions))
        return [name for name, sample in zip(names, answers, strict=True) if sample.hits]

    def _find(self, order: Order, place: Place | None, limit: int, backwards: bool) -> list[Hit]:
        known = self.newest.hits
        if order == NEWEST and place is None and (len(known) >= limit or not self.newest.is_cut):
            return [Hit(1, sequence, advisory_id) for sequence, advisory_id, _ in known[:limit]]
        stretches = self._stretches(order, place)
        if self.is_by_sets:
            return hits_in_sets(self._sets_for([]), stretches, limit=limit, backwards=backwards)
        return find_hits(stretches, head=self.head, limit=limit, backwards=backwards)

    def _find_dated(self, order: Order, place: Place | None, limit: int, backwards: bool) -> list[Hit]:
        if not self.is_by_sets or WITHDRAWN in self.asked.get(STATE, ()):
            return find_dated(self._parts(place), limit=limit, backwards=backwards)
        beyond = " ".join(place.keys) if place else ""
        asked, sets = self.question(), self._sets_for([])
        return dated_in_sets(sets, asked, self._months_asked, Wanted(beyond, limit, backwards))

    @cached_property
    def is_by_sets(self) -> bool:
        """Whether nothing is asked for but marks."""
        return is_set(self.question())

    @cached_property
    def _sets(self) -> Sets:
        return Sets()

    def _sets_for(self, questions: Sequence[Expression]) -> Sets:
        """The sets for these questions, and for those that a page and its counts ask."""
        self._sets.learn([self.question(), self.question(STATE), *questions])
        return self._sets

    def _parts(self, place: Place | None) -> list[Part]:
        """The list by date. Where filters find few, all of them are sorted at once."""
        months = None if WITHDRAWN in self.asked.get(STATE, ()) else self._months()
        beyond = " ".join(place.keys) if place else ""
        return parts_of(self.question(), months, beyond, backwards=place is not None and place.backwards)

    def _months(self) -> dict[str, int] | None:
        """How many advisories each month has that may hold some of those asked for; None where these are few altogether.
        Withdrawn ones are counted in no month. One query.
        """
        filters = {name: self.asked[name] for name in FACETS if self.asked.get(name)}
        months, at_most = count_by_month_and(filters, self.audience)
        return None if at_most is not None and at_most <= FEW else self._in_years(months)

    def _months_asked(self) -> dict[str, int]:
        """How many advisories each month has that may hold some of those asked for. One query."""
        return self._in_years(count_by_month(self.audience))

    def _in_years(self, months: dict[str, int]) -> dict[str, int]:
        years = self.asked.get(YEAR)
        return {month: count for month, count in months.items() if month[:4] in years} if years else months

    def _stretches(self, order: Order, place: Place | None) -> list[Stretch]:
        stretches = self._in_order(order)
        if place is None:
            return stretches
        *rank, released_at, _ = place.keys
        beyond = _sequence_at(released_at, backwards=place.backwards)
        if not rank:
            return [Stretch(one.rank, one.asked, beyond) for one in stretches]
        ahead = [one for one in stretches if (one.rank > rank[0] if place.backwards else one.rank < rank[0])]
        here = [Stretch(one.rank, one.asked, beyond) for one in stretches if one.rank == rank[0]]
        return ahead + here if place.backwards else here + ahead

    def _in_order(self, order: Order) -> list[Stretch]:
        if order == GRAVEST:
            chosen = self.asked.get(SEVERITY) or Severity.values
            gravest_first = sorted((Severity(value) for value in chosen), key=lambda one: one.rank, reverse=True)
            return [Stretch(one.rank, self.question(severity=one.value)) for one in gravest_first]
        if order == RELEVANT and isinstance(self.sought, Words) and self.sought.wanted:
            return self._by_relevance()
        return [Stretch(1, self.question())]

    def _by_relevance(self) -> list[Stretch]:
        """What has all the words in names or ids, then in these or the title, then anywhere; the newest first in each."""
        found, before = [], None
        for tier, scope in _TIERS.items():
            asked = self.question(scope=scope)
            found.append(Stretch(tier, Without(asked, before) if before else asked))
            before = asked
        return found


def expression_of_id(name: str) -> Expression | None:
    """What an id stands for: one advisory, a technique with what is below it, or a mitigation."""
    if is_advisory_id(name):
        return mark(ID, name)
    if TECHNIQUE_ID.fullmatch(name):
        known = Technique.objects.filter(Q(external_id=name) | Q(parent__external_id=name))
        if carried := [technique.key for technique in known]:
            return any_of(*(mark(Facet.TECHNIQUE, key) for key in carried))
    if MITIGATION_ID.fullmatch(name):
        return any_of(*(mark(Facet.MITIGATION, f"{framework}/{name}") for framework in Framework.values))
    return None


def is_advisory_id(name: str) -> bool:
    """Whether this is the id of an advisory; those of vulnerabilities look the same and are words in texts."""
    return is_public_id(name) and not name.startswith("CVE-")


def _techniques(techniques: Sequence[str], certainties: Sequence[str]) -> list[Expression]:
    if techniques and certainties:
        return [any_of(*(mark(certainty, key) for certainty in certainties for key in techniques))]
    if techniques:
        return [any_of(*(mark(Facet.TECHNIQUE, key) for key in techniques))]
    return [any_of(*(mark(CERTAINTY, certainty) for certainty in certainties))] if certainties else []


def _sequence_at(released_at: Any, *, backwards: bool) -> int:
    """A sequence between what was released until then and what was released after, or the other way round."""
    rows = Advisory.objects.order_by("released_at" if backwards else "-released_at")
    beyond = rows.filter(**{"released_at__gt" if backwards else "released_at__lt": released_at})
    found = beyond.values_list("release__sequence", flat=True).first()
    if found is None:
        return _LAST if backwards else 0
    return found - 1 if backwards else found + 1


_LAST = 2**62


def _rows_of(hits: Sequence[Hit], rows: AdvisoryQuerySet) -> list[Advisory]:
    """The rows of hits, in their order, each with its `tier`."""
    found = {row.pk: row for row in rows.filter(pk__in=[hit.advisory_id for hit in hits])}
    listed = []
    for hit in hits:
        if row := found.get(hit.advisory_id):
            row.tier = hit.rank
            listed.append(row)
    return listed


def _count(sample: Sample, facet: str = "") -> _Counted:
    """What some hits are counted under; under one facet alone where one is named."""
    joined = " ".join([marks for _, _, marks in sample.hits])
    if facet:
        values = Counter(re.findall(f" {facet}:([^ ]+)", f" {joined}"))
        return _Counted({facet: values}, len(sample.hits), sample.is_cut)
    by_facet: dict[str, dict[str, int]] = {}
    for mark_text, count in Counter(joined.split(" ")).items():
        name, _, value = mark_text.partition(":")
        by_facet.setdefault(name, {})[value] = count
    return _Counted(by_facet, len(sample.hits), sample.is_cut)
