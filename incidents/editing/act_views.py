"""The pages on which an act of the workflow is confirmed: for one incident, and for several chosen in the list."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from incidents.editing.act_forms import FORMS, ActForm
from incidents.publication.freeze import NotFit
from incidents.publication.publish import NotBuilt
from incidents.record.models import Incident
from incidents.record.workflow import WORKFLOW, Act, NotAllowed, decide


def act_view(site: admin.AdminSite, request: HttpRequest, incident: Incident, act_name: str) -> HttpResponse:
    """Ask for what an act needs, then do it. A refusal keeps what was typed and says what would help.

    Raises:
        Http404: there is no such act.
    """
    act = _act_or_404(act_name)
    by = _editor(request)
    decision = decide(incident, act, by)
    form = FORMS[act](request.POST or None, released=incident.is_released)
    problems: list[str] = []
    if request.method == "POST" and decision.is_allowed and form.is_valid():
        try:
            form.perform(incident=incident, seen_revision=_seen(request.POST.get("seen_revision", "")), by=by)
        except NotFit as refusal:
            problems = refusal.problems
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _success(incident, form))
            return HttpResponseRedirect(reverse("admin:incidents_incident_change", args=[incident.pk]))
    context = {
        **site.each_context(request),
        "title": f"{act.label}: {incident.public_id}",
        "incident": incident,
        "act": act,
        "form": form,
        "decision": decision,
        "problems": problems,
        "seen_revision": request.POST.get("seen_revision") or request.GET.get("revision") or incident.revision,
        "opts": Incident._meta,
    }
    return TemplateResponse(request, "admin/incidents/incident/act.html", context, status=_status(decision, act, by))


def bulk_act(site: admin.AdminSite, request: HttpRequest, chosen: QuerySet[Incident], act: Act) -> HttpResponse | None:
    """Confirm an act for several incidents, then do it one by one, each through the gate and with an answer of its own."""
    by = _editor(request)
    incidents = list(chosen.select_related("organization", "changed_by"))
    released = any(incident.is_released for incident in incidents)
    form = FORMS[act](request.POST if "confirmed" in request.POST else None, released=released)
    if form.is_bound and form.is_valid():
        for incident in incidents:
            _do_one(request, incident, form, by)
        return None
    context = {
        **site.each_context(request),
        "title": f"{act.label}: {len(incidents)} incidents",
        "rows": [(incident, decide(incident, act, by)) for incident in incidents],
        "act": act,
        "form": form,
        "opts": Incident._meta,
        "action": request.POST.get("action", ""),
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/incidents/incident/bulk.html", context)


def _do_one(request: HttpRequest, incident: Incident, form: ActForm, by: AbstractUser) -> None:
    seen = _seen(request.POST.get(f"seen_revision-{incident.pk}", ""))
    try:
        form.perform(incident=incident, seen_revision=seen, by=by)
    except NotFit as refusal:
        messages.error(request, f"{incident.public_id} cannot be released yet. {refusal}")
    except NotBuilt as refusal:
        messages.error(request, f"{incident.public_id}: {refusal}")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _success(incident, form))


def _act_or_404(name: str) -> Act:
    if name not in Act.values or Act(name) not in FORMS:
        raise Http404(f"There is no act “{name}”.")
    return Act(name)


def _editor(request: HttpRequest) -> AbstractUser:
    by: Any = request.user
    return by  # type: ignore[no-any-return]


def _status(decision: Any, act: Act, by: AbstractUser) -> int:
    if decision.is_allowed:
        return 200
    return 409 if by.has_perm(WORKFLOW[act].permission) else 403


def _success(incident: Incident, form: ActForm) -> str:
    return format_html("{} {}", incident.public_id, form.done)


def _seen(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
