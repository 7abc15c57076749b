"""The card of an advisory: a few facts for other sites to show in a frame, always those of the current release."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.representations.html.page import page
from incidents.representations.serving.find import find_advisory


@require_safe
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card of an advisory; one that was merged into another leads to the card of that."""
    if public_id != public_id.upper():
        return _to(public_id.upper())
    advisory = find_advisory(public_id)
    if advisory.merged_into:
        return _to(advisory.merged_into)
    document = advisory.release.document
    context = {
        "advisory": document,
        "note": document.release,
        "language": document.language,
        "address": f"{settings.SITE_URL}/incidents/{document.id}/",
    }
    return page(request, "advisory/card.html", context)


def _to(public_id: str) -> HttpResponsePermanentRedirect:
    return HttpResponsePermanentRedirect(reverse("renditions:card", args=[public_id]))
