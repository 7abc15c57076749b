"""The ledger: every release ever made, append-only, numbered, chained by hash."""

import hashlib
import json
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

from incidents.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from incidents.publication.audience import Audience
from incidents.publication.document import AdvisoryDocument, ReleaseNote, decode_document
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Significance


class Ledger(models.Model):
    """One row: the head of the chain. Whoever appends a release locks it first, so sequence order is commit order.

    `edition` grows with every change that public pages can show: a release, or an edit of the catalogue.
    """

    last_sequence = models.PositiveBigIntegerField(default=0)
    last_sha256 = models.CharField(max_length=64, blank=True)
    last_released_at = models.DateTimeField(null=True)
    edition = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_has_one_row")]

    def __str__(self) -> str:
        return f"Ledger at {self.last_sequence}"


class ReleaseQuerySet(AppendOnlyQuerySet["Release"]):
    """The words in which doors ask for releases."""

    def visible_to(self, audience: Audience) -> Self:
        """Releases this audience may see: both the release's own label and the advisory's current one allow it."""
        return self.filter(tlp_rank__lte=audience.highest_rank, advisory__tlp_rank__lte=audience.highest_rank)

    def of(self, public_id: str) -> Self:
        """All releases of one advisory, the oldest first."""
        return self.filter(public_id=public_id).order_by("number")


class Release(AppendOnlyModel):
    """One immutable release of an advisory. `document` holds the canonical JSON, to the byte."""

    sequence = models.PositiveBigIntegerField(unique=True)
    public_id = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=ReleaseKind)
    significance = models.CharField(max_length=12, choices=Significance)
    reason = models.CharField(max_length=500)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tlp = models.CharField("TLP", max_length=20, choices=TLP)
    tlp_rank = models.PositiveSmallIntegerField()
    document_json = models.TextField()
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    advisory = models.ForeignObject(
        "incidents.Advisory",
        on_delete=models.DO_NOTHING,
        from_fields=["public_id"],
        to_fields=["public_id"],
        related_name="releases",
        null=True,
    )

    objects: ClassVar[models.Manager["Release"]] = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["public_id", "number"], name="release_number_unique"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="release_number_positive"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="release_sequence_positive"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="release_has_reason"),
            models.CheckConstraint(condition=models.Q(tlp__in=TLP.values), name="release_tlp_is_known"),
        ]
        indexes = [models.Index(fields=["-released_at", "-public_id"], name="release_newest")]

    def __str__(self) -> str:
        return f"{self.public_id} release {self.number}"

    @cached_property
    def document(self) -> AdvisoryDocument:
        """The document this release froze."""
        return decode_document(self.document_json)

    @property
    def note(self) -> ReleaseNote:
        """What is said about this release."""
        return ReleaseNote(
            number=self.number,
            kind=ReleaseKind(self.kind),
            significance=Significance(self.significance),
            reason=self.reason,
            released_at=self.released_at,
            tlp=TLP(self.tlp),
        )

    def digest(self) -> str:
        """SHA-256 over the hash before it, everything the row says, and the document's bytes."""
        head = [
            self.previous_sha256,
            self.sequence,
            self.public_id,
            self.number,
            self.kind,
            self.significance,
            self.reason,
            self.released_at.isoformat(timespec="milliseconds"),
            self.released_by_id,
            self.tlp,
        ]
        written = (
            json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" + self.document_json.encode()
        )
        return hashlib.sha256(written).hexdigest()
