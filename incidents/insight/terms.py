"""Which sectors and countries the organizations belong to that advisories name."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.lookups import In

from incidents.insight.figures import ID, TEXT, Bar, Bars, Column, Insight, Places, Row
from incidents.insight.sentences import named_most, number_of
from incidents.publication.models import AdvisoryTerm, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet, InOrder
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.words import Sector

MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """How many advisories carry each value of a facet, the greatest first, and how many carry any."""

    values: tuple[tuple[str, int], ...] = ()
    carriers: int = 0


def count_terms(rows: AdvisoryQuerySet, *facets: Facet) -> dict[Facet, Terms]:
    """The terms of these facets. Two queries."""
    terms = AdvisoryTerm.objects.filter(In(InOrder("advisory"), rows.values("pk")), facet__in=facets).order_by()
    values: dict[Facet, list[tuple[str, int]]] = {facet: [] for facet in facets}
    for facet, value, count in terms.values("facet", "value").annotate(n=Count("*")).values_list("facet", "value", "n"):
        values[Facet(facet)].append((value, count))
    carriers = dict(terms.values("facet").annotate(n=Count("advisory", distinct=True)).values_list("facet", "n"))
    return {
        facet: Terms(tuple(sorted(values[facet], key=lambda pair: (-pair[1], pair[0]))), carriers.get(facet, 0))
        for facet in facets
    }


def sectors(terms: Terms, total: int) -> Insight:
    """The insight on sectors."""
    counted = _by_name(terms, lambda value: str(Sector(value).label))
    more = len(counted) - MOST_BARS
    drawn = [f"Drawn are the first {MOST_BARS}; {more} more are in the table."] if more > 0 else []
    return Insight(
        name="sectors",
        title="Sectors",
        finding=_finding(counted, total, "sectors", "No advisory counted here names an organisation with a sector."),
        notes=(*drawn, *_notes(terms, total, "sector")),
        columns=(Column("Sector", TEXT), Column("Advisories")),
        rows=tuple(Row((name, count), ("sector", value)) for value, name, count in counted),
        drawing=Bars(tuple(Bar(name, count) for _, name, count in counted[:MOST_BARS])) if counted else None,
    )


def countries(terms: Terms, total: int) -> Insight:
    """The insight on countries."""
    counted = _by_name(terms, country_name)
    return Insight(
        name="countries",
        title="Countries",
        finding=_finding(counted, total, "countries", "No advisory counted here names an organisation with a country."),
        notes=(
            "The country is that of the organisations named, not of whoever attacked them.",
            *_notes(terms, total, "country"),
        ),
        columns=(Column("Country", TEXT), Column("Code", ID), Column("Advisories")),
        rows=tuple(Row((name, code, count), ("country", code)) for code, name, count in counted),
        drawing=Places(tuple((code, count) for code, _, count in counted)) if counted else None,
    )


def _by_name(terms: Terms, name_of: Callable[[str], str]) -> list[tuple[str, str, int]]:
    """Value, name and number; the greatest first, equal ones by name."""
    named = [(value, name_of(value), count) for value, count in terms.values]
    return sorted(named, key=lambda one: (-one[2], one[1]))


def _finding(counted: list[tuple[str, str, int]], total: int, kinds: str, nothing: str) -> str:
    return named_most([(name, count) for _, name, count in counted], total, kinds) if counted else nothing


def _notes(terms: Terms, total: int, kind: str) -> tuple[str, ...]:
    notes = []
    if sum(count for _, count in terms.values) > terms.carriers:
        several = "several countries" if kind == "country" else "several sectors"
        notes.append(f"An advisory that names organisations of {several} counts in each of them.")
    without = total - terms.carriers
    if without:
        verb = number_of(without, "advisory names", "advisories name")
        notes.append(f"Left out: {verb} no organisation of which the {kind} is known.")
    return tuple(notes)
