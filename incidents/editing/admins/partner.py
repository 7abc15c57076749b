"""The admin of partners: who they are, what they may see, from where; and their keys."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.editing.admins.values import ValuesAdmin
from incidents.editing.fields import NamedDateTime
from incidents.editing.key_views import make_view, revoke_view, rotate_view
from incidents.partners.limits import PUBLIC_TIER, limits
from incidents.partners.models import Partner


class PartnerAdmin(ValuesAdmin):
    """Organizations that may have more than the public."""

    audited_values = (*("name", "organization", "members", "clearance", "tier", "networks", "expires_at", "is_active"),)
    list_display = ("name", "clearance", "tier", "working_keys", "last_used", "expires_at", "is_active")
    list_filter = ("clearance", "tier", "is_active")
    list_per_page = 50
    search_fields = (
        *("name", "organization__name", "contacts", "members__email", "members__full_name"),
        *("keys__prefix", "keys__name"),
    )
    search_help_text = "Name, contact, member, or the beginning of a key"
    autocomplete_fields = ("organization", "members")
    actions = None
    formfield_overrides = {**ValuesAdmin.formfield_overrides, models.DateTimeField: {"widget": NamedDateTime}}
    change_form_template = "admin/incidents/partner/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "organization", "contacts", "members")}),
        (
            "What they may do",
            {
                "fields": ("clearance", "tier", "networks", "expires_at", "is_active"),
                "description": "It holds for all their keys, from their next request on. A higher clearance shows them what was "
                "released before, too.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partner]:
        """All partners, with what the list says of their keys."""
        now = timezone.now()
        works = Q(keys__isnull=False, keys__revoked_at=None) & (Q(keys__expires_at=None) | Q(keys__expires_at__gt=now))
        keys: QuerySet[Partner] = super().get_queryset(request)
        return keys.annotate(key_count=Count("keys", filter=works, distinct=True), used_at=Max("keys__last_used_at"))

    @admin.display(description="Keys that work", ordering="key_count")
    def working_keys(self, partner: Any) -> int:
        """How many keys have not ended."""
        return int(partner.key_count)

    @admin.display(description="Last used", ordering="used_at", empty_value="never")
    def last_used(self, partner: Any) -> Any:
        """When any of their keys was used last."""
        return partner.used_at

    def note(self, request: HttpRequest, act: str, obj: Partner, detail: dict[str, Any] | None = None) -> None:
        """Write one act into the log, and whom it is about."""
        super().note(request, act, obj, {**(detail or {}), "partner": obj.name})

    def audit_entries(self, obj: Partner) -> QuerySet[AuditEntry]:
        """The acts on a partner, and those on their keys."""
        prefixes = list(obj.keys.values_list("prefix", flat=True))
        about_keys = AuditEntry.objects.filter(target_kind="apikey", target_id__in=prefixes)
        return super().audit_entries(obj) | about_keys

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Networks are explained; the tier is one of those that the settings know, or that somebody has."""
        if db_field.name == "networks":
            kwargs["help_text"] = f"{db_field.help_text} One to a line, such as 203.0.113.0/24."
        if db_field.name != "tier":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        said = {tier: f"{tier}: {limit} for each key" for tier, limit in limits().items() if tier != PUBLIC_TIER}
        had = Partner.objects.exclude(tier__in=said).values_list("tier", flat=True).order_by("tier").distinct()
        choices = [*said.items(), *((tier, tier) for tier in had)] or [("standard", "standard: no limit")]
        return forms.ChoiceField(choices=choices, initial="standard", help_text=db_field.help_text)

    def has_delete_permission(self, request: HttpRequest, obj: Partner | None = None) -> bool:
        """Only while a partner never had a key: the log names their keys. Make the partner inactive instead."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.keys.exists())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a partner, with their keys."""
        partner = self.get_object(request, object_id)
        keys = partner.keys.select_related("successor") if partner else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "keys": keys})

    def get_urls(self) -> list[URLPattern]:
        """The pages of the partner, and those about their keys."""

        def page(view: Any, address: str, name: str) -> URLPattern:
            wrapped = self.admin_site.admin_view(partial(view, self.admin_site))
            return path(f"<int:partner_pk>/keys/{address}", wrapped, name=f"incidents_partner_{name}")

        own = [
            page(make_view, "make/", "make_key"),
            page(rotate_view, "<int:key_pk>/rotate/", "rotate_key"),
            page(revoke_view, "<int:key_pk>/revoke/", "revoke_key"),
        ]
        return [*own, *super().get_urls()]
