"""What answers when no view does: a page for people, a problem document for programs."""

from django.http import HttpRequest, HttpResponse

from incidents.representations.api import failures
from incidents.representations.html import errors
from portal.headers import is_api


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return (
        failures.bad_request(request, exception)
        if is_api(request.path_info)
        else errors.bad_request(request, exception)
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return failures.forbidden(request, exception) if is_api(request.path_info) else errors.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return failures.not_found(request, exception) if is_api(request.path_info) else errors.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return failures.server_error(request) if is_api(request.path_info) else errors.server_error(request)
