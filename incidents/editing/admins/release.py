"""The admin of releases: the ledger, to look at."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from incidents.editing.admins.reading import ReadOnlyAdmin
from incidents.publication.models import Release


class ReleaseAdmin(ReadOnlyAdmin):
    """Every release ever made, the newest first."""

    list_display = (
        "sequence",
        "public_id",
        "number",
        "kind",
        "significance",
        "reason",
        "tlp",
        "released_by",
        "released_at",
    )
    list_display_links = ("sequence", "public_id")
    list_filter = ("kind", "significance", "tlp")
    list_select_related = ("released_by",)
    search_fields = ("public_id", "reason")
    ordering = ("-sequence",)
    fields = (
        "public_page", "public_id", "number", "sequence", "kind", "significance", "reason", "tlp", "released_by", "released_at",
        "sha256", "previous_sha256", "document_json",
    )  # fmt: skip

    def get_queryset(self, request: Any) -> Any:
        """Releases without their documents, which only the page of one needs."""
        return super().get_queryset(request).defer("document_json")

    @admin.display(description="Public page")
    def public_page(self, release: Release) -> str:
        """A link to the release as readers see it."""
        address = reverse("advisories:release", args=[release.public_id, release.number])
        return format_html('<a href="{}">{}</a>', address, address)
