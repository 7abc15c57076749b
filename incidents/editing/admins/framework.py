"""What the admins of tactics, techniques and mitigations share."""

from typing import Any

from incidents.editing.admins.catalogue import CatalogueAdmin


class FrameworkAdmin(CatalogueAdmin):
    """Entries of a framework. Framework and id are part of the public address and of every release: they stay."""

    permanent = ("framework", "external_id", "stix_id", "domains")
    list_display = ("external_id", "name", "framework", "status")
    list_display_links = ("external_id", "name")
    list_filter = ("framework", "status")
    search_fields = ("external_id", "name")
    further_fields: tuple[str, ...] = ()

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields; what only an import knows once it is there."""
        first = [("framework", "external_id"), "name", "summary", "url", *self.further_fields, "status"]
        return [*first, "stix_id", "domains"] if obj else first

    def public_key(self, obj: Any) -> str:
        """The id that releases name it by."""
        return str(obj.external_id)
