"""Pages that explain the kinds of problems, for people: a problem's `type` leads here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.representations.api.problems import KINDS


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """All kinds of problems."""
    context = {
        "page_title": "Problems of the API",
        "page_description": "What can go wrong when a program asks this portal, and what to do about it.",
        "kinds": list(KINDS.values()),
    }
    return HttpResponse(render_to_string("api/problems.html", context))


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
        "trail": [("Problems of the API", reverse("problems:list"))],
    }
    return HttpResponse(render_to_string("api/problem.html", context))
