"""What an incident did: to services, and in figures."""

from django.db import models

from incidents.catalogue.models import Service
from incidents.record.fields import CitesField, PartialDateField, date_is_well_formed, value_is_known
from incidents.record.models.incident import Incident
from incidents.vocabulary.words import Confidence, LossKind, ServiceImpact


class AffectedService(models.Model):
    """A service and what happened to it for a time; a service may have several such spans."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected_services")
    order = models.PositiveSmallIntegerField(default=0)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="affections")
    impact = models.CharField(max_length=20, choices=ServiceImpact, default=ServiceImpact.DEGRADED)
    occurred_from = PartialDateField("from")
    occurred_to = PartialDateField("to")
    note = models.CharField(max_length=500, blank=True)
    cites = CitesField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            value_is_known("affected", "impact", ServiceImpact),
            *date_is_well_formed("affected", "occurred_from", "occurred_to"),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_impact_display().lower()}"


class Loss(models.Model):
    """A quantified loss; competing figures are separate rows, never merged."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="losses")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=LossKind, default=LossKind.RECORDS)
    low = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True, help_text="At least.")
    likely = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True, help_text="Best figure.")
    high = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True, help_text="At most.")
    unit = models.CharField(
        max_length=40, blank=True, help_text="ISO 4217 for money (USD), else the unit: hours, accounts, files …"
    )
    said_by = models.CharField("who says so", max_length=200, blank=True)
    as_of = PartialDateField("as of")
    confidence = models.CharField(
        max_length=12,
        choices=Confidence,
        default=Confidence.UNKNOWN,
        help_text="How far the figure is to be relied on.",
    )
    note = models.CharField(max_length=500, blank=True)
    cites = CitesField()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name_plural = "losses"
        constraints = [
            value_is_known("loss", "kind", LossKind),
            value_is_known("loss", "confidence", Confidence),
            models.CheckConstraint(
                condition=models.Q(low__isnull=False) | models.Q(likely__isnull=False) | models.Q(high__isnull=False),
                name="loss_has_a_figure",
            ),
            models.CheckConstraint(
                condition=models.Q(low__isnull=True)
                | models.Q(high__isnull=True)
                | models.Q(low__lte=models.F("high")),
                name="loss_low_not_above_high",
            ),
            models.CheckConstraint(
                condition=models.Q(low__isnull=True)
                | models.Q(likely__isnull=True)
                | models.Q(low__lte=models.F("likely")),
                name="loss_low_not_above_likely",
            ),
            models.CheckConstraint(
                condition=models.Q(likely__isnull=True)
                | models.Q(high__isnull=True)
                | models.Q(likely__lte=models.F("high")),
                name="loss_likely_not_above_high",
            ),
            *date_is_well_formed("loss", "as_of"),
        ]

    def __str__(self) -> str:
        figure = next(value for value in (self.likely, self.low, self.high, 0) if value is not None)
        return f"{figure:f} {self.unit or self.get_kind_display().lower()}"
