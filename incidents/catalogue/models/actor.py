"""Those who attack, or are said to."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from incidents.catalogue.models.entry import HttpUrlField, unique_slug, validate_names
from incidents.vocabulary.words import ActorKind, EntryStatus


class ThreatActors(models.Manager["ThreatActor"]):
    """Finds an actor by its slug."""

    def get_by_natural_key(self, slug: str) -> "ThreatActor":
        """The actor with this slug."""
        return self.get(slug=slug)


class ThreatActor(models.Model):
    """A person, group or state organ that incidents are attributed to, rightly or not."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=80, unique=True, blank=True, help_text="Part of the public address; made from the name."
    )
    external_id = models.CharField(max_length=24, blank=True, help_text="ATT&CK group id, such as G0032.")
    aliases: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, blank=True, validators=[validate_names], help_text="Other names readers may look for."
    )
    kind = models.CharField(max_length=20, choices=ActorKind, default=ActorKind.UNKNOWN)
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Give the two letters of ISO 3166-1, such as CN or US.")],
        help_text="Where it is said to be based: two letters, ISO 3166-1.",
    )
    description = models.TextField(blank=True, help_text="A sentence or two, in Markdown.")
    url = HttpUrlField(verbose_name="reference")
    stix_id = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=12, choices=EntryStatus, default=EntryStatus.ACTIVE)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    revised_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its framework last revised it; empty unless imported."
    )

    objects: ClassVar[ThreatActors] = ThreatActors()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="actor_has_name"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="actor_has_slug"),
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="actor_external_id_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(country="") | models.Q(country__regex=r"^[A-Z]{2}$"), name="actor_country_iso"
            ),
            models.CheckConstraint(
                condition=~models.Q(superseded_by=models.F("id")), name="actor_not_its_own_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the actor; a new one without a slug gets a free one."""
        self.slug = self.slug or unique_slug(ThreatActor, self.name)
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """Its slug."""
        return (self.slug,)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("actors:detail", args=[self.slug])
