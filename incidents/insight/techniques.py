"""Which techniques are observed more often than before: four whole quarters beside the four before them."""

import datetime as dt
from dataclasses import dataclass
from math import sqrt
from typing import Self

from django.db.models import CharField, Count, Q, Value
from django.db.models.functions import Concat, Length
from django.db.models.lookups import In
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from incidents.catalogue.models import Technique
from incidents.insight.figures import ID, TEXT, Bar, Bars, Column, Insight, Row
from incidents.insight.sentences import advisories, out_of
from incidents.publication.models import AdvisoryTerm, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet, InOrder
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.numbers import number
from incidents.vocabulary.words import Certainty

LEAST_ADVISORIES = 20
"""In each of the two spans, for a comparison to say anything."""

LEAST_CARRIERS = 5
"""In the later span, for a technique to be called rising."""

MOST_BARS = 10
_TO_THE_MONTH = len("2025-01")
_TITLE = gettext_lazy("Techniques rising")
_NAME = "techniques"


@dataclass(frozen=True, slots=True)
class Span:
    """Twice four quarters, as months: `start` to before `middle`, and `middle` to before `end`."""

    start: str
    middle: str
    end: str

    @classmethod
    def up_to(cls, newest: str, today: dt.date) -> Self:
        """The eight whole quarters up to the one of the newest incident, of which none has still to end."""
        this_quarter = (today.year * 12 + today.month - 1) // 3
        end = min(_quarter_of(newest) + 1, this_quarter) if newest else this_quarter
        return cls(*(_first_month(end - quarters) for quarters in (8, 4, 0)))

    @property
    def later(self) -> str:
        """The later four quarters for people."""
        return _from_to(self.middle, _month_before(self.end))

    @property
    def earlier(self) -> str:
        """The earlier four quarters for people."""
        return _from_to(self.start, _month_before(self.middle))


@dataclass(frozen=True, slots=True)
class Observed:
    """A technique, and in how many advisories it is observed in the earlier and the later span."""

    key: str
    name: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Observations:
    """Techniques, and how many advisories observe any in the two spans."""

    techniques: tuple[Observed, ...]
    before: int
    now: int

    @property
    def are_enough(self) -> bool:
        """Whether there is enough in both spans to compare them."""
        return min(self.before, self.now) >= LEAST_ADVISORIES

    @property
    def rising(self) -> list[Observed]:
        """Techniques whose share of all that observe any has grown by more than chance, the greatest growth first."""
        grown = [one for one in self.techniques if one.now >= LEAST_CARRIERS and self._is_beyond_chance(one)]
        return sorted(grown, key=lambda one: (one.before * self.now - one.now * self.before, one.name))

    def _is_beyond_chance(self, one: Observed) -> bool:
        """Whether it is by two standard deviations more than the earlier share would lead to expect."""
        ratio = self.now / self.before
        expected = (one.before + 0.5) * ratio  # half a case more, so that none before is no certainty of none
        return one.now - expected >= 2 * sqrt(expected * (1 + ratio))


def count_observations(rows: AdvisoryQuerySet, span: Span) -> Observations:
    """What is observed in incidents whose month is known. Three queries."""
    dated = rows.annotate(known=Length("occurred_from")).filter(
        known__gte=_TO_THE_MONTH, occurred_from__gte=span.start, occurred_from__lt=span.end
    )
    observed = AdvisoryTerm.objects.filter(facet=Facet.TECHNIQUE, certainty=Certainty.OBSERVED)
    terms = observed.filter(In(InOrder("advisory"), dated.values("pk"))).order_by()
    later = Q(advisory__occurred_from__gte=span.middle)
    carriers = {
        "now": Count("advisory", distinct=True, filter=later),
        "before": Count("advisory", distinct=True, filter=~later),
    }
    totals = terms.aggregate(**carriers)
    counted = terms.values("value").annotate(now=Count("pk", filter=later), before=Count("pk", filter=~later))
    found = list(counted.values_list("value", "before", "now"))
    names = names_of([value for value, _, _ in found])
    techniques = [Observed(value, names.get(value, ""), before, now) for value, before, now in found]
    techniques.sort(key=lambda one: (-one.now, -one.before, one.key))
    return Observations(tuple(techniques), totals["before"], totals["now"])


def rising_techniques(found: Observations, span: Span) -> Insight:
    """The insight."""
    columns = (
        Column(gettext("Technique"), TEXT),
        Column(gettext("Id"), ID),
        Column(span.later),
        Column(span.earlier),
    )
    drawn = ((found.are_enough and found.rising) or list(found.techniques))[:MOST_BARS]
    return Insight(
        name=_NAME,
        title=str(_TITLE),
        finding=_finding(found, span),
        notes=_notes(found, span),
        columns=columns,
        rows=tuple(
            Row((one.name or one.key, one.key, one.now, one.before), ("technique", one.key)) for one in found.techniques
        ),
        drawing=_drawing(found, span, drawn) if drawn else None,
        shown=15,
    )


def _drawing(found: Observations, span: Span, drawn: list[Observed]) -> Bars:
    bars = tuple(Bar(_tagged(one), one.now, before=one.before) for one in drawn)
    said = {
        "later": span.later,
        "earlier": span.earlier,
        "advisories": advisories(found.now),
        "before": number(found.before),
    }
    if not found.are_enough:
        return Bars(bars, gettext("Full: %(later)s. Outlined: %(earlier)s.") % said)
    legend = gettext(
        "Full: share of the %(advisories)s from %(later)s. Outlined: share of the %(before)s from %(earlier)s. The numbers "
        "are advisories."
    )
    return Bars(bars, legend % said, out_of=(found.now, found.before))


def not_compared() -> Insight:
    """What is said where the filters leave only some years: there is nothing to compare them with."""
    return Insight(
        name=_NAME,
        title=str(_TITLE),
        finding=gettext("A year is chosen, so nothing is compared: this figure needs two years side by side."),
        notes=(gettext("Remove the filter “Year” to see it."),),
        columns=(Column(gettext("Technique"), TEXT), Column(gettext("Id"), ID)),
        rows=(),
        drawing=None,
    )


def _finding(found: Observations, span: Span) -> str:
    if not found.techniques:
        message = gettext(
            "No advisory counted here observes a technique in an incident that began in the eight quarters to %(month)s."
        )
        return message % {"month": PartialDate(_month_before(span.end)).for_people()}
    if not found.are_enough:
        message = ngettext(
            "Too little to say what is rising: %(now)s and %(before)s advisory observe a technique in the two spans of four "
            "quarters; a comparison takes %(least)s in each.",
            "Too little to say what is rising: %(now)s and %(before)s advisories observe a technique in the two spans of "
            "four quarters; a comparison takes %(least)s in each.",
            found.before,
        )
        return message % {"now": number(found.now), "before": number(found.before), "least": LEAST_ADVISORIES}
    rising = found.rising
    if not rising:
        return gettext("No technique is observed so much more often than before that it could not be chance.")
    message = gettext(
        "%(technique)s rose most: observed in %(now)s %(out_of)s from %(later)s, after %(before)s of %(all_before)s in the "
        "four quarters before."
    )
    return message % {
        "technique": _label(rising[0]),
        "now": number(rising[0].now),
        "out_of": out_of(found.now),
        "later": span.later,
        "before": number(rising[0].before),
        "all_before": number(found.before),
    }


def _notes(found: Observations, span: Span) -> tuple[str, ...]:
    if not found.techniques:
        return ()
    notes = [
        gettext(
            "Counted by when the incident began, if the month is known, and only where the technique was observed; "
            "suspected ones and context are not."
        )
    ]
    if found.are_enough:
        compared = gettext(
            "Compared are shares, because %(advisories)s observe a technique in the later span and %(before)s in the "
            "earlier. Called rising is what %(least)s or more observe and what grew by more than chance would explain."
        )
        said = {
            "advisories": advisories(found.now),
            "before": number(found.before),
            "least": advisories(LEAST_CARRIERS),
        }
        notes.append(compared % said)
    notes.append(gettext("Recent incidents are often disclosed late, so the later span may still grow."))
    return tuple(notes)


def _from_to(first: str, last: str) -> str:
    said = {"first": PartialDate(first).for_people(), "last": PartialDate(last).for_people()}
    return pgettext("from one month to another", "%(first)s to %(last)s") % said


def _label(one: Observed) -> str:
    external_id = one.key.rpartition("/")[2]
    return f"{one.name} ({external_id})" if one.name else external_id


def _tagged(one: Observed) -> str:
    return f"{one.key.rpartition('/')[2]} {one.name}".strip()


def names_of(keys: list[str]) -> dict[str, str]:
    """The names of techniques by their keys. One query, or none."""
    if not keys:
        return {}
    ids = {key.rpartition("/")[2] for key in keys}
    term = Concat("framework", Value("/"), "external_id", output_field=CharField())
    found = Technique.objects.filter(external_id__in=ids).annotate(term=term)
    return dict(found.values_list("term", "name"))


def _quarter_of(month: str) -> int:
    return (int(month[:4]) * 12 + int(month[5:7]) - 1) // 3


def _first_month(quarter: int) -> str:
    return _month(quarter * 3)


def _month_before(month: str) -> str:
    return _month(int(month[:4]) * 12 + int(month[5:7]) - 2)


def _month(ordinal: int) -> str:
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"
