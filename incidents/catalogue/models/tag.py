"""Free words that gather incidents."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from incidents.catalogue.models.entry import unique_slug


class Tags(models.Manager["Tag"]):
    """Finds a tag by its slug."""

    def get_by_natural_key(self, slug: str) -> "Tag":
        """The tag with this slug."""
        return self.get(slug=slug)


class Tag(models.Model):
    """A word that gathers incidents, such as `ddos` or `supply chain`."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(
        max_length=80, unique=True, blank=True, help_text="Part of the public address; made from the name."
    )

    objects: ClassVar[Tags] = Tags()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="tag_has_name"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="tag_has_slug"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the tag; a new one without a slug gets a free one."""
        self.slug = self.slug or unique_slug(Tag, self.name)
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """Its slug."""
        return (self.slug,)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("tags:detail", args=[self.slug])
