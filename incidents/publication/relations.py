"""Relations: which other advisories share a service, an actor, an organization or a technique with one, the closest first.

What few advisories share says more than what many do, so each shared term counts the more, the rarer it is. The work is bounded
however many advisories there are: of each term only the newest carriers are looked at, and counted no further.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.publication.audience import Audience
from incidents.publication.models import Advisory, AdvisoryTerm, Facet
from incidents.vocabulary.words import Certainty, OrganizationRole

MOST_RELATIVES = 10
MOST_TERMS = 40
MOST_CARRIERS = 200
"""Of each term; the one beyond says that there are more."""

MOST_CANDIDATES = 60
LEAST_CLOSENESS = 0.3
"""One technique that nine others share is no relation; with a second one it is."""

WEIGHTS = {Facet.ACTOR: 3.0, Facet.SERVICE: 3.0, Facet.ORGANIZATION: 2.0, Facet.TECHNIQUE: 1.0}
# What is only commonly used was not used here, and who reports an incident is not part of it.
_COUNTS = ~Q(certainty=Certainty.CONTEXT) & ~Q(role=OrganizationRole.REPORTER)

Term = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shared:
    """A term that two advisories share, and how many others carry it, counted up to `MOST_CARRIERS` + 1."""

    facet: Facet
    value: str
    carriers: int

    @property
    def is_common(self) -> bool:
        """Whether more carry it than are counted."""
        return self.carriers > MOST_CARRIERS

    @property
    def closeness(self) -> float:
        """How much it says that two advisories share this."""
        return WEIGHTS[self.facet] / log2(2 + self.carriers)


@dataclass(frozen=True, slots=True)
class Relative:
    """Another advisory with all that it shares, what says most first."""

    advisory: Advisory
    shared: tuple[Shared, ...]

    @property
    def closeness(self) -> float:
        """How closely it is related."""
        return sum(one.closeness for one in self.shared)


def relatives_of(advisory: Advisory, audience: Audience, *, but: Iterable[str] = ()) -> list[Relative]:
    """The standing advisories closest to one, as far as the audience may see them; `but` are ids to leave out.

    At most four queries, whatever is found.
    """
    terms = _terms_of(advisory)
    carriers = _carriers(terms, advisory, audience)
    counts = {term: len(found) for term, found in carriers.items()}
    candidates = _likeliest(carriers, counts)
    common = [term for term, count in counts.items() if count > MOST_CARRIERS]
    found = _also_carried(candidates, common, _by_candidate(carriers))
    rows = Advisory.objects.visible_to(audience).standing().exclude(public_id__in=list(but)).in_bulk(list(found))
    relatives = [Relative(row, _shared(found[key], counts)) for key, row in rows.items()]
    close = [one for one in relatives if one.closeness >= LEAST_CLOSENESS]
    close.sort(key=lambda one: (one.advisory.released_at, one.advisory.public_id), reverse=True)
    return sorted(close, key=lambda one: one.closeness, reverse=True)[:MOST_RELATIVES]


def _terms_of(advisory: Advisory) -> list[Term]:
    """What an advisory can share, by what says most, as many as are looked at."""
    rows = advisory.terms.filter(_COUNTS, facet__in=list(WEIGHTS)).values_list("facet", "value").distinct()
    order = list(WEIGHTS)
    return sorted(rows, key=lambda term: (order.index(Facet(term[0])), term[1]))[:MOST_TERMS]


def _carriers(terms: list[Term], advisory: Advisory, audience: Audience) -> dict[Term, set[int]]:
    """The newest other advisories that carry each term, one more than are counted; one query for all terms."""
    found: dict[Term, set[int]] = {term: set() for term in terms}
    pieces: list[str] = []
    parameters: list[Any] = []
    for place, term in enumerate(terms):
        sql, values = _newest_carriers(term, advisory, audience).query.sql_with_params()
        pieces.append(f"SELECT {place}, t{place}.* FROM ({sql}) AS t{place}")  # noqa: S608
        parameters.extend(values)
    if pieces:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(pieces), parameters)
            for place, key in cursor.fetchall():
                found[terms[place]].add(key)
    return found


def _newest_carriers(term: Term, advisory: Advisory, audience: Audience) -> QuerySet[AdvisoryTerm, tuple[int]]:
    standing = Advisory.objects.visible_to(audience).standing().filter(pk=OuterRef("advisory"))
    rows = AdvisoryTerm.objects.filter(_COUNTS, Exists(standing), facet=term[0], value=term[1]).exclude(
        advisory=advisory
    )
    return rows.order_by("-advisory_id").values_list("advisory_id")[: MOST_CARRIERS + 1]


def _by_candidate(carriers: Mapping[Term, set[int]]) -> dict[int, set[Term]]:
    found: dict[int, set[Term]] = defaultdict(set)
    for term, keys in carriers.items():
        for key in keys:
            found[key].add(term)
    return found


def _likeliest(carriers: Mapping[Term, set[int]], counts: Mapping[Term, int]) -> list[int]:
    """The candidates that share most as far as is seen yet, the newest of several that share the same."""
    found = _by_candidate(carriers)
    closeness = {key: sum(one.closeness for one in _shared(terms, counts)) for key, terms in found.items()}
    return sorted(found, key=lambda key: (closeness[key], key), reverse=True)[:MOST_CANDIDATES]


def _also_carried(candidates: list[int], common: list[Term], seen: Mapping[int, set[Term]]) -> dict[int, set[Term]]:
    """What each candidate carries: besides what was seen, the common terms of which it is not among the newest carriers."""
    found = {key: set(seen[key]) for key in candidates}
    values = [value for _, value in common]
    rows = AdvisoryTerm.objects.filter(_COUNTS, advisory__in=candidates, facet__in=list(WEIGHTS), value__in=values)
    for key, facet, value in rows.values_list("advisory_id", "facet", "value"):
        if (facet, value) in common:
            found[key].add((facet, value))
    return found


def _shared(terms: Iterable[Term], counts: Mapping[Term, int]) -> tuple[Shared, ...]:
    """Shared terms, what says most first. The owner of a shared service is not counted besides it."""
    named = set(terms)
    owners = {value.partition("/")[0] for facet, value in named if facet == Facet.SERVICE}
    kept = [term for term in named if term[0] != Facet.ORGANIZATION or term[1] not in owners]
    shared = [Shared(Facet(facet), value, counts[facet, value]) for facet, value in kept]
    return tuple(sorted(shared, key=lambda one: (-one.closeness, one.facet, one.value)))
