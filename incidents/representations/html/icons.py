"""The address at which browsers look for an icon unasked."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, where the static files are."""
    return HttpResponseRedirect(static("icons/favicon.ico"))
