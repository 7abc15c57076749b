"""Admins whose every act goes into the audit log (INV-AUDIT) instead of Django's own."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from incidents.audit.models import AuditEntry
from incidents.audit.record import LONGEST_TARGET, record_act
from incidents.editing.fields import NamesInput, PreparedAutocomplete
from incidents.editing.parts.part import OVERRIDES


class AuditedAdmin(admin.ModelAdmin):
    """An admin that writes the audit log and shows it as the history of a row."""

    formfield_overrides = {**OVERRIDES, models.JSONField: {"form_class": NamesInput}}
    object_history_template = "admin/incidents/history.html"

    class Media:
        js = ("admin/js/jquery.init.js", "js/admin/names.js")

    def audit_key(self, obj: Any) -> tuple[str, str]:
        """What the log calls a row: its kind and its natural key."""
        key = obj.natural_key() if hasattr(obj, "natural_key") else (str(obj.pk),)
        return str(obj._meta.model_name), "/".join(key)

    def note(self, request: HttpRequest, act: str, obj: Any, detail: dict[str, Any] | None = None) -> None:
        """Write one act into the log."""
        kind, key = self.audit_key(obj)
        record_act(act=act, target_kind=kind, target_id=key, by=request.user, detail=detail)  # type: ignore[arg-type]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note that a row was added."""
        self.note(request, "add", obj)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note that a row was changed, and which fields."""
        if message:
            self.note(request, "change", obj, {"changed": message})

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> Any:
        """Note that rows were removed."""
        for obj in queryset:
            self.note(request, "remove", obj, {"name": str(obj)})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Fields with autocomplete show the row they point at without asking for it."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PreparedAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit trail of a row, for everybody who may see it; 200 acts at the most, the newest first."""
        response = super().history_view(request, object_id, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            obj = response.context_data["object"]
            response.context_data["title"] = f"History: {obj}"
            response.context_data["entries"] = self.audit_entries(obj).select_related("by")[:200]
        return response

    def audit_entries(self, obj: Any) -> QuerySet[AuditEntry]:
        """The acts that the history of a row shows."""
        kind, key = self.audit_key(obj)
        return AuditEntry.objects.filter(target_kind=kind, target_id=key[:LONGEST_TARGET])
