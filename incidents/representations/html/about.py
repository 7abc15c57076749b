"""The page that says what this site is, how it works and what its signs mean."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.publication.registry import formats
from incidents.representations.html.build import NAME
from incidents.representations.html.page import page
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import AttributionStatus, IncidentState, Severity

_SEVERITIES = {
    Severity.CRITICAL: "Lives, essential services or very many people's data are at stake; act at once.",
    Severity.HIGH: "Grave harm to those affected, or grave harm soon unless they act.",
    Severity.MEDIUM: "Noticeable harm, limited in reach or in time.",
    Severity.LOW: "Little harm; worth knowing for those concerned.",
    Severity.INFORMATIONAL: "No harm shown; published because it teaches something or because people ask.",
}
_STATES = {
    IncidentState.INVESTIGATING: "Reported; what happened is not settled.",
    IncidentState.CONFIRMED: "It happened, and it is going on.",
    IncidentState.CONTAINED: "It no longer spreads; its effects remain.",
    IncidentState.RESOLVED: "Over, as far as is known.",
    IncidentState.DISPUTED: "Sources contradict each other about whether it happened at all.",
}
_STATUSES = {
    AttributionStatus.CLAIMED: "Somebody says they did it. That alone proves nothing.",
    AttributionStatus.SUSPECTED: "A source names somebody and gives reasons.",
    AttributionStatus.CONFIRMED: "Borne out by evidence that others could examine, or by a court.",
    AttributionStatus.DISPUTED: "Sources contradict each other.",
    AttributionStatus.UNCLAIMED: "Nobody has said that they did it.",
}


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is and what its signs mean."""
    context = {
        "page_title": "About",
        "page_description": "What is published here, how it comes about, and what the signs on the pages mean.",
        "canonical_path": reverse("about"),
        "section": "about",
        "severities": list(_SEVERITIES.items()),
        "states": list(_STATES.items()),
        "statuses": list(_STATUSES.items()),
        "formats": [form for form in formats() if form.name != NAME],
        "public_label": TLP.CLEAR,
    }
    return page(request, "about.html", context)
