"""The admin of tags."""

from typing import Any

from incidents.editing.admins.catalogue import CatalogueAdmin
from incidents.publication.models import Facet


class TagAdmin(CatalogueAdmin):
    """Free words that gather incidents."""

    facet = Facet.TAG
    list_display = ("name", "slug")
    search_fields = ("name",)
    fields = ("name",)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The name; the slug once there is one."""
        return ["name", "slug"] if obj else ["name"]
