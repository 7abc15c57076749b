"""How many advisories name nobody responsible, and how far it is borne out where somebody is named."""

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext, gettext_lazy, ngettext

from incidents.insight.figures import DATE, Bar, Bars, Cell, Column, Insight, Row
from incidents.insight.sentences import out_of
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.vocabulary.numbers import number
from incidents.vocabulary.words import AttributionStatus

MOST_YEARS = 12
NOBODY = ""
_STATUSES = {
    AttributionStatus.CONFIRMED: AttributionStatus.CONFIRMED.label,
    AttributionStatus.SUSPECTED: AttributionStatus.SUSPECTED.label,
    AttributionStatus.CLAIMED: gettext_lazy("Claimed only"),
    AttributionStatus.DISPUTED: AttributionStatus.DISPUTED.label,
    AttributionStatus.UNCLAIMED: gettext_lazy("Named, claimed by nobody"),
}

Counts = dict[int, Counter[str]]
"""By year, by the status that is borne out best; the empty one where nobody is named."""


def count_attributions(rows: AdvisoryQuerySet) -> tuple[Counts, int]:
    """How far attributions are borne out in each year, without exercises; and the number of exercises. One query."""
    years: Counts = {}
    exercises = 0
    grouped = rows.values("year", "attribution", "is_exercise").order_by().annotate(n=Count("*"))
    for year, status, is_exercise, count in grouped.values_list("year", "attribution", "is_exercise", "n"):
        if is_exercise:
            exercises += count
        else:
            years.setdefault(year, Counter())[status] += count
    return years, exercises


def unattributed(years: Counts) -> Insight:
    """The insight."""
    everything = sum(years.values(), Counter())
    newest_first = sorted(years, reverse=True)
    drawn = newest_first[:MOST_YEARS]
    bars = [Bar(str(year), years[year].total(), part=years[year][NOBODY]) for year in drawn]
    overall = [Bar(gettext("All years"), everything.total(), part=everything[NOBODY])] if len(years) > 1 else []
    return Insight(
        name="attribution",
        title=gettext("Nobody named as responsible"),
        finding=_finding(everything),
        notes=_notes(newest_first, everything),
        columns=_columns(),
        rows=tuple(_row(year, years[year]) for year in newest_first),
        drawing=Bars((*overall, *bars), gettext("Full: nobody is named. Outlined: somebody is.")),
    )


def _columns() -> tuple[Column, ...]:
    first = (Column(gettext("Year"), DATE), Column(gettext("Advisories")), Column(gettext("Nobody named")))
    return (*first, *(Column(str(name)) for name in _STATUSES.values()))


def _finding(counts: Counter[str]) -> str:
    total, nobody, confirmed = counts.total(), counts[NOBODY], counts[AttributionStatus.CONFIRMED.value]
    if nobody == total:
        everything = ngettext(
            "It names nobody responsible.", "All %(count)s advisories name nobody responsible.", total
        )
        return everything % {"count": number(total)}
    named = total - nobody
    said = {
        "nobody": number(nobody),
        "out_of": out_of(total),
        "named": number(named),
        "confirmed": number(confirmed),
    }
    return (_of_the_other(nobody, confirmed) if named == 1 else _of_the_others(nobody, confirmed)) % said


def _of_the_other(nobody: int, confirmed: int) -> str:
    """The finding where one advisory names somebody."""
    if confirmed:
        return ngettext(
            "%(nobody)s %(out_of)s names nobody responsible; in the other it is confirmed.",
            "%(nobody)s %(out_of)s name nobody responsible; in the other it is confirmed.",
            nobody,
        )
    return ngettext(
        "%(nobody)s %(out_of)s names nobody responsible; in the other it is not confirmed.",
        "%(nobody)s %(out_of)s name nobody responsible; in the other it is not confirmed.",
        nobody,
    )


def _of_the_others(nobody: int, confirmed: int) -> str:
    """The finding where several name somebody."""
    if not confirmed:
        return ngettext(
            "%(nobody)s %(out_of)s names nobody responsible; in none of the other %(named)s is it confirmed.",
            "%(nobody)s %(out_of)s name nobody responsible; in none of the other %(named)s is it confirmed.",
            nobody,
        )
    return ngettext(
        "%(nobody)s %(out_of)s names nobody responsible; of the other %(named)s, it is confirmed in %(confirmed)s.",
        "%(nobody)s %(out_of)s name nobody responsible; of the other %(named)s, it is confirmed in %(confirmed)s.",
        nobody,
    )


def _notes(years: list[int], counts: Counter[str]) -> tuple[str, ...]:
    notes = [gettext("The year is that of the occurrence, else of the disclosure, else of the first release.")]
    if counts.total() > counts[NOBODY]:
        notes.append(gettext("Where several voices name somebody, the statement that is borne out best counts."))
    if len(years) > MOST_YEARS:
        drawn = gettext("Drawn are the latest %(drawn)s years; the table has %(all)s.")
        notes.append(drawn % {"drawn": MOST_YEARS, "all": len(years)})
    return tuple(notes)


def _row(year: int, counts: Counter[str]) -> Row:
    cells: tuple[Cell, ...] = (
        str(year),
        counts.total(),
        counts[NOBODY],
        *(counts[status.value] for status in _STATUSES),
    )
    return Row(cells, ("year", str(year)))
