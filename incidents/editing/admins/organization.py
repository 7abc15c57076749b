"""The admin of organizations, with the services they run."""

from typing import Any

from django.contrib import admin

from incidents.catalogue.models import Service
from incidents.editing.admins.catalogue import CatalogueAdmin
from incidents.editing.parts.part import OVERRIDES, TabularFormSet
from incidents.publication.models import Facet


class ServiceInline(admin.TabularInline):
    """The services of an organization."""

    model = Service
    fields = ("name", "kind", "url", "status_page")
    formset = TabularFormSet
    formfield_overrides = OVERRIDES
    extra = 0
    show_change_link = True


class OrganizationAdmin(CatalogueAdmin):
    """Companies, agencies and projects."""

    facet = Facet.ORGANIZATION
    list_display = ("name", "sector", "country", "slug")
    list_filter = ("sector",)
    search_fields = ("name", "slug", "aliases")
    inlines = (ServiceInline,)
    fields = ("name", "aliases", "sector", "country", "founded", "website", "description")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields; the slug once there is one."""
        return [*self.fields, "slug"] if obj else self.fields
