"""Pages that explain the kinds of problems of the API, for people: a problem's `type` leads here.

The portal joins what the API knows and how a page looks. Like all documentation for programmers these are in English.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from incidents.representations.api.problems import KINDS
from incidents.representations.html.page import page


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """All kinds of problems."""
    context = {
        "page_title": "Problems of the API",
        "page_description": "What can go wrong when a program asks this portal, and what to do about it.",
        "kinds": list(KINDS.values()),
    }
    return page(request, "api/problems.html", context)


@require_safe
def problem_page(request: HttpRequest, problem: str) -> HttpResponse:
    """One kind of problem."""
    kind = KINDS.get(problem)
    if kind is None:
        raise Http404(f"There is no kind of problem {problem}.")
    context = {
        "page_title": kind.title,
        "page_description": f"What the API means by “{kind.name}”, and what to do about it.",
        "kind": kind,
    }
    return page(request, "api/problem.html", context)


urlpatterns = [
    path("", problem_list, name="list"),
    path("<slug:problem>/", problem_page, name="one"),
]
