"""Which sectors and countries the organizations belong to that advisories name."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.lookups import In
from django.utils.translation import gettext, ngettext

from incidents.insight.figures import ID, TEXT, Bar, Bars, Column, Insight, Places, Row
from incidents.insight.sentences import leading, named_most
from incidents.publication.models import AdvisoryTerm, Facet
from incidents.publication.models.advisory import AdvisoryQuerySet, InOrder
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.numbers import number
from incidents.vocabulary.words import Sector

MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Terms:
    """How many advisories carry each value of a facet, the greatest first, and how many carry any."""

    values: tuple[tuple[str, int], ...] = ()
    carriers: int = 0

    @property
    def are_several_in_one(self) -> bool:
        """Whether any advisory carries more than one value."""
        return sum(count for _, count in self.values) > self.carriers


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
    named = [(name, count) for _, name, count in counted]
    many = len(leading(named))
    kinds = ngettext("%(count)s sector", "%(count)s sectors", many) % {"count": number(many)}
    nothing = gettext("No advisory counted here names an organisation with a sector.")
    return Insight(
        name="sectors",
        title=gettext("Sectors"),
        finding=named_most(named, total, kinds) if named else nothing,
        notes=_notes_on_sectors(terms, total, len(counted) - MOST_BARS),
        columns=(Column(gettext("Sector"), TEXT), Column(gettext("Advisories"))),
        rows=tuple(Row((name, count), ("sector", value)) for value, name, count in counted),
        drawing=Bars(tuple(Bar(name, count) for name, count in named[:MOST_BARS])) if named else None,
    )


def countries(terms: Terms, total: int) -> Insight:
    """The insight on countries."""
    counted = _by_name(terms, country_name)
    named = [(name, count) for _, name, count in counted]
    many = len(leading(named))
    kinds = ngettext("%(count)s country", "%(count)s countries", many) % {"count": number(many)}
    nothing = gettext("No advisory counted here names an organisation with a country.")
    return Insight(
        name="countries",
        title=gettext("Countries"),
        finding=named_most(named, total, kinds) if named else nothing,
        notes=_notes_on_countries(terms, total),
        columns=(Column(gettext("Country"), TEXT), Column(gettext("Code"), ID), Column(gettext("Advisories"))),
        rows=tuple(Row((name, code, count), ("country", code)) for code, name, count in counted),
        drawing=Places(tuple((code, count) for code, _, count in counted)) if counted else None,
    )


def _by_name(terms: Terms, name_of: Callable[[str], str]) -> list[tuple[str, str, int]]:
    """Value, name and number; the greatest first, equal ones by name."""
    named = [(value, name_of(value), count) for value, count in terms.values]
    return sorted(named, key=lambda one: (-one[2], one[1]))


def _notes_on_sectors(terms: Terms, total: int, more: int) -> tuple[str, ...]:
    notes = []
    if more > 0:
        message = ngettext(
            "Drawn are the first %(drawn)s; %(count)s more is in the table.",
            "Drawn are the first %(drawn)s; %(count)s more are in the table.",
            more,
        )
        notes.append(message % {"drawn": MOST_BARS, "count": number(more)})
    if terms.are_several_in_one:
        notes.append(gettext("An advisory that names organisations of several sectors counts in each of them."))
    if without := total - terms.carriers:
        message = ngettext(
            "Left out: %(count)s advisory names no organisation of which the sector is known.",
            "Left out: %(count)s advisories name no organisation of which the sector is known.",
            without,
        )
        notes.append(message % {"count": number(without)})
    return tuple(notes)


def _notes_on_countries(terms: Terms, total: int) -> tuple[str, ...]:
    notes = [gettext("The country is that of the organisations named, not of whoever attacked them.")]
    if terms.are_several_in_one:
        notes.append(gettext("An advisory that names organisations of several countries counts in each of them."))
    if without := total - terms.carriers:
        message = ngettext(
            "Left out: %(count)s advisory names no organisation of which the country is known.",
            "Left out: %(count)s advisories name no organisation of which the country is known.",
            without,
        )
        notes.append(message % {"count": number(without)})
    return tuple(notes)
