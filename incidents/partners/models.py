"""Partners and their API keys."""

from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.catalogue.models import Organization
from incidents.partners.scopes import Scope
from incidents.publication.audience import Audience
from incidents.vocabulary.tlp import TLP

CLEARANCES = [(label.value, label.label) for label in TLP if label is not TLP.RED]
DIGEST_LENGTH = 64
PREFIX_LENGTH = 10


def validate_networks(networks: object) -> None:
    """Refuse a list of networks that is none.

    Raises:
        ValidationError: naming what is no address and no network.
    """
    if not isinstance(networks, list):
        raise ValidationError("Give a list of networks.")
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise ValidationError(
                f"“{network}” is no address or network, such as 203.0.113.7 or 2001:db8::/32."
            ) from None


def validate_scopes(scopes: object) -> None:
    """Refuse a list of scopes that is none.

    Raises:
        ValidationError: naming what is no scope.
    """
    if not isinstance(scopes, list) or not scopes:
        raise ValidationError("Give at least one scope.")
    for scope in scopes:
        if scope not in Scope.values:
            raise ValidationError(f"“{scope}” is no scope. There are {', '.join(Scope.values)}.")


class Partner(models.Model):
    """An organization that may have more than the public: a SOC, a CERT, an insurer, a platform."""

    name = models.CharField(max_length=200, unique=True)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where the catalogue knows it.",
    )
    contacts = models.TextField(
        blank=True, help_text="Whom to ask or to warn: names, addresses, numbers. Seen here only."
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="partners",
        help_text="Accounts that may see and manage the partner's own keys and endpoints.",
    )
    clearance = models.CharField(
        max_length=20, choices=CLEARANCES, default=TLP.CLEAR, help_text="The narrowest TLP label they may receive."
    )
    tier = models.CharField(
        max_length=40, default="standard", help_text="Which of the rate limits holds for their keys."
    )
    networks: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_networks],
        help_text="Their keys work from these addresses and networks only; from anywhere if there are none.",
    )
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Their keys stop then. Empty: never.")
    is_active = models.BooleanField(default=True, help_text="Untick to stop all their keys at once.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="partner_has_name"),
            models.CheckConstraint(
                condition=Q(clearance__in=[value for value, _ in CLEARANCES]), name="partner_clearance_below_red"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audience(self) -> Audience:
        """What the partner may see."""
        return Audience(TLP(self.clearance))

    def is_valid_at(self, time: datetime) -> bool:
        """Whether the partner has access at a time."""
        return self.is_active and (self.expires_at is None or time < self.expires_at)

    def may_call_from(self, address: str) -> bool:
        """Whether a call from this IP address is allowed; from one that cannot be read only where every address is."""
        if not self.networks:
            return True
        try:
            caller = ip_address(address)
        except ValueError:
            return False
        caller = getattr(caller, "ipv4_mapped", None) or caller
        return any(caller in ip_network(network) for network in self.networks)


class ApiKey(models.Model):
    """A secret by which a partner's program is known. Only its SHA-256 is kept: it has 256 random bits, so no guess finds it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100, help_text="Which program uses it.")
    prefix = models.CharField(max_length=PREFIX_LENGTH, unique=True, editable=False)
    digest = models.CharField(max_length=DIGEST_LENGTH, editable=False)
    scopes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, validators=[validate_scopes])
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_from = models.CharField(max_length=45, blank=True, editable=False)
    rotated_from = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successor", editable=False
    )

    objects: ClassVar[models.Manager["ApiKey"]] = models.Manager()

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="apikey_has_name"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="apikey_digest_is_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_valid_at(self, time: datetime) -> bool:
        """Whether the key itself still counts at a time."""
        return self.revoked_at is None and (self.expires_at is None or time < self.expires_at)

    @property
    def state(self) -> str:
        """In a word or a few, whether the key itself counts now."""
        if self.revoked_at is not None:
            return "revoked"
        if not self.is_valid_at(timezone.now()):
            return "expired"
        return "being replaced" if self.has_successor else "works"

    @property
    def has_successor(self) -> bool:
        """Whether it was rotated. One query, unless `successor` was fetched with the key."""
        return hasattr(self, "successor")

    @property
    def can_be_rotated(self) -> bool:
        """Whether it still counts, and has no successor yet."""
        return self.is_valid_at(timezone.now()) and not self.has_successor
