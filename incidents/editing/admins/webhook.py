"""The admins of webhooks, to look at: partners manage their own."""

import json
from typing import Any

from django.contrib import admin

from incidents.editing.admins.reading import ReadOnlyAdmin
from incidents.subscriptions.models import Attempt, Delivery


class EndpointAdmin(ReadOnlyAdmin):
    """Every webhook, and how it is."""

    list_display = ("__str__", "partner", "state", "failures", "failing_since", "last_delivered_at", "created_at")
    list_filter = ("state", "partner")
    list_select_related = ("partner",)
    search_fields = ("url", "description", "partner__name")
    search_help_text = "Address, description or partner"
    ordering = ("partner__name", "created_at")
    fields = (
        "partner", "url", "description", "filter", "events", "is_slim", "state", "paused_because", "failures", "failing_since",
        "resting_until", "last_delivered_at", "previous_secret_until", "made_with", "made_by", "created_at",
    )  # fmt: skip


class DeliveryAdmin(ReadOnlyAdmin):
    """Every delivery, the newest first."""

    list_display = (
        "message_id",
        "endpoint",
        "public_id",
        "event",
        "state",
        "attempts",
        "next_attempt_at",
        "finished_at",
    )
    list_filter = ("state", "event")
    list_select_related = ("endpoint",)
    search_fields = ("message_id", "public_id", "endpoint__url", "endpoint__partner__name")
    search_help_text = "webhook-id, advisory, address or partner"
    ordering = ("-id",)
    fields = (
        "message_id", "endpoint", "public_id", "event", "state", "attempts", "next_attempt_at", "created_at", "finished_at",
        "note", "attempts_made",
    )  # fmt: skip

    @admin.display(description="Log")
    def attempts_made(self, delivery: Delivery) -> str:
        """What was sent and what came back, the last attempt first. Bodies of answers are the partner's own."""
        rows: Any = Attempt.objects.filter(delivery=delivery).order_by("-id")
        told = rows.values("at", "milliseconds", "url", "status", "fault", "request_bytes")
        return json.dumps([{**row, "at": row["at"].isoformat()} for row in told], indent=2)
