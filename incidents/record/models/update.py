"""Dated public notes on how an incident goes on."""

from django.core.validators import MaxLengthValidator
from django.db import models

from incidents.catalogue.models import Service
from incidents.record.fields import LONGEST_PROSE, CitesField, PartialDateField, date_is_well_formed, value_is_known
from incidents.record.models.incident import Incident
from incidents.vocabulary.words import ServiceImpact, UpdateKind


class Update(models.Model):
    """A dated public note."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    at = PartialDateField("when", blank=False)
    kind = models.CharField(max_length=16, choices=UpdateKind, default=UpdateKind.INVESTIGATING)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_PROSE)], help_text="In Markdown.")
    cites = CitesField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="update_has_title"),
            value_is_known("update", "kind", UpdateKind),
            *date_is_well_formed("update", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.title}"


class ServiceImpactAtUpdate(models.Model):
    """The state of one service at the time of an update."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="impacts")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    impact = models.CharField(max_length=20, choices=ServiceImpact)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "service"], name="impact_once_per_update"),
            value_is_known("impact_at_update", "impact", ServiceImpact),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_impact_display().lower()}"
