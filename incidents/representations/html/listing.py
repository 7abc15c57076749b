"""The list of advisories: `/incidents/`."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.facets import kept, present_values, present_years
from incidents.publication.filters import STATES
from incidents.publication.models import Advisory, Facet
from incidents.representations.html.asking import LABELS, Question
from incidents.representations.html.page import page
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.identifiers import is_public_id
from incidents.vocabulary.words import Certainty, Sector, Severity

MOST_LOOKUPS = 6  # of names and for suggestions, so that a page never needs more than twelve queries
_NAMED = {"organization", "service", "technique", "mitigation", "actor", "tag"}
_OPEN = {"severity", "state"}


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose, or to drop where it is chosen: its label and the address that does so."""

    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one parameter; `is_open` where it should not be folded."""

    name: str
    legend: str
    options: list[Option]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A filter that keeps everything out: its name, its values, and the address without it."""

    label: str
    values: str
    address: str


@require_safe
def advisory_list(request: HttpRequest) -> HttpResponse:
    """The list with its filters; parameters that make no sense are answered with what would."""
    question = Question(request.path, request.GET)
    context = {
        "page_title": "Incidents",
        "page_description": "Cyber-incident advisories, by severity, state, sector, service, technique and date.",
        "section": "incidents",
        "has_search": True,
        "canonical_path": request.path if question.is_plain else "",
        "robots": "" if question.is_plain else "noindex, follow",
        "question": question,
        "groups": filter_groups(question),
        "technique": " ".join(question.typed("technique")),
        "beside_words": question.beside("q"),
        "beside_technique": question.beside("technique"),
        "suggestions": suggestions(question),
        "withdrawn": withdrawn_by_id(question),
    }
    return page("list/advisories.html", context, status=400 if question.problems else 200)


def filter_groups(question: Question) -> list[Group]:
    """What there is to choose from, by parameter."""
    choices = kept("choices", PUBLIC, _choices)
    return [
        Group(name, LABELS[name], options, is_open=name in _OPEN or any(option.is_chosen for option in options))
        for name in choices
        if (options := [_option(question, name, value, label) for value, label in choices[name]])
    ]


def _option(question: Question, name: str, value: str, label: str) -> Option:
    if value in question.typed(name):
        return Option(label, question.address(without=(name, value)), is_chosen=True)
    return Option(label, question.address(also=(name, value)), is_chosen=False)


def suggestions(question: Question) -> list[Suggestion]:
    """Where nothing is found: filters without which something would be, the first few."""
    names = list(dict.fromkeys(chip.name for chip in question.chips))
    if question.page.rows or question.problems or question.given.get("cursor") or len(names) < 2:
        return []
    affordable = (MOST_LOOKUPS - len(_NAMED.intersection(names))) // 2
    found = []
    for name in names[:affordable]:
        dropped = question.drop(name)
        if dropped.filter.qs.order_by().exists():
            values = ", ".join(chip.text for chip in question.chips if chip.name == name)
            found.append(Suggestion(LABELS[name], values, dropped.first))
    return found


def withdrawn_by_id(question: Question) -> Advisory | None:
    """The withdrawn advisory whose id was searched for; lists leave withdrawn ones out, but its page stays."""
    name = question.words.upper()
    if question.page.rows or not is_public_id(name):
        return None
    return Advisory.objects.visible_to(PUBLIC).filter(public_id=name, is_withdrawn=True).first()


def _choices() -> dict[str, list[tuple[str, str]]]:
    sectors, countries = present_values(Facet.SECTOR, PUBLIC), present_values(Facet.COUNTRY, PUBLIC)
    return {
        "severity": [(severity.value, str(severity.label)) for severity in reversed(Severity)],
        "state": list(STATES.items()),
        "certainty": [(certainty.value, str(certainty.label)) for certainty in Certainty],
        "sector": [(sector.value, str(sector.label)) for sector in Sector if sector.value in sectors],
        "year": [(str(year), str(year)) for year in present_years(PUBLIC)],
        "country": sorted(((code, country_name(code)) for code in countries), key=lambda choice: choice[1]),
    }
