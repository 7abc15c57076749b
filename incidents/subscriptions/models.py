"""Endpoints, deliveries, attempts; and how far a WebSub hub has been told."""

import datetime as dt
import secrets
import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.partners.models import ApiKey, Partner
from incidents.publication.models import Release


class EndpointState(models.TextChoices):
    """Whether an endpoint is sent to."""

    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"


class DeliveryState(models.TextChoices):
    """What became of a delivery."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"
    WITHHELD = "withheld", "Withheld"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """The words in which endpoints are asked for."""

    def of(self, partner: Partner) -> Self:
        """Those of one partner."""
        return self.filter(partner=partner)

    def open_at(self, time: dt.datetime) -> Self:
        """Those to which something may be sent: not paused, of a partner that has access."""
        has_access = Q(partner__expires_at=None) | Q(partner__expires_at__gt=time)
        return self.filter(has_access, state=EndpointState.ACTIVE, partner__is_active=True)


class Endpoint(models.Model):
    """An address of a partner that is told of releases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="endpoints")
    made_with = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    url = models.CharField("address", max_length=1000)
    description = models.CharField(max_length=200, blank=True)
    filter = models.CharField(max_length=2000, blank=True)
    events: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    is_slim = models.BooleanField("without documents", default=False)
    sealed_secret = models.CharField(max_length=300, editable=False)
    sealed_previous_secret = models.CharField(max_length=300, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=EndpointState, default=EndpointState.ACTIVE)
    paused_because = models.CharField(max_length=300, blank=True)
    is_notice_due = models.BooleanField(default=False, editable=False)
    told_until = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Up to which place in the sequence deliveries have been made."
    )
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    resting_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Endpoint"]] = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(url=""), name="endpoint_has_url"),
            models.CheckConstraint(condition=Q(state__in=EndpointState.values), name="endpoint_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.description or self.url

    @property
    def is_active(self) -> bool:
        """Whether it is sent to."""
        return self.state == EndpointState.ACTIVE


def new_message_id() -> str:
    """A `webhook-id` (Standard Webhooks, section “Webhook ID”)."""
    return f"msg_{secrets.token_hex(16)}"


class Delivery(models.Model):
    """One event for one endpoint. It is tried until it arrives or is given up; its `message_id` stays the same all the while."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField("webhook-id", max_length=40, unique=True, default=new_message_id, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="+")
    public_id = models.CharField("advisory", max_length=30, blank=True)
    sequence = models.PositiveBigIntegerField(default=0, editable=False)
    event = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, editable=False)
    leased_by = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "sequence"], condition=Q(sequence__gt=0), name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "next_attempt_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="waiting", sequence=0), name="delivery_test_due"
            ),
            models.Index(fields=["endpoint", "public_id", "sequence"], name="delivery_in_order"),
            models.Index(fields=["endpoint", "-id"], name="delivery_newest"),
            models.Index(fields=["finished_at"], name="delivery_finished"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def is_test(self) -> bool:
        """Whether it is about no release."""
        return self.sequence == 0


class Attempt(models.Model):
    """One try of a delivery: what was sent, what came back, how long it took. The secret is nowhere in it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    number = models.PositiveIntegerField(help_text="Since the delivery was made or replayed.")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(default=0)
    url = models.CharField("address", max_length=1000)
    request_headers: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    request_bytes = models.PositiveIntegerField(default=0)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    response_headers: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    response_body = models.TextField(blank=True)
    fault = models.CharField(max_length=500, blank=True)
    has_succeeded = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="attempt_at")]

    def __str__(self) -> str:
        return f"{self.delivery_id}, attempt {self.number}"


class HubProgress(models.Model):
    """How far the WebSub hub has been told of releases: one row."""

    told_until = models.PositiveBigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_fault = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="hub_progress_has_one_row")]

    def __str__(self) -> str:
        return f"Hub at {self.told_until}"
