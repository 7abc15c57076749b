"""Suggestions while one types: `/incidents/suggest.json?q=…`, names first, then advisories; bounded, the same for everybody."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.facets import values_beginning
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory, Facet
from incidents.publication.paging import RELEVANT
from incidents.representations.html.entries import techniques
from incidents.representations.html.labels import labels_of

FEWEST_LETTERS = 2
MOST_NAMES, MOST_TECHNIQUES, MOST_ADVISORIES = 5, 2, 5
_KINDS = {
    Facet.ORGANIZATION: (gettext_lazy("Organisation"), "organizations:detail"),
    Facet.SERVICE: (gettext_lazy("Service"), "services:detail"),
    Facet.ACTOR: (gettext_lazy("Actor"), "actors:detail"),
    Facet.TAG: (gettext_lazy("Tag"), "tags:detail"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is suggested: its name, what kind of thing it is, and its address."""

    text: str
    kind: str
    address: str


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """What the words may be the beginning of; nothing where they cannot be understood."""
    question = QueryDict(mutable=True)
    question["q"] = request.GET.get("q", "")
    found = AdvisoryFilter(question, Advisory.objects.visible_to(PUBLIC))
    words = str(found.asked.get("q", ""))
    if len(words) < FEWEST_LETTERS:
        return JsonResponse({"query": words, "suggestions": []})
    suggestions = [*_names(words), *_techniques(words), *_advisories(found)]
    return JsonResponse({"query": words, "suggestions": [asdict(one) for one in suggestions]})


def _names(words: str) -> list[Suggestion]:
    """Organizations, services, actors and tags whose name begins so, those that most advisories name first."""
    beginning = slugify(words)
    if len(beginning) < FEWEST_LETTERS:
        return []
    common = values_beginning(tuple(_KINDS), beginning, PUBLIC, limit=MOST_NAMES)
    labels = labels_of({facet: [value for one, value in common if one == facet] for facet in _KINDS}, is_public=True)
    return [
        Suggestion(labels[facet, value], str(_KINDS[Facet(facet)][0]), _address(_KINDS[Facet(facet)][1], value))
        for facet, value in common
        if (facet, value) in labels
    ]


def _address(name: str, value: str) -> str:
    return reverse(name, args=value.split("/"))


def _techniques(words: str) -> list[Suggestion]:
    found: Any = techniques().filter(Q(external_id__istartswith=words) | Q(name__istartswith=words))
    rows = found.order_by("external_id")[:MOST_TECHNIQUES]
    return [Suggestion(str(row), gettext("Technique"), row.get_absolute_url()) for row in rows]


def _advisories(found: AdvisoryFilter) -> list[Suggestion]:
    page = found.narrowed.page(found.queryset, RELEVANT, size=MOST_ADVISORIES)
    return [Suggestion(row.heading.text, row.public_id, row.get_absolute_url()) for row in page.rows]
