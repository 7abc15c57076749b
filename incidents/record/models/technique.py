"""How it was done and who is said to have done it."""

from django.core.validators import MaxLengthValidator
from django.db import models

from incidents.catalogue.models import Technique, ThreatActor
from incidents.record.fields import LONGEST_PROSE, CitesField, PartialDateField, date_is_well_formed, value_is_known
from incidents.record.models.incident import Incident
from incidents.vocabulary.words import AttributionStatus, Certainty, Confidence


class Attack(models.Model):
    """One technique in the course of an incident, with how sure that is."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attacks")
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in the course of events.")
    technique = models.ForeignKey(Technique, on_delete=models.PROTECT, related_name="attacks")
    tactic = models.CharField(
        max_length=60, blank=True, help_text="Short name of the tactic it served here, such as impact."
    )
    certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.SUSPECTED)
    occurred_from = PartialDateField("from")
    occurred_to = PartialDateField("to")
    description = models.TextField(
        blank=True, validators=[MaxLengthValidator(LONGEST_PROSE)], help_text="What was seen, in Markdown."
    )
    cites = CitesField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            value_is_known("attack", "certainty", Certainty),
            *date_is_well_formed("attack", "occurred_from", "occurred_to"),
        ]

    def __str__(self) -> str:
        return f"{self.technique}, {self.get_certainty_display().lower()}"


class Attribution(models.Model):
    """Who is said to be responsible, by whom and on what basis; several may stand side by side."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attributions")
    order = models.PositiveSmallIntegerField(default=0)
    actor = models.ForeignKey(
        ThreatActor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attributions",
        help_text="Empty: nobody is known.",
    )
    said_by = models.CharField("who says so", max_length=200, blank=True)
    said_on = PartialDateField("said on")
    status = models.CharField(max_length=12, choices=AttributionStatus, default=AttributionStatus.SUSPECTED)
    confidence = models.CharField(max_length=12, choices=Confidence, default=Confidence.UNKNOWN)
    basis = models.TextField(
        blank=True,
        validators=[MaxLengthValidator(LONGEST_PROSE)],
        help_text="On what the statement rests, in Markdown.",
    )
    cites = CitesField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            value_is_known("attribution", "status", AttributionStatus),
            value_is_known("attribution", "confidence", Confidence),
            *date_is_well_formed("attribution", "said_on"),
        ]

    def __str__(self) -> str:
        return f"{self.actor or 'Nobody known'}, {self.get_status_display().lower()}"
