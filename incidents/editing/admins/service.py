"""The admin of services."""

from typing import Any

from incidents.catalogue.models import Service
from incidents.editing.admins.catalogue import CatalogueAdmin
from incidents.publication.models import Facet


class ServiceAdmin(CatalogueAdmin):
    """What organizations offer and incidents can affect."""

    facet = Facet.SERVICE
    list_display = ("name", "organization", "kind", "slug")
    list_filter = ("kind",)
    list_select_related = ("organization",)
    search_fields = ("name", "slug", "organization__name", "organization__slug")
    autocomplete_fields = ("organization",)
    permanent = ("slug", "organization")
    fields = ("organization", "name", "kind", "url", "status_page")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields; the slug once there is one."""
        return [*self.fields, "slug"] if obj else self.fields

    def get_queryset(self, request: Any) -> Any:
        """Services with their organizations, whose names are part of theirs."""
        return super().get_queryset(request).select_related("organization")

    def public_key(self, obj: Service) -> str:
        """Its organization's slug and its own."""
        return obj.key

    def audit_key(self, obj: Service) -> tuple[str, str]:
        """A service is known by its organization and its own slug."""
        return "service", obj.key
