"""How browsers and search engines can search this site (OpenSearch 1.1, draft 6)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

MEDIA_TYPE = "application/opensearchdescription+xml"
LONGEST_NAME = 16
"""In characters, as the standard has it for `ShortName`."""


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """`/opensearch.xml`: where to send words, and where the answer can be had as a feed."""
    context = {"base_url": settings.SITE_URL, "short_name": settings.SITE_NAME[:LONGEST_NAME].strip()}
    return HttpResponse(render_to_string("opensearch.xml", context), content_type=MEDIA_TYPE)
