"""All insights of the advisories that a reader's filters leave. What is counted is kept with the edition; words are found for it
at each reading, in the reader's language.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext

from incidents.insight.attribution import Counts as Attributions
from incidents.insight.attribution import count_attributions, unattributed
from incidents.insight.delay import Delays, count_delays, time_to_disclosure
from incidents.insight.figures import Insight
from incidents.insight.months import Counts as Months
from incidents.insight.months import count_by_month, incidents_by_month, newest_month
from incidents.insight.tallied import read_figures, read_observations
from incidents.insight.techniques import Observations, Span, count_observations, not_compared, rising_techniques
from incidents.insight.terms import Terms, count_terms, countries, sectors
from incidents.publication.audience import Audience
from incidents.publication.facets import kept
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.vocabulary.numbers import number

MOST_COUNTED = 1_000
"""Of what filters find, the newest; all together are always counted, because their counts are kept."""

NAMES = ("months", "sectors", "techniques", "disclosure", "attribution", "countries")
_BESIDES = {"sort", "cursor"}  # parameters that do not change what is counted


@dataclass(frozen=True, slots=True)
class Report:
    """What is counted, what is not, and what it shows.

    Attributes:
        total: the standing advisories counted.
        exercises: advisories of exercises that the filters leave too, which are never counted.
        as_of: when the newest release was made that the audience may see, whatever the filters.
        insights: in the order of `NAMES`; none where nothing is counted.
        is_capped: whether the filters find more, of which only the newest are counted.
    """

    total: int
    exercises: int
    as_of: dt.datetime | None
    insights: tuple[Insight, ...]
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is to count, in no language."""

    months: Months
    terms: dict[Facet, Terms]
    span: Span
    observations: Observations | None
    delays: Delays
    years: Attributions


@dataclass(frozen=True, slots=True)
class _Counted:
    total: int
    exercises: int
    as_of: dt.datetime | None
    found: _Found | None
    is_capped: bool = False


def read_report(asked: AdvisoryFilter, audience: Audience) -> Report:
    """The report on what a filter leaves of the advisories that an audience may see, in the active language. Ask the filter
    `is_valid()` before.

    Six queries for all there is, or twelve over the newest that filters find, and then one for as long as the edition lasts.
    """
    today = timezone.now().date()
    counted = kept(f"insight_counts.{_digest(asked)}.{today:%Y-%m}", audience, lambda: _count(asked, audience, today))
    insights = _told(counted.found, counted.total) if counted.found else ()
    if counted.is_capped:
        insights = tuple(replace(one, notes=(_capped(), *one.notes)) for one in insights)
    return Report(counted.total, counted.exercises, counted.as_of, insights, counted.is_capped)


def _capped() -> str:
    said = gettext("The filters find more than %(count)s advisories; the newest %(count)s are counted.")
    return said % {"count": number(MOST_COUNTED)}


def _count(asked: AdvisoryFilter, audience: Audience, today: dt.date) -> _Counted:
    newest_first = Advisory.objects.visible_to(audience).newest_first()
    as_of = newest_first.values_list("released_at", flat=True).first()
    if not asked.narrowed.is_narrow:
        return _all(audience, today, as_of)
    keys = asked.narrowed.newest_keys(limit=MOST_COUNTED + 1)
    rows: AdvisoryQuerySet = asked.queryset.standing().filter(pk__in=keys[:MOST_COUNTED]).order_by()
    years, exercises = count_attributions(rows)
    total = sum(by.total() for by in years.values())
    if not total:
        return _Counted(0, exercises, as_of, None)
    counted = rows.filter(is_exercise=False)
    months = count_by_month(counted)
    span = Span.up_to(newest_month(months), today)
    found = _Found(
        months=months,
        terms=count_terms(counted, Facet.SECTOR, Facet.COUNTRY),
        span=span,
        observations=None if asked.asked.get("year") else count_observations(counted, span),
        delays=count_delays(counted),
        years=years,
    )
    return _Counted(total, exercises, as_of, found, is_capped=len(keys) > MOST_COUNTED)


def _all(audience: Audience, today: dt.date, as_of: dt.datetime | None) -> _Counted:
    """Everything that stands, of which the counts are kept."""
    kept_figures = read_figures(audience)
    total = sum(by.total() for by in kept_figures.years.values())
    if not total:
        return _Counted(0, kept_figures.exercises, as_of, None)
    span = Span.up_to(newest_month(kept_figures.months), today)
    found = _Found(
        months=kept_figures.months,
        terms=kept_figures.terms,
        span=span,
        observations=read_observations(span, audience),
        delays=kept_figures.delays,
        years=kept_figures.years,
    )
    return _Counted(total, kept_figures.exercises, as_of, found)


def _told(found: _Found, total: int) -> tuple[Insight, ...]:
    return (
        incidents_by_month(found.months),
        sectors(found.terms[Facet.SECTOR], total),
        rising_techniques(found.observations, found.span) if found.observations else not_compared(),
        time_to_disclosure(found.delays),
        unattributed(found.years),
        countries(found.terms[Facet.COUNTRY], total),
    )


def _digest(asked: AdvisoryFilter) -> str:
    """The same for the same values, in whatever order they are asked for."""
    values = {name: value for name, value in asked.asked.items() if value and name not in _BESIDES}
    plain = {name: sorted(map(str, value)) if isinstance(value, list) else str(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:32]
