"""What the advisories that an audience may see are about: which values there are, and how many advisories carry them.

Counts are of standing advisories. What costs more than a few index reads is kept with the edition.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.lookups import In

from incidents.publication.audience import Audience
from incidents.publication.edition import current_edition
from incidents.publication.models import Advisory, AdvisoryTerm, Facet
from incidents.publication.models.advisory import InOrder

_ONE_DAY = 24 * 60 * 60
_SHORT = frozenset(
    {Facet.SECTOR, Facet.COUNTRY, Facet.TECHNIQUE, Facet.MITIGATION, Facet.ACTOR, Facet.TAG}
)  # of values
_T = TypeVar("_T")

# Jumps from one value to the next along the index instead of reading every row (2 ms against 230 ms for the sectors of
# 100,000 advisories), and keeps the values that at least one visible advisory carries.
_PRESENT = """
WITH RECURSIVE present(value) AS (
    SELECT min(value) FROM incidents_advisoryterm WHERE facet = %s
    UNION ALL
    SELECT (SELECT min(value) FROM incidents_advisoryterm WHERE facet = %s AND value > present.value)
    FROM present WHERE present.value IS NOT NULL
)
SELECT value FROM present WHERE value IS NOT NULL AND (
    SELECT facet FROM incidents_advisoryterm JOIN ({visible}) AS visible ON visible.id = advisory_id
    WHERE facet = %s AND value = present.value LIMIT 1
) = %s
"""
_YEARS = """
WITH RECURSIVE present(year) AS (
    SELECT max(year) FROM incidents_advisory
    UNION ALL
    SELECT (SELECT max(year) FROM incidents_advisory WHERE year < present.year) FROM present WHERE present.year IS NOT NULL
)
SELECT year FROM present WHERE year IS NOT NULL AND (
    SELECT visible.year FROM ({visible}) AS visible WHERE visible.year = present.year
    ORDER BY visible.released_at DESC LIMIT 1
) = present.year
"""


def present_values(facet: Facet, audience: Audience) -> list[str]:
    """The values of a facet that standing advisories carry, sorted."""
    sql, parameters = _standing(audience).order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT.format(visible=sql), [facet, facet, *parameters, facet, facet])
        return sorted(value for (value,) in cursor.fetchall())


def present_years(audience: Audience) -> list[int]:
    """The years of standing advisories, the latest first."""
    sql, parameters = _standing(audience).order_by().values("year", "released_at").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_YEARS.format(visible=sql), parameters)
        return sorted((year for (year,) in cursor.fetchall()), reverse=True)


def count_values(facet: Facet, values: Iterable[str], audience: Audience) -> dict[str, int]:
    """How many standing advisories carry each of these values; a value that none carries is missing."""
    if facet in _SHORT:
        counts = count_all_values(facet, audience)
        return {value: counts[value] for value in values if value in counts}
    return _counts(facet, standing_terms(facet, audience).filter(value__in=list(values)))


def count_all_values(facet: Facet, audience: Audience) -> dict[str, int]:
    """How many standing advisories carry each value of a facet that has at most some thousands. Kept with the edition."""
    return kept(f"counts.{facet}", audience, lambda: _counts(facet, _all_terms(facet, audience)))


def most_common_values(facet: Facet, audience: Audience, *, limit: int) -> list[tuple[str, int]]:
    """The values that most standing advisories carry, with their number. Kept with the edition."""

    def count() -> list[tuple[str, int]]:
        counted = _all_terms(facet, audience).values("value").annotate(n=_carriers(facet))
        return list(counted.order_by("-n", "value").values_list("value", "n")[:limit])

    return kept(f"common.{facet}.{limit}", audience, count)


def count_certainties(technique: str, audience: Audience) -> dict[str, int]:
    """In how many standing advisories a technique is observed, suspected and context. `technique` is `attack/T1566`.
    Kept with the edition.
    """

    def count() -> dict[str, int]:
        terms = _all_terms(Facet.TECHNIQUE, audience).filter(value=technique)
        return dict(terms.values("certainty").annotate(n=_carriers(Facet.TECHNIQUE)).values_list("certainty", "n"))

    return kept(f"certainties.{technique}", audience, count)


def count_all_certainties(audience: Audience) -> dict[str, dict[str, int]]:
    """The same for every technique: by technique, then by certainty. Kept with the edition."""

    def count() -> dict[str, dict[str, int]]:
        counted = _all_terms(Facet.TECHNIQUE, audience).values("value", "certainty").annotate(n=Count("advisory"))
        counts: dict[str, dict[str, int]] = {}
        for technique, certainty, n in counted.order_by().values_list("value", "certainty", "n"):
            counts.setdefault(technique, {})[certainty] = n
        return counts

    return kept("certainties", audience, count)


def seen_terms(facet: Facet, audience: Audience) -> QuerySet[AdvisoryTerm]:
    """What advisories that the audience may see name, withdrawn ones included: all that it may know of (INV-DRAFT)."""
    return _terms(facet, Advisory.objects.visible_to(audience))


def standing_terms(facet: Facet, audience: Audience) -> QuerySet[AdvisoryTerm]:
    """What standing advisories that the audience may see name: what lists and indexes offer."""
    return _terms(facet, _standing(audience))


def kept(name: str, audience: Audience, compute: Callable[[], _T]) -> _T:
    """What `compute` gives, for as long as the edition lasts."""
    key = f"facets.{current_edition()}.{audience.highest_rank}.{name}"
    found: _T | None = cache.get(key)
    if found is None:
        found = compute()
        cache.set(key, found, _ONE_DAY)
    return found


def _standing(audience: Audience) -> QuerySet[Advisory]:
    return Advisory.objects.visible_to(audience).standing()


def _terms(facet: Facet, advisories: QuerySet[Advisory]) -> QuerySet[AdvisoryTerm]:
    return AdvisoryTerm.objects.filter(Exists(advisories.filter(pk=OuterRef("advisory"))), facet=facet)


def _all_terms(facet: Facet, audience: Audience) -> QuerySet[AdvisoryTerm]:
    """The same as `standing_terms`, for counting very many: the standing advisories are gathered once from their index."""
    keys = _standing(audience).order_by().values("pk")
    return AdvisoryTerm.objects.filter(In(InOrder("advisory"), keys), facet=facet)


def _counts(facet: Facet, terms: QuerySet[AdvisoryTerm]) -> dict[str, int]:
    return dict(terms.values("value").annotate(n=_carriers(facet)).values_list("value", "n").order_by())


def _carriers(facet: Facet) -> Count:
    """The number of advisories: an organization may have several roles in one, a technique several certainties."""
    return Count("advisory", distinct=facet in {Facet.ORGANIZATION, Facet.TECHNIQUE})
