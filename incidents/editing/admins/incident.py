"""The admin of incidents: one page to write one, the list, and the way through the workflow."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from incidents.editing import parts
from incidents.editing.act_forms import FORMS
from incidents.editing.act_views import act_view, bulk_act
from incidents.editing.admins.audited import AuditedAdmin
from incidents.editing.admins.filters import WaitingFilter
from incidents.editing.conflict import edited_fields, find_differences, rows_added_since, settle
from incidents.editing.fields import MarkdownInput
from incidents.editing.incident_form import IncidentForm
from incidents.editing.preview import preview_frame, preview_page
from incidents.editing.stages import drift_of, stages_of
from incidents.prose.markdown import render_markdown
from incidents.publication.freeze import freezable
from incidents.record import workflow
from incidents.record.fields import LONGEST_NARRATIVE
from incidents.record.fitness import find_problems
from incidents.record.models import Attachment, Incident
from incidents.record.models.incident import NARRATIVE
from incidents.record.workflow import Act, NotAllowed, decide, decisions

_MOVED_BY_WORKFLOW = (
    "workflow_state", "revision", "changed_by", "submitted_by", "submitted_content", "approved_by", "approved_revision",
    "scheduled_for", "scheduled_by", "scheduled_kind", "scheduled_significance", "scheduled_reason", "released_number",
)  # fmt: skip


class IncidentAdmin(AuditedAdmin):
    """Incidents: written on one page, moved by the gate, never deleted once the world has seen them."""

    form = IncidentForm
    change_form_template = "admin/incidents/incident/change_form.html"
    fieldsets = (
        ("In short", {"fields": ("title", "summary", "who_is_affected", "what_to_do_now")}),
        (
            "Facts",
            {
                "fields": (
                    ("severity", "state"),
                    ("tlp", "language"),
                    ("organization", "organization_role"),
                    "tags",
                    "is_exercise",
                )
            },
        ),
        (
            "Dates",
            {
                "description": "Write each as far as it is known, and leave the rest empty. Times are read in your time zone.",
                "fields": (("occurred_from", "occurred_to"), ("detected", "disclosed"), ("contained", "resolved")),
            },
        ),
        (
            "Narrative",
            {
                "description": "In Markdown. [^1] cites source 1. Say what is known and what is not.",
                "fields": NARRATIVE,
            },
        ),
    )
    inlines = parts.ALL
    autocomplete_fields = ("organization", "tags")
    list_display = (
        "public_id",
        "title",
        "organization",
        "severity",
        "workflow_state",
        "released",
        "changed_by",
        "changed",
    )
    list_display_links = ("public_id", "title")
    list_filter = (WaitingFilter, "workflow_state", "severity", "state", "tlp")
    list_select_related = ("organization", "changed_by")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("public_id", "title", "organization__name")
    search_help_text = "Id, title or organisation"
    ordering = ("-changed_at", "-pk")
    actions = ("submit_chosen", "approve_chosen", "publish_chosen")

    class Media:
        js = ("js/admin/markdown.js", "js/admin/form.js")

    # The list

    @admin.display(description="Release", ordering="released_number", empty_value="–")
    def released(self, incident: Incident) -> str | None:
        """Number of the current public release, with a link to it."""
        if not incident.is_released:
            return None
        return format_html('<a href="{}">{}</a>', incident.get_absolute_url(), incident.released_number)

    @admin.display(description="Changed", ordering="changed_at")
    def changed(self, incident: Incident) -> str:
        """When it was last changed, in the editor's time zone."""
        return date_format(localtime(incident.changed_at), "j M Y, H:i")

    @admin.action(description="Submit for review", permissions=["submit"])
    def submit_chosen(self, request: HttpRequest, chosen: QuerySet[Incident]) -> HttpResponse | None:
        """Submit each of the chosen ones that the gate lets through."""
        return bulk_act(self.admin_site, request, chosen, Act.SUBMIT)

    @admin.action(description="Approve", permissions=["approve"])
    def approve_chosen(self, request: HttpRequest, chosen: QuerySet[Incident]) -> HttpResponse | None:
        """Approve each of the chosen ones that the gate lets through."""
        return bulk_act(self.admin_site, request, chosen, Act.APPROVE)

    @admin.action(description="Publish now", permissions=["publish"])
    def publish_chosen(self, request: HttpRequest, chosen: QuerySet[Incident]) -> HttpResponse | None:
        """Publish each of the chosen ones that the gate lets through."""
        return bulk_act(self.admin_site, request, chosen, Act.PUBLISH)

    def has_submit_permission(self, request: HttpRequest) -> bool:
        """Whether the person may submit at all."""
        return request.user.has_perm(workflow.WORKFLOW[Act.SUBMIT].permission)

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Whether the person may approve at all."""
        return request.user.has_perm(workflow.WORKFLOW[Act.APPROVE].permission)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether the person may publish at all."""
        return request.user.has_perm(workflow.WORKFLOW[Act.PUBLISH].permission)

    def get_actions(self, request: HttpRequest) -> Any:
        """The acts of the workflow; drafts are deleted one by one."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    # Rights

    def has_change_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        """Whether the gate lets the person edit it: a withdrawn one can only be read."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or decide(obj, Act.EDIT, request.user).is_allowed)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        """Whether it may be deleted: never once it was released."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_released)

    def delete_model(self, request: HttpRequest, obj: Incident) -> None:
        """Delete an incident that was never released.

        Raises:
            PermissionDenied: it was released in the meantime.
        """
        try:
            workflow.discard(incident_id=obj.pk, by=request.user)  # type: ignore[arg-type]
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    # Writing

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The narrative has its preview; the summary needs few lines."""
        if db_field.name in NARRATIVE:
            kwargs["widget"] = MarkdownInput(rows=9, at_once=True)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "summary" and field is not None:
            field.widget.attrs["rows"] = 4
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page. A sent form is checked against the incident as it is now, which stays locked until it is saved."""
        if request.method != "POST" or object_id is None or not object_id.isdigit():
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            now = Incident.objects.select_for_update().filter(pk=object_id).first()
            if now is not None and self.has_change_permission(request, now):
                data = request.POST.copy()
                formsets = {one.get_default_prefix(): one for one, _ in self.get_formsets_with_inlines(request, now)}
                settle(data, now=now, form=self.get_form(request, now, change=True), formsets=formsets)
                request.POST = data  # type: ignore[assignment]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Incident, form: Any, change: bool) -> None:
        """Begin a new incident. A known one is saved with its parts, in `save_related`."""
        if not change:
            workflow.begin_incident(incident=obj, by=request.user)  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Note the edit with the gate, then save the incident and its parts; without a change nothing is saved."""
        if change:
            fields = edited_fields(form, formsets)
            if not fields:
                return
            obj, seen = form.instance, form.cleaned_data["revision"]
            noted = workflow.note_edit(
                incident_id=obj.pk,
                seen_revision=seen,
                by=request.user,  # type: ignore[arg-type]
                detail={"revision": seen + 1, "fields": fields},
            )
            for name in _MOVED_BY_WORKFLOW:
                setattr(obj, name, getattr(noted, name))
            obj.save()
        super().save_related(request, form, formsets, change)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Nothing: the gate logs the names of the fields."""
        return []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: `begin_incident` writes the log."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: `note_edit` writes the log."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing: `discard` writes the log."""

    def response_change(self, request: HttpRequest, obj: Incident) -> HttpResponse:
        """Where to go after saving; an editor who changed nothing is told so."""
        if str(obj.revision) == request.POST.get("revision"):
            self.message_user(request, f"You changed nothing in {obj.public_id}; it stays as it was.")
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    def render_change_form(  # noqa: PLR0917  as Django calls it
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Incident | None = None,
    ) -> HttpResponse:
        """The page with where the incident stands, what may be done, and what must be mended before it is released."""
        if obj is not None:
            stored = (
                freezable()
                .select_related("changed_by", "submitted_by", "approved_by", "scheduled_by", "submission__partner")
                .get(pk=obj.pk)
            )
            context |= {
                "incident": stored,
                "stages": stages_of(stored),
                "decisions": [one for one in decisions(stored, request.user) if one.act in FORMS],  # type: ignore[arg-type]
                "problems": find_problems(stored),
                "drift": drift_of(stored),
                "conflict": self._conflict(context, stored),
            }
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _conflict(self, context: dict[str, Any], now: Incident) -> dict[str, Any] | None:
        form: IncidentForm = context["adminform"].form
        if not form.is_bound or not form.is_stale:
            return None
        formsets = [one.formset for one in context["inline_admin_formsets"]]
        seen = form.data.get("revision", "")
        differences = find_differences(form, formsets, now=now, seen_revision=int(seen) if seen.isdigit() else 0)
        return {"differences": differences, "added": rows_added_since(now, formsets)}

    # Further addresses

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the admin and ours."""
        own: dict[str, tuple[Callable[..., HttpResponseBase], str]] = {
            "markdown/": (self.markdown_view, "markdown"),
            "<int:pk>/act/<slug:act>/": (self.act_view, "act"),
            "<int:pk>/preview/": (self.preview_view, "preview"),
            "<int:pk>/preview/page/": (self.preview_page_view, "preview_page"),
            "<int:pk>/attachments/<int:attachment>/": (self.attachment_view, "attachment"),
        }
        wrap = self.admin_site.admin_view
        ours = [path(route, wrap(view), name=f"incidents_incident_{name}") for route, (view, name) in own.items()]
        return [*ours, *super().get_urls()]

    def markdown_view(self, request: HttpRequest) -> HttpResponse:
        """The HTML of a Markdown text, as the page will show it.

        Raises:
            PermissionDenied: the person may not read incidents.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _render_sent_markdown(request)

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """The page that confirms an act."""
        return act_view(self.admin_site, request, self._incident(request, pk), act)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The preview in its frame."""
        return preview_frame(self.admin_site, request, self._incident(request, pk))

    def preview_page_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page inside the frame."""
        return preview_page(request, self._incident(request, pk))

    def attachment_view(self, request: HttpRequest, pk: int, attachment: int) -> FileResponse:
        """A file of the record, inert: it is saved, never shown.

        Raises:
            Http404: there is none, or its file is gone.
        """
        row = get_object_or_404(Attachment, pk=attachment, incident=self._incident(request, pk))
        if not row.file.storage.exists(str(row.file.name)):
            raise Http404("The file is not in the storage.")
        response = FileResponse(row.file.open(), as_attachment=True, filename=row.name, content_type=row.media_type)
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def _incident(self, request: HttpRequest, pk: int) -> Incident:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Incident.objects.select_related("changed_by"), pk=pk)


@require_POST
def _render_sent_markdown(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(render_markdown(request.POST.get("text", "")[:LONGEST_NARRATIVE]))
    response.headers["Cache-Control"] = "no-store, private"
    return response
