"""From what is raised to a problem document: inside the API's views, and where Django gives up before or after them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from incidents.representations.api.problems import (
    BAD_REQUEST,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    NOT_PERMITTED,
    SERVER_ERROR,
    Problem,
    problem_answer,
)


def answer_exception(raised: Exception, context: dict[str, object]) -> HttpResponse | None:
    """The answer to something raised in a view (the exception handler of Django REST framework); None for a fault of ours,
    which is logged and answered with `server_error`."""
    problem = _as_problem(raised)
    return problem_answer(problem) if problem else None


def _as_problem(raised: Exception) -> Problem | None:
    match raised:
        case Problem():
            return raised
        case Http404():
            return Problem(NOT_FOUND, str(raised))
        case PermissionDenied():
            return Problem(NOT_PERMITTED)
        case exceptions.APIException() if type(raised) in _KINDS:
            return Problem(_KINDS[type(raised)], str(raised.detail))
    return None


_KINDS = {
    exceptions.MethodNotAllowed: METHOD_NOT_ALLOWED,
    exceptions.NotFound: NOT_FOUND,
    exceptions.ParseError: BAD_REQUEST,
    exceptions.PermissionDenied: NOT_PERMITTED,
    exceptions.UnsupportedMediaType: BAD_REQUEST,
}
"""What Django REST framework raises by itself. An exception without a kind of problem is a fault of ours."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 outside a view."""
    return problem_answer(Problem(BAD_REQUEST))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 outside a view."""
    return problem_answer(Problem(NOT_PERMITTED))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address of the API that does not exist."""
    return problem_answer(Problem(NOT_FOUND))


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return problem_answer(Problem(SERVER_ERROR))
