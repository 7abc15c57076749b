"""Organizations and the services they run."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse

from incidents.catalogue.models.entry import HttpUrlField, unique_slug, validate_names
from incidents.vocabulary.words import Sector, ServiceKind


class Organizations(models.Manager["Organization"]):
    """Finds an organization by its slug."""

    def get_by_natural_key(self, slug: str) -> "Organization":
        """The organization with this slug."""
        return self.get(slug=slug)


class Organization(models.Model):
    """A company, agency or project: victim, operator, supplier or reporter of incidents."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=80, unique=True, blank=True, help_text="Part of the public address; made from the name."
    )
    aliases: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, blank=True, validators=[validate_names], help_text="Other names readers may look for."
    )
    sector = models.CharField(max_length=40, choices=Sector, blank=True)
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Give the two letters of ISO 3166-1, such as CN or US.")],
        help_text="Two letters, ISO 3166-1: CN, IN, US …",
    )
    founded = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(2999)], help_text="Year."
    )
    website = HttpUrlField()
    description = models.TextField(blank=True, help_text="A sentence or two, in Markdown.")

    objects: ClassVar[Organizations] = Organizations()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="organization_has_name"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="organization_has_slug"),
            models.CheckConstraint(
                condition=models.Q(country="") | models.Q(country__regex=r"^[A-Z]{2}$"), name="organization_country_iso"
            ),
        ]
        indexes = [models.Index(fields=["name", "slug"], name="organization_by_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the organization; a new one without a slug gets a free one."""
        self.slug = self.slug or unique_slug(Organization, self.name)
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """Its slug."""
        return (self.slug,)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("organizations:detail", args=[self.slug])


class Services(models.Manager["Service"]):
    """Finds a service by its organization's slug and its own."""

    def get_by_natural_key(self, organization: str, slug: str) -> "Service":
        """The service with these slugs."""
        return self.get(organization__slug=organization, slug=slug)


class Service(models.Model):
    """Something an organization offers that an incident can affect."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, blank=True, help_text="Part of the public address; made from the name.")
    kind = models.CharField(max_length=20, choices=ServiceKind, default=ServiceKind.WEB_APP)
    url = HttpUrlField(verbose_name="address")
    status_page = HttpUrlField()

    objects: ClassVar[Services] = Services()

    class Meta:
        ordering = ["organization__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="service_unique_in_organization"),
            models.CheckConstraint(condition=~models.Q(name=""), name="service_has_name"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="service_has_slug"),
        ]
        indexes = [models.Index(fields=["name"], name="service_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.organization})"

    @property
    def key(self) -> str:
        """`organization/service`, the name filters and terms use."""
        return f"{self.organization.slug}/{self.slug}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the service; a new one without a slug gets a free one within its organization."""
        self.slug = self.slug or unique_slug(Service, self.name, organization=self.organization)
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str, str]:
        """The organization's slug and its own."""
        return (self.organization.slug, self.slug)

    natural_key.dependencies = ["incidents.organization"]  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("services:detail", args=[self.organization.slug, self.slug])
