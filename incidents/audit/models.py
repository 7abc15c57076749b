"""The log's one table."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from incidents.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet


class AuditEntry(AppendOnlyModel):
    """One act: who did what to which thing, when, from where."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=60)
    target_id = models.CharField(max_length=120)
    origin = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager["AuditEntry"]] = AppendOnlyQuerySet["AuditEntry"].as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["target_kind", "target_id", "-id"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"{self.act} {self.target_kind} {self.target_id}"

    @property
    def what(self) -> str:
        """The act in words, as a heading."""
        return self.act.replace("_", " ").capitalize()
