"""All insights of the advisories that a reader's filters leave, kept with the edition."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from django.utils import timezone

from incidents.insight.attribution import count_attributions, unattributed
from incidents.insight.delay import count_delays, time_to_disclosure
from incidents.insight.figures import Insight
from incidents.insight.months import count_by_month, incidents_by_month, newest_month
from incidents.insight.techniques import Span, count_observations, not_compared, rising_techniques
from incidents.insight.terms import count_terms, countries, sectors
from incidents.publication.audience import Audience
from incidents.publication.facets import kept
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet

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
    """

    total: int
    exercises: int
    as_of: dt.datetime | None
    insights: tuple[Insight, ...]


def read_report(asked: AdvisoryFilter, audience: Audience) -> Report:
    """The report on what a filter leaves of the advisories that an audience may see. Ask the filter `is_valid()` before.

    At most nine queries, whatever there is to count, and then none for as long as the edition lasts.
    """
    today = timezone.now().date()
    return kept(
        f"insights.{_digest(asked)}.{today:%Y-%m}", audience, lambda: _make(asked, audience, today), in_words=True
    )


def _make(asked: AdvisoryFilter, audience: Audience, today: dt.date) -> Report:
    standing: AdvisoryQuerySet = asked.qs.standing().order_by()
    years, exercises = count_attributions(standing)
    total = sum(by.total() for by in years.values())
    newest_first = Advisory.objects.visible_to(audience).newest_first()
    as_of = newest_first.values_list("released_at", flat=True).first()
    counted = standing.filter(is_exercise=False)
    with_years = not asked.asked.get("year")
    if not total:
        return Report(0, exercises, as_of, ())
    months = count_by_month(counted)
    terms = count_terms(counted, Facet.SECTOR, Facet.COUNTRY)
    span = Span.up_to(newest_month(months), today)
    insights = (
        incidents_by_month(months),
        sectors(terms[Facet.SECTOR], total),
        rising_techniques(count_observations(counted, span), span) if with_years else not_compared(),
        time_to_disclosure(count_delays(counted)),
        unattributed(years),
        countries(terms[Facet.COUNTRY], total),
    )
    return Report(total, exercises, as_of, insights)


def _digest(asked: AdvisoryFilter) -> str:
    """The same for the same values, in whatever order they are asked for."""
    values = {name: value for name, value in asked.asked.items() if value and name not in _BESIDES}
    plain = {name: sorted(map(str, value)) if isinstance(value, list) else str(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:32]
