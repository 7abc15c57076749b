"""When incidents happened, as far as that is known: by year, month and day, without ever making up a day.

An advisory is dated by the occurrence, else by the disclosure, else by its first release; its `year` follows the same rule.
What is known to the year alone belongs to the year and to no month of it.
"""

from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Substr, TruncDate

from incidents.publication.audience import Audience
from incidents.publication.facets import kept
from incidents.publication.models import Advisory, AdvisoryTerm, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.vocabulary.words import Certainty

YEAR_LENGTH, MONTH_LENGTH, DAY_LENGTH = 4, 7, 10

KNOWN_ON = Case(
    When(occurred_from__gt="", then=F("occurred_from")),
    When(disclosed__gt="", then=F("disclosed")),
    default=Cast(TruncDate("first_released_at"), CharField()),
    output_field=CharField(),
)
"""The date of an advisory, as a partial date."""


def with_known_on(rows: AdvisoryQuerySet) -> AdvisoryQuerySet:
    """Advisories, each with its date as `known_on`."""
    return rows.annotate(known_on=KNOWN_ON)


def in_month(rows: AdvisoryQuerySet, year: int, month: int) -> AdvisoryQuerySet:
    """Those known to have happened in a month."""
    first, beyond = f"{year:04d}-{month:02d}", f"{year:04d}-{month + 1:02d}"
    occurred = Q(occurred_from__gte=first, occurred_from__lt=beyond)
    disclosed = Q(occurred_from="", disclosed__gte=first, disclosed__lt=beyond)
    released = Q(occurred_from="", disclosed="", first_released_at__year=year, first_released_at__month=month)
    return rows.filter(occurred | disclosed | released, year=year)


def known_to_the_year(rows: AdvisoryQuerySet, year: int) -> AdvisoryQuerySet:
    """Those of which nothing but the year is known."""
    text = f"{year:04d}"
    return rows.filter(Q(occurred_from=text) | Q(occurred_from="", disclosed=text), year=year)


def count_by_month(audience: Audience) -> dict[str, int]:
    """How many standing advisories each month has, and as `2025` those known to the year only. Kept with the edition."""
    return kept("occurrence.months", audience, lambda: _count_by(MONTH_LENGTH, _standing(audience)))


def count_by_day(year: int, audience: Audience) -> dict[str, int]:
    """How many standing advisories each day of a year has; as `2025-01` those known to the month, as `2025` those known to
    the year. Kept with the edition.
    """
    rows = _standing(audience).filter(year=year)
    return kept(f"occurrence.days.{year}", audience, lambda: _count_by(DAY_LENGTH, rows))


def count_course(facet: Facet, value: str, audience: Audience) -> list[tuple[str, str, int]]:
    """How many standing advisories carry a term, by month (or year, where no more is known) and certainty. Each advisory
    counts once: as observed where it says both observed and suspected; as context only is left out. Kept with the edition.
    """

    def count() -> list[tuple[str, str, int]]:
        terms = AdvisoryTerm.objects.filter(facet=facet, value=value)
        observed = Exists(terms.filter(advisory=OuterRef("pk"), certainty=Certainty.OBSERVED))
        rows = _standing(audience).filter(terms__facet=facet, terms__value=value)
        dated = rows.annotate(known=Substr(KNOWN_ON, 1, MONTH_LENGTH), how=F("terms__certainty"))
        once = dated.filter(~Q(how=Certainty.CONTEXT), ~Q(how=Certainty.SUSPECTED) | ~observed)
        return list(once.order_by().values_list("known", "how").annotate(n=Count("pk")))

    return kept(f"course.{facet}.{value}", audience, count)


def count_withdrawn(facet: Facet, value: str, audience: Audience) -> int:
    """How many withdrawn advisories carry a term; these are few and have an index of their own."""
    rows: AdvisoryQuerySet = Advisory.objects.visible_to(audience)
    return rows.filter(is_withdrawn=True).having(facet, value).order_by().count()


def _standing(audience: Audience) -> Any:
    return Advisory.objects.visible_to(audience).standing()


def _count_by(length: int, rows: Any) -> dict[str, int]:
    known = rows.annotate(known=Substr(KNOWN_ON, 1, Value(length)))
    return dict(known.order_by().values_list("known").annotate(n=Count("pk")))
