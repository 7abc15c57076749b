"""When incidents began, month by month and by severity. What is known to the year only has no month."""

from collections import Counter

from django.db.models import Count
from django.db.models.functions import Substr

from incidents.insight.figures import DATE, Column, Insight, Months, Row, Series
from incidents.insight.sentences import incidents, number_of
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.words import Severity

MOST_MONTHS = 36
_TO_THE_MONTH = len("2025-01")
_GRAVEST_FIRST = tuple(reversed(Severity))
_COLUMNS = (Column("Month", DATE), Column("All"), *(Column(str(severity.label)) for severity in _GRAVEST_FIRST))

Counts = dict[str, Counter[int]]
"""By month (a shorter text where the month is not known), by rank of severity."""


def count_by_month(rows: AdvisoryQuerySet) -> Counts:
    """How many began in each month, by severity. One query."""
    months: Counts = {}
    grouped = rows.annotate(month=Substr("occurred_from", 1, _TO_THE_MONTH)).values("month", "severity_rank").order_by()
    for month, rank, count in grouped.annotate(n=Count("*")).values_list("month", "severity_rank", "n"):
        months.setdefault(month, Counter())[rank] += count
    return months


def newest_month(counts: Counts) -> str:
    """The latest month in which an incident began; empty where no month is known."""
    return max((month for month in counts if len(month) == _TO_THE_MONTH), default="")


def incidents_by_month(counts: Counts) -> Insight:
    """The insight."""
    months = {month: by for month, by in counts.items() if len(month) == _TO_THE_MONTH}
    drawn = _months_up_to(max(months), least=min(months)) if months else ()
    return Insight(
        name="months",
        title="Incidents by month and severity",
        finding=_finding(months),
        notes=_notes(counts, months, drawn),
        columns=_COLUMNS,
        rows=tuple(_row(month, months[month]) for month in sorted(months, reverse=True)),
        drawing=_drawing(months, drawn) if months else None,
        shown=sum(month in months for month in drawn),
    )


def _finding(months: Counts) -> str:
    if not months:
        return "Of none of them is the month known in which it began."
    totals = {month: by.total() for month, by in months.items()}
    most = max(totals.values())
    peaks = sorted(month for month, total in totals.items() if total == most)
    others = f" and {number_of(len(peaks) - 1, 'other month', 'other months')}" if len(peaks) > 1 else ""
    grave = sum(by[Severity.CRITICAL.rank] + by[Severity.HIGH.rank] for by in months.values())
    return (
        f"The most that began in one month: {most:,}, in {PartialDate(peaks[-1]).for_people()}{others}. "
        f"Of {incidents(sum(totals.values()))} known to the month, {grave:,} {'was' if grave == 1 else 'were'} "
        "critical or high."
    )


def _notes(counts: Counts, months: Counts, drawn: tuple[str, ...]) -> tuple[str, ...]:
    notes = []
    early = sum(by.total() for month, by in months.items() if month < drawn[0]) if drawn else 0
    if early:
        notes.append(
            f"Drawn are the {len(drawn)} months to {PartialDate(drawn[-1]).for_people()}; {incidents(early)} that began "
            f"earlier {'is' if early == 1 else 'are'} in the CSV file."
        )
    vague = sum(by.total() for month, by in counts.items() if month and month not in months)
    if vague:
        notes.append(f"Left out: {incidents(vague)} of which only the year is known.")
    unknown = counts.get("", Counter()).total()
    if unknown:
        notes.append(f"Left out: {incidents(unknown)} of which it is not known when {_it(unknown)} began.")
    return tuple(notes)


def _it(count: int) -> str:
    return "it" if count == 1 else "they"


def _row(month: str, by: Counter[int]) -> Row:
    return Row((month, by.total(), *(by[severity.rank] for severity in _GRAVEST_FIRST)))


def _drawing(months: Counts, drawn: tuple[str, ...]) -> Months:
    counted = [months.get(month, Counter()) for month in drawn]
    series = [
        Series(str(severity.label), severity.rank + 1, tuple(by[severity.rank] for by in counted))
        for severity in _GRAVEST_FIRST
    ]
    everything = Series("All", 0, tuple(by.total() for by in counted))
    return Months(drawn, (everything, *(one for one in series if any(one.counts))))


def _months_up_to(last: str, *, least: str) -> tuple[str, ...]:
    """The months to `last` without a gap, at least a year of them, going back to `least` but not beyond what is drawn."""
    end = _ordinal(last)
    start = max(min(_ordinal(least), end - 11), end - MOST_MONTHS + 1)
    return tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(start, end + 1))


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
