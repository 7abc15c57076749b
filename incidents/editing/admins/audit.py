"""The admin of the audit log, to look at and to search."""

import json

from django.contrib import admin

from incidents.audit.models import AuditEntry
from incidents.editing.admins.reading import ReadOnlyAdmin


class AuditEntryAdmin(ReadOnlyAdmin):
    """Every act: who did what to which thing, when, from where."""

    list_display = ("at", "by", "act", "target_kind", "target_id", "origin")
    list_filter = ("act", "target_kind")
    list_select_related = ("by",)
    search_fields = ("target_id", "act", "by__email", "by__full_name", "origin")
    search_help_text = "Incident id, act, person or address"
    ordering = ("-id",)
    fields = ("at", "by", "act", "target_kind", "target_id", "origin", "what")

    @admin.display(description="Detail")
    def what(self, entry: AuditEntry) -> str:
        """Further facts, as they were written."""
        return json.dumps(entry.detail, ensure_ascii=False, indent=2)
