"""What the record rests on: sources, the organisation's own words, files."""

from django.core.validators import MaxLengthValidator, MinValueValidator, RegexValidator
from django.db import models

from incidents.catalogue.models import Organization
from incidents.catalogue.models.entry import HttpUrlField
from incidents.record.fields import (
    LONGEST_PROSE,
    CitesField,
    ContentAddressedFileField,
    PartialDateField,
    date_is_well_formed,
    value_is_known,
)
from incidents.record.models.incident import Incident
from incidents.vocabulary.files import content_path
from incidents.vocabulary.words import SourceKind


class Source(models.Model):
    """Something published elsewhere. Its number is how the parts of the record cite it, and does not change."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="sources")
    number = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1)], help_text="How the text cites it: [^1]. Stays when others are removed."
    )
    title = models.CharField(max_length=300)
    url = HttpUrlField(blank=False, verbose_name="address")
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    published_on = PartialDateField("published on")
    accessed_on = models.DateField("accessed on", null=True, blank=True)
    archive_url = HttpUrlField(verbose_name="archived at")
    language = models.CharField(
        max_length=35,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")],
        help_text="BCP 47: en, zh …",
    )
    kind = models.CharField(max_length=12, choices=SourceKind, default=SourceKind.NEWS)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="source_number_unique"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="source_number_positive"),
            models.CheckConstraint(condition=models.Q(url__regex=r"^https?://"), name="source_url_is_http"),
            value_is_known("source", "kind", SourceKind),
            *date_is_well_formed("source", "published_on"),
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.title}"


class Statement(models.Model):
    """Right of reply: what an organization itself says about the incident."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="statements")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="statements")
    made_on = PartialDateField("made on")
    text = models.TextField(
        validators=[MaxLengthValidator(LONGEST_PROSE)],
        help_text="Their words or a faithful summary of them, in Markdown.",
    )
    is_quotation = models.BooleanField("verbatim", default=False, help_text="The text is quoted word for word.")
    cites = CitesField()

    class Meta:
        ordering = ["made_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="statement_has_text"),
            *date_is_well_formed("statement", "made_on"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {self.made_on or 'undated'}"


def attachment_path(attachment: "Attachment", name: str) -> str:
    """Where an attachment is stored: by its hash, never by the name someone gave it."""
    return content_path(attachment.sha256)


class Attachment(models.Model):
    """A file that belongs to the record; served inert."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attachments")
    file = ContentAddressedFileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(max_length=150, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False, validators=[RegexValidator("^[0-9a-f]{64}$")])
    size = models.PositiveBigIntegerField(editable=False, help_text="Bytes.")
    media_type = models.CharField(max_length=100, editable=False)
    title = models.CharField(max_length=200)
    alt_text = models.CharField(
        "alternative text", max_length=500, blank=True, help_text="What a picture shows, for those who do not see it."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "sha256"], name="attachment_once"),
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="attachment_sha256_shape"),
        ]

    def __str__(self) -> str:
        return self.title
