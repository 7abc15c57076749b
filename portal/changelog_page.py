"""What changed for those who use the API, for people. The portal joins the API's data and how a page looks; in English."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from incidents.representations.api.changelog import API_CHANGES
from incidents.representations.html.page import page


@require_safe
def changelog(request: HttpRequest) -> HttpResponse:
    """Every change, the newest first."""
    context = {
        "page_title": "Changes of the API",
        "page_description": "What was added to the API, what changed in it, and what will go.",
        "changes": [(change, change.what.split("`")) for change in API_CHANGES],
    }
    return page(request, "api/changelog.html", context)


urlpatterns = [path("", changelog, name="changelog")]
