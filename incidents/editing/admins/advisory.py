"""The admin of advisories: what is public now, to look at."""

from incidents.editing.admins.reading import ReadOnlyAdmin


class AdvisoryAdmin(ReadOnlyAdmin):
    """The projection that public pages read; `manage.py rebuild_projection` makes it anew from the ledger."""

    list_display = ("public_id", "title", "number", "severity", "state", "tlp", "is_withdrawn", "released_at")
    list_display_links = ("public_id", "title")
    list_filter = ("severity", "state", "tlp", "is_withdrawn", "is_open")
    search_fields = ("public_id", "title", "organization")
    ordering = ("-released_at", "-public_id")
