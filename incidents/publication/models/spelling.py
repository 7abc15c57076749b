"""Words that names and titles are made of, under everything that one slip of the finger makes of them."""

from typing import ClassVar

from django.db import models


class Spelling(models.Model):
    """A word under one of its variants: itself, or itself without one letter. `tlp_rank` is the lowest rank it appeared in."""

    variant = models.CharField(max_length=60)
    word = models.CharField(max_length=60)
    tlp_rank = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager["Spelling"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["variant", "word"], name="spelling_once_per_variant")]

    def __str__(self) -> str:
        return f"{self.variant}: {self.word}"
