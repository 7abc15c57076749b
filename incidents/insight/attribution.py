"""How many advisories name nobody responsible, and how far it is borne out where somebody is named."""

from collections import Counter

from django.db.models import Count

from incidents.insight.figures import DATE, Bar, Bars, Cell, Column, Insight, Row
from incidents.insight.sentences import advisories
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.vocabulary.words import AttributionStatus

MOST_YEARS = 12
NOBODY = ""
_STATUSES = (
    AttributionStatus.CONFIRMED,
    AttributionStatus.SUSPECTED,
    AttributionStatus.CLAIMED,
    AttributionStatus.DISPUTED,
    AttributionStatus.UNCLAIMED,
)
_NAMES = ("Confirmed", "Suspected", "Claimed only", "Disputed", "Named, claimed by nobody")
_COLUMNS = (Column("Year", DATE), Column("Advisories"), Column("Nobody named"), *map(Column, _NAMES))

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
    overall = [Bar("All years", everything.total(), part=everything[NOBODY])] if len(years) > 1 else []
    return Insight(
        name="attribution",
        title="Nobody named as responsible",
        finding=_finding(everything),
        notes=_notes(newest_first, everything),
        columns=_COLUMNS,
        rows=tuple(_row(year, years[year]) for year in newest_first),
        drawing=Bars((*overall, *bars), "Full: nobody is named. Outlined: somebody is."),
    )


def _finding(counts: Counter[str]) -> str:
    total, nobody, confirmed = counts.total(), counts[NOBODY], counts[AttributionStatus.CONFIRMED.value]
    verb = "names" if nobody == 1 else "name"
    if nobody == total:
        return f"All {advisories(total)} name nobody responsible." if total > 1 else "It names nobody responsible."
    said = f"{nobody:,} of {advisories(total)} {verb} nobody responsible"
    named = total - nobody
    if named == 1:
        return f"{said}; {'in the other it is' if confirmed else 'in the other it is not'} confirmed."
    if not confirmed:
        return f"{said}; in none of the other {named:,} is it confirmed."
    return f"{said}; of the other {named:,}, it is confirmed in {confirmed:,}."


def _notes(years: list[int], counts: Counter[str]) -> tuple[str, ...]:
    notes = ["The year is that of the occurrence, else of the disclosure, else of the first release."]
    if counts.total() > counts[NOBODY]:
        notes.append("Where several voices name somebody, the statement that is borne out best counts.")
    if len(years) > MOST_YEARS:
        notes.append(f"Drawn are the latest {MOST_YEARS} years; the table has {len(years)}.")
    return tuple(notes)


def _row(year: int, counts: Counter[str]) -> Row:
    cells: tuple[Cell, ...] = (
        str(year),
        counts.total(),
        counts[NOBODY],
        *(counts[status.value] for status in _STATUSES),
    )
    return Row(cells, ("year", str(year)))
