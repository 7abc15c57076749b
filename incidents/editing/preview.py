"""The preview: the very page readers will get, built from the frozen draft, for editors only and never kept anywhere."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from incidents.publication.changes import Change, changes_between
from incidents.publication.freeze import NotFit
from incidents.publication.models import Release
from incidents.publication.publish import NotBuilt, faults_told, preview_document
from incidents.publication.registry import get_format
from incidents.record.models import Incident
from incidents.record.workflow import Act, decide

# What a public page may, but framed by us and unable to send forms. A sandbox would need both allow-scripts and
# allow-same-origin for the page to be the very one readers get, and would then keep nothing in.
_PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'"


def preview_frame(site: admin.AdminSite, request: HttpRequest, incident: Incident) -> HttpResponse:
    """The draft in a frame that says it is one, and what differs from what is public."""
    current = Release.objects.filter(public_id=incident.public_id).order_by("-number").first()
    problems: list[str] = []
    changes: tuple[Change, ...] = ()
    try:
        draft = preview_document(incident)
    except NotFit as refusal:
        problems = refusal.problems
    else:
        changes = changes_between(current.document, draft) if current else ()
    context = {
        **site.each_context(request),
        "title": f"Preview: {incident.public_id}",
        "incident": incident,
        "problems": problems,
        "current": current,
        "changes": changes,
        "can_approve": decide(incident, Act.APPROVE, request.user).is_allowed,  # type: ignore[arg-type]
        "opts": Incident._meta,
    }
    return _kept_nowhere(TemplateResponse(request, "admin/incidents/incident/preview.html", context))


@xframe_options_sameorigin
def preview_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The page itself, to be shown inside the frame, or in a tab of its own where its links can be followed."""
    form = get_format("html")
    try:
        with faults_told():
            page = form.bytes_of(preview_document(incident))
    except NotFit as refusal:
        return _only_words("\n".join(refusal.problems), status=409)
    except NotBuilt as fault:
        return _only_words(str(fault), status=500)
    response = HttpResponse(page, content_type=form.media_type)
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return _kept_nowhere(response)


def _only_words(text: str, *, status: int) -> HttpResponse:
    return _kept_nowhere(HttpResponse(text, content_type="text/plain; charset=utf-8", status=status))


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
