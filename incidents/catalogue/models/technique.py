"""Tactics, techniques and mitigations, as MITRE's ATT&CK and ATLAS name them or as defined here."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from incidents.catalogue.models.entry import HttpUrlField
from incidents.vocabulary.words import EntryStatus, Framework


class FrameworkEntries(models.Manager):
    """Finds an entry by its framework and external id."""

    def get_by_natural_key(self, framework: str, external_id: str) -> models.Model:
        """The entry with this framework and id."""
        return self.get(framework=framework, external_id=external_id)


class FrameworkEntry(models.Model):
    """What tactics, techniques and mitigations have in common."""

    framework = models.CharField(max_length=10, choices=Framework, default=Framework.ATTACK)
    external_id = models.CharField(max_length=24, help_text="As the framework writes it: T1566, AML.T0051, M1032.")
    name = models.CharField(max_length=200)
    summary = models.TextField(blank=True, help_text="What it is, in Markdown.")
    url = HttpUrlField(verbose_name="reference")
    stix_id = models.CharField(max_length=100, blank=True, help_text="The framework's own STIX id, where it has one.")
    domains: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, blank=True, help_text="ATT&CK domains it belongs to: enterprise, ics, mobile."
    )
    status = models.CharField(max_length=12, choices=EntryStatus, default=EntryStatus.ACTIVE)
    revised_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its framework last revised it; empty unless imported."
    )

    objects: ClassVar[FrameworkEntries] = FrameworkEntries()

    class Meta:
        abstract = True
        ordering = ["framework", "external_id"]

    def __str__(self) -> str:
        return f"{self.external_id} {self.name}"

    @property
    def key(self) -> str:
        """`framework/id`, the name filters and terms use."""
        return f"{self.framework}/{self.external_id}"

    def natural_key(self) -> tuple[str, str]:
        """Framework and external id."""
        return (self.framework, self.external_id)


def _named_once(model: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["framework", "external_id"], name=f"{model}_unique_in_framework"),
        models.CheckConstraint(condition=~models.Q(external_id=""), name=f"{model}_has_external_id"),
        models.CheckConstraint(condition=~models.Q(name=""), name=f"{model}_has_name"),
    ]


class Tactic(FrameworkEntry):
    """Why an adversary does something: one column of the matrix."""

    shortname = models.SlugField(max_length=60, blank=True, help_text="As kill chain phases write it: initial-access.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Column in the matrix, from the left.")

    class Meta(FrameworkEntry.Meta):
        ordering = ["framework", "position", "external_id"]
        constraints = _named_once("tactic")


class Technique(FrameworkEntry):
    """How an adversary does it: an ATT&CK or ATLAS technique, or one of our own."""

    tactics = models.ManyToManyField(Tactic, blank=True, related_name="techniques")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    class Meta(FrameworkEntry.Meta):
        constraints = [
            *_named_once("technique"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="technique_not_its_own_parent"),
            models.CheckConstraint(
                condition=~models.Q(superseded_by=models.F("id")), name="technique_not_its_own_successor"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("techniques:detail", args=[self.framework, self.external_id])


class Mitigation(FrameworkEntry):
    """What stops or softens techniques."""

    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    counters = models.ManyToManyField(Technique, through="MitigationCoverage", related_name="mitigations")

    class Meta(FrameworkEntry.Meta):
        constraints = [
            *_named_once("mitigation"),
            models.CheckConstraint(
                condition=~models.Q(superseded_by=models.F("id")), name="mitigation_not_its_own_successor"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("mitigations:detail", args=[self.framework, self.external_id])


class MitigationCoverage(models.Model):
    """A mitigation counters a technique, and how."""

    mitigation = models.ForeignKey(Mitigation, on_delete=models.CASCADE, related_name="coverage")
    technique = models.ForeignKey(Technique, on_delete=models.CASCADE, related_name="coverage")
    how = models.TextField(blank=True, help_text="How it counters the technique, in Markdown.")
    stix_id = models.CharField(max_length=100, blank=True)
    revised_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its framework last revised it; empty unless imported."
    )

    class Meta:
        ordering = ["mitigation", "technique"]
        verbose_name_plural = "mitigation coverage"
        constraints = [models.UniqueConstraint(fields=["mitigation", "technique"], name="coverage_unique")]

    def __str__(self) -> str:
        return f"{self.mitigation} counters {self.technique}"
