"""The list of advisories: `/incidents/`."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory
from incidents.representations.html.asking import Question
from incidents.representations.html.choices import choices_of
from incidents.representations.html.page import page
from incidents.vocabulary.identifiers import is_public_id
from incidents.vocabulary.inline import comma

_INLINE = {
    "q": pgettext_lazy("a filter, within a line", "words"),
    "severity": pgettext_lazy("a filter, within a line", "severity"),
    "state": pgettext_lazy("a filter, within a line", "state"),
    "sector": pgettext_lazy("a filter, within a line", "sector"),
    "country": pgettext_lazy("a filter, within a line", "country"),
    "organization": pgettext_lazy("a filter, within a line", "organisation"),
    "service": pgettext_lazy("a filter, within a line", "service"),
    "technique": pgettext_lazy("a filter, within a line", "technique"),
    "certainty": pgettext_lazy("a filter, within a line", "certainty"),
    "mitigation": pgettext_lazy("a filter, within a line", "mitigation"),
    "actor": pgettext_lazy("a filter, within a line", "actor"),
    "tag": pgettext_lazy("a filter, within a line", "tag"),
    "year": pgettext_lazy("a filter, within a line", "year"),
}
"""What the parameters of a list are called within a line."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A filter that keeps everything out: its name within a line, its values, and the address without it."""

    label: str
    values: str
    address: str


@require_safe
def advisory_list(request: HttpRequest) -> HttpResponse:
    """The list with its filters; parameters that make no sense are answered with what would."""
    question = Question(request.path, request.GET, is_counted=True).forgiven
    context = {
        "page_title": gettext("Incidents"),
        "page_description": gettext(
            "Cyber-incident advisories, by severity, state, sector, service, technique and date."
        ),
        "section": "incidents",
        "has_search": True,
        "canonical_path": request.path if question.is_plain else "",
        "robots": "" if question.is_plain else "noindex, follow",
        "question": question,
        "choices": choices_of(question),
        "technique": " ".join(question.typed("technique")),
        "beside_words": question.beside("q"),
        "beside_technique": question.beside("technique"),
        "suggestions": suggestions(question),
        "withdrawn": withdrawn_by_id(question),
    }
    return page(request, "list/advisories.html", context, status=400 if question.problems else 200)


def suggestions(question: Question) -> list[Suggestion]:
    """Where nothing is found: filters without which something would be, the first few."""
    names = list(dict.fromkeys(chip.name for chip in question.chips))
    if question.page.rows or question.problems or question.given.get("cursor") or len(names) < 2:
        return []
    found = []
    for name in question.filter.narrowed.finds_without(names):
        values = comma().join([chip.text for chip in question.chips if chip.name == name])
        found.append(Suggestion(str(_INLINE[name]), values, question.drop(name).first))
    return found


def withdrawn_by_id(question: Question) -> Advisory | None:
    """The withdrawn advisory whose id was searched for; lists leave withdrawn ones out, but its page stays."""
    name = question.words.upper()
    if question.page.rows or not is_public_id(name):
        return None
    return Advisory.objects.visible_to(PUBLIC).filter(public_id=name, is_withdrawn=True).first()
