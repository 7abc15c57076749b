"""What the dates of an incident rest on."""

from django.db import models

from incidents.record.fields import CitesField, PartialDateField, date_is_well_formed, value_is_known
from incidents.record.models.incident import Incident
from incidents.vocabulary.words import Confidence, IncidentDate


class DateClaim(models.Model):
    """What somebody says about one date of an incident; competing dates are separate rows, never merged."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="date_claims")
    order = models.PositiveSmallIntegerField(default=0)
    event = models.CharField(max_length=16, choices=IncidentDate, default=IncidentDate.OCCURRED_FROM)
    at = PartialDateField("date", blank=False)
    said_by = models.CharField("who says so", max_length=200, blank=True)
    confidence = models.CharField(max_length=12, choices=Confidence, default=Confidence.UNKNOWN)
    cites = CitesField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            value_is_known("date_claim", "event", IncidentDate),
            value_is_known("date_claim", "confidence", Confidence),
            *date_is_well_formed("date_claim", "at"),
            models.CheckConstraint(condition=~models.Q(at=""), name="date_claim_has_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.at}"
