"""Counts kept while projecting, so that nobody has to count a million rows to say how many there are."""

from typing import ClassVar

from django.db import models

from incidents.publication.audience import Audience

AUDIENCES = ("clear", "green", "amber", "amber_strict")
"""A column for each audience, by the highest TLP rank it may see: every column counts what the ones before it count too."""


class Tally(models.Model):
    """How many advisories carry one value of one facet, as each audience may know. See `publication/tallies.py`."""

    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=170)
    clear = models.IntegerField()
    green = models.IntegerField()
    amber = models.IntegerField()
    amber_strict = models.IntegerField()

    objects: ClassVar[models.Manager["Tally"]] = models.Manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["facet", "value"], name="tally_once_per_value")]
        indexes = [models.Index(fields=["facet", "-clear", "value"], name="tally_most_common")]

    def __str__(self) -> str:
        return f"{self.facet}={self.value}: {self.amber_strict}"

    @staticmethod
    def column(audience: Audience) -> str:
        """The column that counts for an audience."""
        return AUDIENCES[audience.highest_rank]
