"""How long it takes from the occurrence to the disclosure, where both are known to the day.

Dates known to the month are left out rather than spread over a range: long delays would stay in one range and short ones
would not, so counting what stays would make the picture slower than the truth.
"""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median_low

from django.db.models import Count
from django.db.models.functions import Length
from django.utils.translation import gettext, gettext_lazy, ngettext, npgettext

from incidents.insight.figures import TEXT, Bar, Bars, Column, Insight, Row
from incidents.insight.sentences import days as days_in_words
from incidents.insight.sentences import incidents
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.vocabulary.inline import joined
from incidents.vocabulary.numbers import number

LEAST_FOR_MEDIAN = 5
_TO_THE_DAY = len("2025-01-27")
SPANS = (
    (gettext_lazy("The same day"), 0),
    (gettext_lazy("1 to 7 days"), 7),
    (gettext_lazy("8 to 30 days"), 30),
    (gettext_lazy("31 to 90 days"), 90),
    (gettext_lazy("91 to 365 days"), 365),
    (gettext_lazy("More than a year"), 10**6),
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
        title=gettext("From occurrence to disclosure"),
        finding=_finding(delays.days),
        notes=_notes(delays),
        columns=(Column(gettext("Time to disclosure"), TEXT), Column(gettext("Incidents"))),
        rows=tuple(Row(pair) for pair in counts),
        drawing=Bars(tuple(Bar(*pair) for pair in counts)) if delays.days else None,
    )


def _spans(days: Counter[int]) -> list[tuple[str, int]]:
    counts, least = [], 0
    for label, most in SPANS:
        counts.append((str(label), sum(count for day, count in days.items() if least <= day <= most)))
        least = most + 1
    return counts


def _finding(days: Counter[int]) -> str:
    known = days.total()
    if not known:
        return gettext("Of no incident counted here are both the day it began and the day it was disclosed known.")
    if known < LEAST_FOR_MEDIAN:
        return _each_of(days)
    half, longest = median_low(sorted(days.elements())), max(days)
    said = {"incidents": incidents(known), "within": _within(half), "longest": days_in_words(longest)}
    if half == 0:
        return (
            gettext(
                "Half of the %(incidents)s of which both days are known were disclosed on the same day; the longest took "
                "%(longest)s."
            )
            % said
        )
    return (
        gettext(
            "Half of the %(incidents)s of which both days are known were disclosed %(within)s; the longest took "
            "%(longest)s."
        )
        % said
    )


def _each_of(days: Counter[int]) -> str:
    """The finding where there are too few for a median."""
    known, longest = days.total(), max(days)
    message = ngettext(
        "Both days are known %(of_incidents)s only: disclosed after %(spans)s day.",
        "Both days are known %(of_incidents)s only: disclosed after %(spans)s days.",
        longest if known == 1 else max(longest, 2),
    )
    spans = joined([number(day) for day in sorted(days.elements())])
    return message % {"of_incidents": _of_incidents(known), "spans": spans}


def _of_incidents(count: int) -> str:
    message = npgettext("known of 3 incidents", "of %(count)s incident", "of %(count)s incidents", count)
    return message % {"count": number(count)}


def _within(count: int) -> str:
    message = npgettext("disclosed within 3 days", "within %(count)s day", "within %(count)s days", count)
    return message % {"count": number(count)}


def _notes(delays: Delays) -> tuple[str, ...]:
    vague = ngettext(
        "Left out: %(count)s incident of which a date is known to the month or the year only.",
        "Left out: %(count)s incidents of which a date is known to the month or the year only.",
        delays.vague,
    )
    unknown = ngettext(
        "Left out: %(count)s incident of which a date is not known at all.",
        "Left out: %(count)s incidents of which a date is not known at all.",
        delays.unknown,
    )
    before = ngettext(
        "Left out: %(count)s incident of which the date of disclosure lies before that of the occurrence.",
        "Left out: %(count)s incidents of which the date of disclosure lies before that of the occurrence.",
        delays.before,
    )
    reasons = ((delays.vague, vague), (delays.unknown, unknown), (delays.before, before))
    return tuple(message % {"count": number(count)} for count, message in reasons if count)
