"""The admin site as the editors' desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from incidents.editing.desk import inbox_for, piles_for, recent_acts


class DeskSite(admin.AdminSite):
    """Django's admin, opening with what waits for the person who signed in."""

    site_header = "Tocsin · Editors’ desk"
    site_title = "Editors’ desk"
    index_title = "Your desk"
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page of the desk."""
        person: Any = request.user
        desk = {"piles": piles_for(person), "inbox": inbox_for(person), "recent_acts": recent_acts(person)}
        return super().index(request, {**desk, **(extra_context or {})})
