"""When incidents happened, as far as that is known: by year, month and day, without ever making up a day.

An advisory is dated by the occurrence, else by the disclosure, else by its first release; its `year` follows the same rule.
What is known to the year alone belongs to the year and to no month of it. Counts are read from the tallies.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from incidents.publication.audience import Audience
from incidents.publication.facets import count_all_values, count_beginning, count_between, count_several
from incidents.publication.models import Advisory, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.publication.tallies import COURSE, DAY, MONTH, course_of


def in_month(rows: AdvisoryQuerySet, year: int, month: int) -> AdvisoryQuerySet:
    """Those known to have happened in a month."""
    return rows.filter(known_on__gte=f"{year:04d}-{month:02d}", known_on__lt=f"{year:04d}-{month + 1:02d}")


def in_years(rows: AdvisoryQuerySet, first: int, last: int) -> AdvisoryQuerySet:
    """Those that happened from one year to another, along the index of dates."""
    return rows.filter(known_on__gte=f"{first:04d}", known_on__lt=f"{last + 1:04d}")


def known_to_the_year(rows: AdvisoryQuerySet, year: int) -> AdvisoryQuerySet:
    """Those of which nothing but the year is known."""
    return rows.filter(known_on=f"{year:04d}")


def count_by_month(audience: Audience) -> dict[str, int]:
    """How many standing advisories each month has, and as `2025` those known to the year only. One query."""
    return count_all_values(MONTH, audience)


def count_by_month_and(filters: Mapping[str, Sequence[str]], audience: Audience) -> tuple[dict[str, int], int | None]:
    """The same, and how many standing advisories carry, at the most, a value of each of these facets; None without any. One
    query.
    """
    counts = count_several({MONTH: None, **filters}, audience)
    at_most = min((sum(counts[facet].values()) for facet in filters), default=None)
    return counts[MONTH], at_most


def count_by_day(year: int, audience: Audience) -> dict[str, int]:
    """How many standing advisories each day of a year has; as `2025-01` those known to the month, as `2025` those known to
    the year. One query.
    """
    return count_between(DAY, f"{year:04d}", f"{year + 1:04d}", audience)


def count_course(facet: Facet, value: str, audience: Audience) -> list[tuple[str, str, int]]:
    """How many standing advisories carry a technique or a mitigation, by month (or year, where no more is known) and
    certainty. Each advisory counts once: as observed where it says both observed and suspected; as context only is left
    out. One query.
    """
    beginning = course_of(facet, value)
    counted = count_beginning(COURSE, beginning, audience)
    found = ((name.removeprefix(beginning).partition(" "), count) for name, count in counted.items())
    return [(month, certainty, count) for (month, _, certainty), count in found]


def count_withdrawn(facet: Facet, value: str, audience: Audience) -> int:
    """How many withdrawn advisories carry a term; these are few and have an index of their own."""
    rows: Any = Advisory.objects.visible_to(audience)
    return int(rows.filter(is_withdrawn=True).having(facet, value).order_by().count())
