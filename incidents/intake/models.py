"""What was taken in: the mark that makes an intake repeatable."""

from typing import ClassVar

from django.db import models

from incidents.record.models import Incident


class IntakeMark(models.Model):
    """One entry of an outside source and the incident it became. `digest` is the SHA-256 of the entry as it was read."""

    format = models.CharField(max_length=20, help_text="Whose way of writing it is: atlas, scale …")
    external_id = models.CharField(max_length=120, help_text="As the source names it: AML.CS0015.")
    digest = models.CharField(max_length=64)
    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="intake_mark")

    objects: ClassVar[models.Manager["IntakeMark"]] = models.Manager()

    class Meta:
        ordering = ["format", "external_id"]
        constraints = [
            models.UniqueConstraint(fields=["format", "external_id"], name="taken_in_once"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="intake_mark_has_id"),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.external_id}"
