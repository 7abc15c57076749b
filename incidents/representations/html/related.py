"""Related incidents: those that editors chose, and those that share something, each with the reason. The second kind depends
on other advisories, so it has a page of its own, which the advisory's page leads to and shows where script runs.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Facet
from incidents.publication.relations import MOST_CARRIERS, Relative, Shared, relatives_of
from incidents.representations.html.page import page
from incidents.representations.html.shares import shared_names
from incidents.representations.serving.find import find_advisory

REASONS_SHOWN = 6
_SAYS = {
    Facet.SERVICE: gettext_lazy("Same service"),
    Facet.ACTOR: gettext_lazy("Both name"),
    Facet.ORGANIZATION: gettext_lazy("Same organisation"),
    Facet.TECHNIQUE: gettext_lazy("Same technique"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an advisory is related: what is shared, with its address and how many others share it."""

    says: str
    name: str
    href: str
    how_rare: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another advisory, and why it is here."""

    advisory: Advisory
    reasons: tuple[Reason, ...]
    more: int


@require_safe
def related(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is related to an advisory as of now."""
    if public_id != public_id.upper():
        return HttpResponsePermanentRedirect(reverse("advisories:related", args=[public_id.upper()]))
    advisory = find_advisory(public_id)
    document = advisory.release.document
    chosen = [] if document.is_withdrawn else document.related
    found = [] if document.is_withdrawn else relatives_of(advisory, PUBLIC, but=[one.id for one in chosen])
    names = shared_names(document)
    context = {
        "section": "incidents",
        "page_title": gettext("Related to %(id)s") % {"id": public_id},
        "page_description": gettext(
            "Incidents that have something in common with “%(title)s”, with the reason for each."
        )
        % {"title": document.title},
        "canonical_path": reverse("advisories:related", args=[public_id]),
        "advisory": document,
        "language": document.language,
        "chosen": chosen,
        "relatives": [_related(one, names) for one in found],
    }
    return page(request, "advisory/related.html", context)


def _related(relative: Relative, names: dict[tuple[str, str], str]) -> Related:
    shown = relative.shared[:REASONS_SHOWN]
    reasons = (_reason(one, names.get((one.facet, one.value), one.value)) for one in shown)
    return Related(relative.advisory, tuple(reasons), more=len(relative.shared) - len(shown))


def _reason(shared: Shared, name: str) -> Reason:
    href = reverse(f"{shared.facet.value}s:detail", args=shared.value.split("/"))
    return Reason(str(_SAYS[shared.facet]), name, href, _how_rare(shared))


def _how_rare(shared: Shared) -> str:
    if shared.is_common:
        return gettext("as in more than %(number)d others") % {"number": MOST_CARRIERS}
    if shared.carriers == 1:
        return gettext("as in no other")
    more = shared.carriers - 1
    return ngettext("as in %(number)d more", "as in %(number)d more", more) % {"number": more}
