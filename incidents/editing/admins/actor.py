"""The admin of threat actors."""

from typing import Any

from incidents.editing.admins.catalogue import CatalogueAdmin
from incidents.publication.models import Facet


class ThreatActorAdmin(CatalogueAdmin):
    """Those who attack, or are said to."""

    facet = Facet.ACTOR
    list_display = ("name", "kind", "country", "external_id", "status")
    list_filter = ("kind", "status")
    search_fields = ("name", "slug", "external_id", "aliases")
    autocomplete_fields = ("superseded_by",)
    permanent = ("slug", "stix_id")
    fields = ("name", "aliases", "kind", "country", "description", "url", "external_id", "status", "superseded_by")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields; what is permanent once it is there."""
        return [*self.fields, *self.permanent] if obj else self.fields
