"""When incidents began, month by month and by severity. What is known to the year only has no month."""

from collections import Counter

from django.db.models import Count
from django.db.models.functions import Substr
from django.utils.translation import gettext, ngettext, pgettext

from incidents.insight.figures import DATE, Column, Insight, Months, Row, Series
from incidents.insight.sentences import incidents
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.numbers import number
from incidents.vocabulary.words import Severity

MOST_MONTHS = 36
_TO_THE_MONTH = len("2025-01")
_GRAVEST_FIRST = tuple(reversed(Severity))

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
        title=gettext("Incidents by month and severity"),
        finding=_finding(months),
        notes=_notes(counts, months, drawn),
        columns=_columns(),
        rows=tuple(_row(month, months[month]) for month in sorted(months, reverse=True)),
        drawing=_drawing(months, drawn) if months else None,
        shown=sum(month in months for month in drawn),
    )


def _columns() -> tuple[Column, ...]:
    severities = (Column(str(severity.label)) for severity in _GRAVEST_FIRST)
    return (Column(gettext("Month"), DATE), Column(_all()), *severities)


def _all() -> str:
    return pgettext("incidents of every severity", "All")


def _finding(months: Counts) -> str:
    if not months:
        return gettext("Of none of them is the month known in which it began.")
    grave = sum(by[Severity.CRITICAL.rank] + by[Severity.HIGH.rank] for by in months.values())
    gravity = ngettext(
        "Of %(incidents)s known to the month, %(grave)s was critical or high.",
        "Of %(incidents)s known to the month, %(grave)s were critical or high.",
        grave,
    )
    known = sum(by.total() for by in months.values())
    return f"{_peak(months)} {gravity % {'incidents': incidents(known), 'grave': number(grave)}}"


def _peak(months: Counts) -> str:
    totals = {month: by.total() for month, by in months.items()}
    most = max(totals.values())
    peaks = sorted(month for month, total in totals.items() if total == most)
    said = {"most": number(most), "month": PartialDate(peaks[-1]).for_people(), "others": number(len(peaks) - 1)}
    if len(peaks) == 1:
        return gettext("The most that began in one month: %(most)s, in %(month)s.") % said
    message = ngettext(
        "The most that began in one month: %(most)s, in %(month)s and %(others)s other month.",
        "The most that began in one month: %(most)s, in %(month)s and %(others)s other months.",
        len(peaks) - 1,
    )
    return message % said


def _notes(counts: Counts, months: Counts, drawn: tuple[str, ...]) -> tuple[str, ...]:
    notes = []
    if early := sum(by.total() for month, by in months.items() if month < drawn[0]) if drawn else 0:
        notes.append(_drawn_up_to(drawn[-1], len(drawn), early))
    if vague := sum(by.total() for month, by in counts.items() if month and month not in months):
        message = ngettext(
            "Left out: %(count)s incident of which only the year is known.",
            "Left out: %(count)s incidents of which only the year is known.",
            vague,
        )
        notes.append(message % {"count": number(vague)})
    if unknown := counts.get("", Counter()).total():
        message = ngettext(
            "Left out: %(count)s incident of which it is not known when it began.",
            "Left out: %(count)s incidents of which it is not known when they began.",
            unknown,
        )
        notes.append(message % {"count": number(unknown)})
    return tuple(notes)


def _drawn_up_to(last: str, months: int, early: int) -> str:
    message = ngettext(
        "Drawn are the %(months)s months to %(last)s; %(count)s incident that began earlier is in the CSV file.",
        "Drawn are the %(months)s months to %(last)s; %(count)s incidents that began earlier are in the CSV file.",
        early,
    )
    return message % {"months": months, "last": PartialDate(last).for_people(), "count": number(early)}


def _row(month: str, by: Counter[int]) -> Row:
    return Row((month, by.total(), *(by[severity.rank] for severity in _GRAVEST_FIRST)))


def _drawing(months: Counts, drawn: tuple[str, ...]) -> Months:
    counted = [months.get(month, Counter()) for month in drawn]
    series = [
        Series(str(severity.label), severity.rank + 1, tuple(by[severity.rank] for by in counted))
        for severity in _GRAVEST_FIRST
    ]
    everything = Series(_all(), 0, tuple(by.total() for by in counted))
    return Months(drawn, (everything, *(one for one in series if any(one.counts))))


def _months_up_to(last: str, *, least: str) -> tuple[str, ...]:
    """The months to `last` without a gap, at least a year of them, going back to `least` but not beyond what is drawn."""
    end = _ordinal(last)
    start = max(min(_ordinal(least), end - 11), end - MOST_MONTHS + 1)
    return tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(start, end + 1))


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
