"""Filters of the list of incidents."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from incidents.editing.desk import awaiting_review_by
from incidents.record.models import Incident


class WaitingFilter(admin.SimpleListFilter):
    """What waits for the person who looks at the list."""

    title = "waiting for me"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices; to review only for those who may approve."""
        may_approve = request.user.has_perm("incidents.approve_incident")
        return [*([("review", "Needs my review")] if may_approve else []), ("mine", "Mine")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        """The incidents of the choice."""
        person: Any = request.user
        if self.value() == "review":
            return awaiting_review_by(person, queryset)
        if self.value() == "mine":
            return queryset.filter(Q(changed_by=person) | Q(created_by=person))
        return queryset
