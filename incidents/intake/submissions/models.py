"""What was sent in, by whom, and what became of it. The sender's words are never changed; the incident is the editors' own."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, TextChoices

from incidents.intake.submissions.link import REFERENCE_PATTERN
from incidents.partners.models import DIGEST_LENGTH, Partner
from incidents.record.fields import ContentAddressedFileField, PartialDateField, date_is_well_formed, value_is_known
from incidents.record.models import Incident
from incidents.vocabulary.files import sent_path
from incidents.vocabulary.tlp import TLP

LONGEST_TEXT = 20_000
LONGEST_IMPACT = 5_000
LONGEST_NOTE = 4_000
LONGEST_KEY = 255


class SubmissionState(TextChoices):
    """Where a submission stands: received → in review → accepted → published, or declined, or put aside as spam."""

    RECEIVED = "received", "Received"
    IN_REVIEW = "in_review", "In review"
    ACCEPTED = "accepted", "Accepted"
    PUBLISHED = "published", "Published"
    DECLINED = "declined", "Declined"
    SPAM = "spam", "Spam"


WAITING = (SubmissionState.RECEIVED, SubmissionState.IN_REVIEW)


class SendingAddress(models.Model):
    """An address, or the network of a household, that somebody without an account sent from: locked while its sendings are
    counted. Only a keyed hash of it is kept."""

    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True, editable=False)

    def __str__(self) -> str:
        return f"{self.digest[:12]}…"


class Submission(models.Model):
    """A proposed incident in its sender's own words. Nobody outside sees it but through its secret link."""

    reference = models.CharField(
        max_length=20, unique=True, editable=False, validators=[RegexValidator(f"^{REFERENCE_PATTERN}$")]
    )
    seed = models.CharField(max_length=DIGEST_LENGTH, editable=False)
    link_digest = models.CharField(max_length=DIGEST_LENGTH, unique=True, editable=False)

    # What was sent
    title = models.CharField(max_length=200)
    what_happened = models.TextField(max_length=LONGEST_TEXT)
    occurred_from = PartialDateField("from")
    occurred_to = PartialDateField("to")
    organization = models.CharField(max_length=200, blank=True)
    service = models.CharField(max_length=200, blank=True)
    impact = models.TextField(max_length=LONGEST_IMPACT, blank=True)
    techniques: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    sources: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=35, default="en")
    tlp = models.CharField("TLP wished", max_length=20, choices=TLP, default=TLP.CLEAR)

    # Who sent it
    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, null=True, blank=True, related_name="submissions")
    key_prefix = models.CharField(max_length=20, blank=True, editable=False)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    origin = models.CharField(max_length=45, blank=True, editable=False)
    sent_from = models.ForeignKey(
        SendingAddress, on_delete=models.PROTECT, null=True, editable=False, related_name="submissions"
    )
    received_at = models.DateTimeField(editable=False)

    # What became of it
    state = models.CharField(max_length=12, choices=SubmissionState, default=SubmissionState.RECEIVED)
    review_began_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=LONGEST_NOTE, blank=True)
    incident = models.OneToOneField(
        Incident, on_delete=models.SET_NULL, null=True, blank=True, related_name="submission"
    )

    objects: ClassVar[models.Manager["Submission"]] = models.Manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-received_at"], name="submission_by_state"),
            models.Index(fields=["sent_from", "-received_at"], name="submission_by_sender"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="submission_has_title"),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.DECLINED) | ~Q(reason=""), name="declined_submission_has_reason"
            ),
            value_is_known("submission", "state", SubmissionState),
            value_is_known("submission", "tlp", TLP),
            *date_is_well_formed("submission", "occurred_from", "occurred_to"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.title}"

    def natural_key(self) -> tuple[str]:
        """What the log calls it."""
        return (self.reference,)


def sent_file_path(file: "SentFile", name: str) -> str:
    """Where a file is stored: by its hash, never by the name someone gave it."""
    return sent_path(file.sha256)


class SentFile(models.Model):
    """A file that came with a submission: for editors only, and inert. `media_type` is what its content looks like."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    file = ContentAddressedFileField(upload_to=sent_file_path, max_length=200)
    name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=DIGEST_LENGTH)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    media_type = models.CharField(max_length=100)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "sha256"], name="sent_file_once"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="sent_file_sha256_shape"),
        ]

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """A sending, known by the key that its sender gave it; sent again, it makes nothing new. Without a submission it is
    still being worked on."""

    owner = models.CharField(max_length=40, help_text="Whose keys these are: a partner, or the form.")
    key = models.CharField(max_length=LONGEST_KEY)
    fingerprint = models.CharField(max_length=DIGEST_LENGTH)
    begun_at = models.DateTimeField()
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"
