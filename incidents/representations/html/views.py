"""The pages that depend on more than one release: public history, any release for ever, the difference between two."""

from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.publication.models import Advisory, Release
from incidents.representations.html.arrange import past_releases
from incidents.representations.html.build import Standing, render_advisory
from incidents.representations.html.gazette import gazette
from incidents.representations.html.page import page
from incidents.representations.html.traced import trace
from incidents.representations.serving.find import find_advisory, find_release
from incidents.representations.serving.views import current

_MOST_TRACED = 30
"""Over more releases than these, a difference does not say which of them made which change."""


@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page of an advisory. In the default language it is a rendition, stored; in the others it is made when asked for."""
    if get_language() == settings.LANGUAGE_CODE:
        return current(request, public_id)
    if moved := _to_canonical("detail", public_id):
        return moved
    advisory = find_advisory(public_id)
    if advisory.merged_into:
        return HttpResponsePermanentRedirect(reverse("advisories:detail", args=[advisory.merged_into]))
    response = HttpResponse(render_advisory(advisory.release.document, settings.SITE_URL, language=get_language()))
    response.headers["Last-Modified"] = http_date(advisory.release.released_at.timestamp())
    return response


@require_safe
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every release of an advisory with its reason, the newest first."""
    if moved := _to_canonical("history", public_id):
        return moved
    return _history(request, find_advisory(public_id))


def _history(request: HttpRequest, advisory: Advisory, problem: str = "", status: int = 200) -> HttpResponse:
    document = advisory.release.document
    context = {
        **_about(advisory),
        "page_title": gettext("History of %(id)s") % {"id": advisory.public_id},
        "page_description": gettext("Every release of “%(title)s”, with the reason for each.")
        % {"title": document.title},
        "canonical_path": reverse("advisories:history", args=[advisory.public_id]),
        "past": past_releases(document),
        "problem": problem,
    }
    return page(request, "advisory/history.html", context, status=status)


@require_safe
def compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """The way from the form that chooses two releases to the difference between them."""
    if moved := _to_canonical("compare", public_id):
        return moved
    advisory = find_advisory(public_id)
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    if asked == ["", ""]:
        return HttpResponseRedirect(reverse("advisories:history", args=[public_id]))
    numbers = {str(note.number): note.number for note in advisory.release.document.history}
    if not all(number in numbers for number in asked):
        return _history(request, advisory, gettext("There is no such release. Choose two of those below."), status=400)
    old, new = sorted(numbers[number] for number in asked)
    if old == new:
        problem = gettext("A release does not differ from itself. Choose two different ones.")
        return _history(request, advisory, problem, status=400)
    return HttpResponseRedirect(reverse("advisories:changes", args=[public_id, old, new]))


@require_safe
def release(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One release as it was published, for ever, saying what has become of it."""
    if moved := _to_canonical("release", public_id, number):
        return moved
    found, advisory = find_release(public_id, number), find_advisory(public_id)
    standing = Standing(current=advisory.release.note, is_withdrawn=advisory.is_withdrawn)
    return HttpResponse(render_advisory(found.document, settings.SITE_URL, standing, language=get_language()))


@require_safe
def changes(request: HttpRequest, public_id: str, old: int, new: int) -> HttpResponse:
    """What two releases say differently, field by field, and the reasons given from one to the other."""
    if moved := _to_canonical("changes", public_id, min(old, new), max(old, new), is_moved=old > new):
        return moved
    if old == new:
        raise Http404("A release does not differ from itself.")
    advisory = find_advisory(public_id)
    before, after = find_release(public_id, old), find_release(public_id, new)
    traced = trace(gazette(before.document, after.document), _on_the_way(before, after))
    named = {"id": public_id, "title": after.document.title, "old": old, "new": new}
    context = {
        **_about(advisory),
        "page_title": gettext("What changed in %(id)s from release %(old)d to %(new)d") % named,
        "page_description": gettext("What “%(title)s” said in release %(old)d, and what it says in release %(new)d.")
        % named,
        "robots": "noindex",
        "canonical_path": reverse("advisories:changes", args=[public_id, old, new]),
        "before": before.note,
        "after": after.note,
        "reasons": _between(before, after),
        "count": len(traced),
        "groups": [(material, [one for one in traced if one.is_material is material]) for material in (True, False)],
        **_neighbours(after, old),
    }
    return page(request, "advisory/changes.html", context)


def _to_canonical(
    name: str, public_id: str, *rest: int, is_moved: bool = False
) -> HttpResponsePermanentRedirect | None:
    if public_id == public_id.upper() and not is_moved:
        return None
    return HttpResponsePermanentRedirect(reverse(f"advisories:{name}", args=[public_id.upper(), *rest]))


def _about(advisory: Advisory) -> dict[str, object]:
    document = advisory.release.document
    return {
        "section": "incidents",
        "advisory": document,
        "choices": document.history[::-1],
        "current": advisory.release.note,
        "language": document.language,
        "trail": [(document.id, advisory.get_absolute_url())],
    }


def _between(before: Release, after: Release) -> list[ReleaseNote]:
    return [note for note in after.document.history if before.number < note.number <= after.number]


def _on_the_way(before: Release, after: Release) -> list[AdvisoryDocument]:
    """The documents from one release to another. Where they are too many to be read, the two ends alone."""
    ends = [before.document, after.document]
    if not 1 < len(_between(before, after)) <= _MOST_TRACED:
        return ends
    between = Release.objects.visible_to(PUBLIC).of(before.public_id).filter(number__gt=before.number)
    return [ends[0], *(one.document for one in between.filter(number__lt=after.number)), ends[1]]


def _neighbours(after: Release, old: int) -> dict[str, object]:
    """For a comparison over several releases, the steps that lead from the one to the other."""
    numbers = [note.number for note in after.document.history]
    steps = [(one, two) for one, two in pairwise(numbers) if one >= old]
    return {"steps": steps if len(steps) > 1 else []}
