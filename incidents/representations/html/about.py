"""The page that says what this site is, how it works and what its signs mean."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from incidents.publication.registry import Purpose, formats
from incidents.representations.html.build import NAME
from incidents.representations.html.page import page
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import AttributionStatus, IncidentState, Severity

_SEVERITIES = {
    Severity.CRITICAL: _("Lives, essential services or very many people's data are at stake; act at once."),
    Severity.HIGH: _("Grave harm to those affected, or grave harm soon unless they act."),
    Severity.MEDIUM: _("Noticeable harm, limited in reach or in time."),
    Severity.LOW: _("Little harm; worth knowing for those concerned."),
    Severity.INFORMATIONAL: _("No harm shown; published because it teaches something or because people ask."),
}
_STATES = {
    IncidentState.INVESTIGATING: _("Reported; what happened is not settled."),
    IncidentState.CONFIRMED: _("It happened, and it is going on."),
    IncidentState.CONTAINED: _("It no longer spreads; its effects remain."),
    IncidentState.RESOLVED: _("Over, as far as is known."),
    IncidentState.DISPUTED: _("Sources contradict each other about whether it happened at all."),
}
_STATUSES = {
    AttributionStatus.CLAIMED: _("Somebody says they did it. That alone proves nothing."),
    AttributionStatus.SUSPECTED: _("A source names somebody and gives reasons."),
    AttributionStatus.CONFIRMED: _("Borne out by evidence that others could examine, or by a court."),
    AttributionStatus.DISPUTED: _("Sources contradict each other."),
    AttributionStatus.UNCLAIMED: _("Nobody has said that they did it."),
}


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is and what its signs mean."""
    context = {
        "page_title": gettext("About"),
        "page_description": gettext(
            "What is published here, how it comes about, and what the signs on the pages mean."
        ),
        "canonical_path": reverse("about"),
        "section": "about",
        "severities": list(_SEVERITIES.items()),
        "states": list(_STATES.items()),
        "statuses": list(_STATUSES.items()),
        "formats": get_text_list(
            [str(form.label) for form in formats() if form.name != NAME and form.purpose is not Purpose.SHARING],
            pgettext("before the last of a list", "and"),
        ),
        "public_label": TLP.CLEAR,
    }
    return page(request, "about.html", context)
