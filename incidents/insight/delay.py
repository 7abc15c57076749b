"""How long it takes from the occurrence to the disclosure, where both are known to the day.

Dates known to the month are left out rather than spread over a range: long delays would stay in one range and short ones
would not, so counting what stays would make the picture slower than the truth.
"""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median_low

from django.db.models import Count
from django.db.models.functions import Length

from incidents.insight.figures import TEXT, Bar, Bars, Column, Insight, Row
from incidents.insight.sentences import incidents, joined, number_of
from incidents.publication.models.advisory import AdvisoryQuerySet

LEAST_FOR_MEDIAN = 5
_TO_THE_DAY = len("2025-01-27")
SPANS = (
    ("The same day", 0),
    ("1 to 7 days", 7),
    ("8 to 30 days", 30),
    ("31 to 90 days", 90),
    ("91 to 365 days", 365),
    ("More than a year", 10**6),
)


@dataclass(slots=True)
class Delays:
    """How many took how many days, and how many are left out for which reason."""

    days: Counter[int] = field(default_factory=Counter)
    before: int = 0
    vague: int = 0
    unknown: int = 0


def count_delays(rows: AdvisoryQuerySet) -> Delays:
    """The delays of these advisories. One query."""
    found = Delays()
    measured = rows.annotate(began=Length("occurred_from"), told=Length("disclosed"))
    grouped = measured.values("days_to_disclosure", "began", "told").order_by().annotate(n=Count("*"))
    for days, began, told, count in grouped.values_list("days_to_disclosure", "began", "told", "n"):
        if days is not None and days >= 0:
            found.days[days] += count
        elif days is not None:
            found.before += count
        elif began and told:
            found.vague += count
        else:
            found.unknown += count
    return found


def time_to_disclosure(delays: Delays) -> Insight:
    """The insight."""
    counts = _spans(delays.days)
    return Insight(
        name="disclosure",
        title="From occurrence to disclosure",
        finding=_finding(delays.days),
        notes=_notes(delays),
        columns=(Column("Time to disclosure", TEXT), Column("Incidents")),
        rows=tuple(Row(pair) for pair in counts),
        drawing=Bars(tuple(Bar(*pair) for pair in counts)) if delays.days else None,
    )


def _spans(days: Counter[int]) -> list[tuple[str, int]]:
    counts, least = [], 0
    for label, most in SPANS:
        counts.append((label, sum(count for day, count in days.items() if least <= day <= most)))
        least = most + 1
    return counts


def _finding(days: Counter[int]) -> str:
    known = days.total()
    if not known:
        return "Of no incident counted here are both the day it began and the day it was disclosed known."
    if known < LEAST_FOR_MEDIAN:
        spans = joined([f"{day:,}" for day in sorted(days.elements())])
        one = known == 1 and max(days) == 1
        return f"Both days are known of {incidents(known)} only: disclosed after {spans} {'day' if one else 'days'}."
    half, longest = median_low(sorted(days.elements())), max(days)
    within = "on the same day" if half == 0 else f"within {number_of(half, 'day', 'days')}"
    return (
        f"Half of the {incidents(known)} of which both days are known were disclosed {within}; the longest took "
        f"{number_of(longest, 'day', 'days')}."
    )


def _notes(delays: Delays) -> tuple[str, ...]:
    reasons = (
        (delays.vague, "a date is known to the month or the year only"),
        (delays.unknown, "a date is not known at all"),
        (delays.before, "the date of disclosure lies before that of the occurrence"),
    )
    return tuple(f"Left out: {incidents(count)} of which {reason}." for count, reason in reasons if count)
