"""The schema of the canonical document."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from incidents.publication.document import document_schema


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema (draft 2020-12) of `….json`."""
    return HttpResponse(document_schema(settings.SITE_URL), content_type="application/schema+json")
