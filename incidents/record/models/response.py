"""What to do about it."""

from django.core.validators import MaxLengthValidator
from django.db import models

from incidents.catalogue.models import Mitigation
from incidents.record.fields import LONGEST_PROSE, CitesField, value_is_known
from incidents.record.models.incident import Incident
from incidents.vocabulary.words import Priority, ReaderGroup


class Recommendation(models.Model):
    """What one group of readers should do; tied to a mitigation of the catalogue where there is one."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="recommendations")
    order = models.PositiveSmallIntegerField(default=0)
    audience = models.CharField(max_length=12, choices=ReaderGroup, default=ReaderGroup.USERS)
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.SOON)
    title = models.CharField(
        max_length=200, blank=True, help_text="Left empty, the name of the mitigation stands there."
    )
    mitigation = models.ForeignKey(
        Mitigation, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    due_on = models.DateField("due on", null=True, blank=True)
    advice = models.TextField(
        blank=True, validators=[MaxLengthValidator(LONGEST_PROSE)], help_text="What to do, step by step, in Markdown."
    )
    cites = CitesField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            value_is_known("recommendation", "audience", ReaderGroup),
            value_is_known("recommendation", "priority", Priority),
            models.CheckConstraint(
                condition=models.Q(mitigation__isnull=False) | ~models.Q(title=""), name="recommendation_says_what"
            ),
        ]

    def __str__(self) -> str:
        return self.title or (self.mitigation.name if self.mitigation else "Recommendation")
