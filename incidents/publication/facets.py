"""What the advisories that an audience may see are about: which values there are, and how many advisories carry them.

Counts are of standing advisories, and read from the tallies that projecting keeps (`tallies.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import get_language

from incidents.publication.audience import Audience
from incidents.publication.edition import current_edition
from incidents.publication.models import Advisory, AdvisoryTerm, Facet, Tally
from incidents.publication.reading import reading_connection
from incidents.publication.tallies import YEAR
from incidents.vocabulary.words import Certainty

_ONE_DAY = 24 * 60 * 60
_T = TypeVar("_T")


def present_values(facet: Facet, audience: Audience) -> list[str]:
    """The values of a facet that standing advisories carry, sorted."""
    return sorted(value for value, _ in _tallied(facet, audience))


def present_years(audience: Audience) -> list[int]:
    """The years of standing advisories, the latest first."""
    return sorted((int(value) for value, _ in _tallied(YEAR, audience)), reverse=True)


def count_values(facet: str, values: Iterable[str], audience: Audience) -> dict[str, int]:
    """How many standing advisories carry each of these values; a value that none carries is missing."""
    return dict(_tallied(facet, audience).filter(value__in=list(values)))


def count_all_values(facet: str, audience: Audience) -> dict[str, int]:
    """How many standing advisories carry each value of a facet that has at most some thousands."""
    return dict(_tallied(facet, audience))


def count_several(wanted: Mapping[str, Sequence[str] | None], audience: Audience) -> dict[str, dict[str, int]]:
    """How many standing advisories carry values of several facets: each of those named, or every one of a facet. One query."""
    places = (
        Q(facet=facet) if values is None else Q(facet=facet, value__in=values) for facet, values in wanted.items()
    )
    column = Tally.column(audience)
    tallies = Tally.objects.filter(reduce(or_, places), **{f"{column}__gt": 0})
    found: dict[str, dict[str, int]] = {facet: {} for facet in wanted}
    for facet, value, count in tallies.values_list("facet", "value", column):
        found[facet][value] = count
    return found


def count_between(facet: str, first: str, beyond: str, audience: Audience) -> dict[str, int]:
    """How many standing advisories carry each value from one text up to before another."""
    return dict(_tallied(facet, audience).filter(value__gte=first, value__lt=beyond))


def count_beginning(facet: str, beginning: str, audience: Audience) -> dict[str, int]:
    """How many standing advisories carry each value that begins so. Along an index."""
    column = Tally.column(audience)
    sql = f"SELECT value, {column} FROM incidents_tally WHERE facet = %s AND {_begins()} AND {column} > 0"  # noqa: S608
    with reading_connection().cursor() as cursor:
        cursor.execute(sql, [facet, beginning, beginning + "\U0010ffff"])
        return dict(cursor.fetchall())


def most_common_values(facet: str, audience: Audience, *, limit: int) -> list[tuple[str, int]]:
    """The values that most standing advisories carry, with their number."""
    return list(_tallied(facet, audience).order_by(F(Tally.column(audience)).desc(), "value")[:limit])


def count_certainties(technique: str, audience: Audience) -> dict[str, int]:
    """In how many standing advisories a technique is observed, suspected and context. `technique` is `attack/T1566`."""
    column = Tally.column(audience)
    tallies = Tally.objects.filter(facet__in=Certainty.values, value=technique, **{f"{column}__gt": 0})
    return dict(tallies.values_list("facet", column))


def count_all_certainties(audience: Audience) -> dict[str, dict[str, int]]:
    """The same for every technique: by technique, then by certainty."""
    column = Tally.column(audience)
    tallies = Tally.objects.filter(facet__in=Certainty.values, **{f"{column}__gt": 0})
    counts: dict[str, dict[str, int]] = {}
    for technique, certainty, count in tallies.values_list("value", "facet", column):
        counts.setdefault(technique, {})[certainty] = count
    return counts


def overview(audience: Audience, limits: Mapping[str, int]) -> dict[str, list[tuple[str, int]]]:
    """The most common values of several facets with their numbers, as many of each as `limits` says. One query."""
    column = Tally.column(audience)
    part = f"SELECT facet, value, {column} AS n FROM incidents_tally WHERE facet = %s AND {column} > 0"  # noqa: S608
    parts = " UNION ALL ".join(
        f"SELECT * FROM ({part} ORDER BY {column} DESC, value LIMIT {limit}) AS part{place}"  # noqa: S608
        for place, limit in enumerate(limits.values())
    )
    found: dict[str, list[tuple[str, int]]] = {facet: [] for facet in limits}
    with reading_connection().cursor() as cursor:
        cursor.execute(parts, list(limits))
        for facet, value, count in cursor.fetchall():
            found[facet].append((value, count))
    return found


def values_beginning(facets: Sequence[str], beginning: str, audience: Audience, *, limit: int) -> list[tuple[str, str]]:
    """Facets and values that begin so, those that most advisories carry first. One query, along an index."""
    column = Tally.column(audience)
    holes = ", ".join(["%s"] * len(facets))
    sql = (
        f"SELECT facet, value FROM incidents_tally WHERE facet IN ({holes}) AND {_begins()} "  # noqa: S608
        f"AND {column} > 0 ORDER BY {column} DESC, facet, value LIMIT {limit}"
    )
    with reading_connection().cursor() as cursor:
        cursor.execute(sql, [*facets, beginning, beginning + "\U0010ffff"])
        return [(facet, value) for facet, value in cursor.fetchall()]


def seen_terms(facet: Facet, audience: Audience) -> QuerySet[AdvisoryTerm]:
    """What advisories that the audience may see name, withdrawn ones included: all that it may know of (INV-DRAFT)."""
    return _terms(facet, Advisory.objects.visible_to(audience))


def standing_terms(facet: Facet, audience: Audience) -> QuerySet[AdvisoryTerm]:
    """What standing advisories that the audience may see name: what lists and indexes offer."""
    return _terms(facet, _standing(audience))


def kept(name: str, audience: Audience, compute: Callable[[], _T], *, in_words: bool = False) -> _T:
    """What `compute` gives, for as long as the edition lasts.

    Args:
        name: what it is kept under.
        audience: for whom it is computed.
        compute: gives the same for everybody of that audience.
        in_words: whether it gives words or addresses of pages: such is kept once for each language. All else is computed in
            the default language, so that it cannot depend on who asked first (INV-LANG).
    """
    language = get_language() if in_words else settings.LANGUAGE_CODE
    key = f"facets.{current_edition()}.{audience.highest_rank}.{name}.{language}"
    found: _T | None = cache.get(key)
    if found is None:
        with translation.override(language):
            found = compute()
        cache.set(key, found, _ONE_DAY)
    return found


def _begins() -> str:
    """SQL for values from one text up to another, compared sign by sign, which an index knows on both engines."""
    below, above = ("~<~", "~>=~") if connection.vendor == "postgresql" else ("<", ">=")
    return f"value {above} %s AND value {below} %s"


def _standing(audience: Audience) -> QuerySet[Advisory]:
    return Advisory.objects.visible_to(audience).standing()


def _terms(facet: Facet, advisories: QuerySet[Advisory]) -> QuerySet[AdvisoryTerm]:
    return AdvisoryTerm.objects.filter(Exists(advisories.filter(pk=OuterRef("advisory"))), facet=facet)


def _tallied(facet: str, audience: Audience) -> QuerySet[Tally, tuple[str, int]]:
    column = Tally.column(audience)
    return Tally.objects.filter(facet=facet, **{f"{column}__gt": 0}).values_list("value", column)
