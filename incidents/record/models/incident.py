"""The incident itself, its public id, the organizations involved and the incidents related to it."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.urls import reverse

from incidents.catalogue.models import Organization, Tag
from incidents.record.fields import (
    LONGEST_NARRATIVE,
    LONGEST_SUMMARY,
    PartialDateField,
    date_is_well_formed,
    value_is_known,
)
from incidents.record.states import WorkflowState
from incidents.vocabulary.identifiers import PUBLIC_ID_PATTERN
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import IncidentState, OrganizationRole, Relation, ReleaseKind, Severity, Significance

DATES = ("occurred_from", "occurred_to", "detected", "disclosed", "contained", "resolved")
NARRATIVE = ("what_happened", "impact", "who_is_responsible", "how_to_stay_protected", "takeaway")
_BOUNDED = [MaxLengthValidator(LONGEST_NARRATIVE)]


class IncidentNumber(models.Model):
    """The last number allotted in a year, locked while the next one is taken, so that no id is ever given twice."""

    prefix = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="incident_number_unique")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class Incidents(models.Manager["Incident"]):
    """Finds an incident by its public id."""

    def get_by_natural_key(self, public_id: str) -> "Incident":
        """The incident with this public id."""
        return self.get(public_id=public_id)


class Incident(models.Model):
    """The editors' working copy of one incident."""

    public_id = models.CharField(
        "id", max_length=30, unique=True, editable=False, validators=[RegexValidator(f"^{PUBLIC_ID_PATTERN}$")]
    )
    title = models.CharField(max_length=200, help_text="What happened to whom, in one line and without drama.")
    summary = models.TextField(
        max_length=LONGEST_SUMMARY,
        blank=True,
        validators=[MaxLengthValidator(LONGEST_SUMMARY)],
        help_text="Two or three plain sentences: the first line of the answer box, of feeds and cards.",
    )
    who_is_affected = models.CharField(
        max_length=300,
        blank=True,
        help_text="One line for the answer box. Left empty, organisations and services are listed.",
    )
    what_to_do_now = models.CharField(
        max_length=300,
        blank=True,
        help_text="One line for the answer box. Left empty, the most urgent recommendation stands there.",
    )
    severity = models.CharField(max_length=20, choices=Severity, default=Severity.MEDIUM)
    state = models.CharField(max_length=20, choices=IncidentState, default=IncidentState.INVESTIGATING)
    tlp = models.CharField("TLP", max_length=20, choices=TLP, default=TLP.CLEAR)
    language = models.CharField(
        max_length=35,
        default="en",
        validators=[RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "Give a BCP 47 tag such as en or zh-Hans.")],
        help_text="Language of the text, BCP 47: en, de, zh-Hans …",
    )
    is_exercise = models.BooleanField(
        "exercise", default=False, help_text="A research exercise or red-team test, no attack."
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="incidents")
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        help_text="The one it is mostly about.",
    )
    organization_role = models.CharField(max_length=20, choices=OrganizationRole, default=OrganizationRole.VICTIM)

    occurred_from = PartialDateField("occurred from")
    occurred_to = PartialDateField("occurred to")
    detected = PartialDateField()
    disclosed = PartialDateField()
    contained = PartialDateField()
    resolved = PartialDateField()

    what_happened = models.TextField(blank=True, validators=_BOUNDED)
    impact = models.TextField(blank=True, validators=_BOUNDED)
    who_is_responsible = models.TextField("who is responsible", blank=True, validators=_BOUNDED)
    how_to_stay_protected = models.TextField(blank=True, validators=_BOUNDED)
    takeaway = models.TextField(blank=True, validators=_BOUNDED)

    # Workflow: moved only by the acts in record/workflow.py and publication/publish.py.
    workflow_state = models.CharField(max_length=20, choices=WorkflowState, default=WorkflowState.DRAFT, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False, help_text="Grows with every save of the content.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    submitted_content = models.TextField(
        blank=True, editable=False, help_text="What its release would say, as it was handed to the reviewers."
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_revision = models.PositiveIntegerField(null=True, editable=False)
    scheduled_for = models.DateTimeField(null=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    scheduled_kind = models.CharField(max_length=12, choices=ReleaseKind, blank=True, editable=False)
    scheduled_significance = models.CharField(max_length=12, choices=Significance, blank=True, editable=False)
    scheduled_reason = models.CharField(max_length=500, blank=True, editable=False)
    released_number = models.PositiveIntegerField(
        default=0, editable=False, help_text="Number of the current public release; 0 before the first."
    )

    objects: ClassVar[Incidents] = Incidents()

    class Meta:
        ordering = ["-changed_at"]
        permissions = [
            ("submit_incident", "Can submit an incident for review"),
            ("approve_incident", "Can approve an incident or send it back"),
            ("publish_incident", "Can publish and schedule an approved incident"),
            ("withdraw_incident", "Can withdraw a published incident"),
        ]
        indexes = [models.Index(fields=["workflow_state", "scheduled_for"], name="incident_by_workflow")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(public_id__regex=f"^{PUBLIC_ID_PATTERN}$"), name="incident_public_id_shape"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="incident_has_title"),
            models.CheckConstraint(
                condition=models.Q(scheduled_for__isnull=False) | ~models.Q(workflow_state=WorkflowState.SCHEDULED),
                name="incident_scheduled_has_time",
            ),
            value_is_known("incident", "severity", Severity),
            value_is_known("incident", "state", IncidentState),
            value_is_known("incident", "tlp", TLP),
            value_is_known("incident", "workflow_state", WorkflowState),
            *date_is_well_formed("incident", *DATES),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.title}"

    @property
    def is_released(self) -> bool:
        """Whether the world has seen a release of it."""
        return self.released_number > 0

    def natural_key(self) -> tuple[str]:
        """Its public id."""
        return (self.public_id,)

    def get_absolute_url(self) -> str:
        """The address its advisory has, or will have once it is released."""
        return reverse("advisories:detail", args=[self.public_id])


class InvolvedOrganization(models.Model):
    """A further organization in an incident, and its role."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="involved")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=20, choices=OrganizationRole, default=OrganizationRole.VICTIM)

    class Meta:
        ordering = ["pk"]
        verbose_name = "further organisation"
        constraints = [
            models.UniqueConstraint(fields=["incident", "organization", "role"], name="involved_once_per_role"),
            value_is_known("involved", "role", OrganizationRole),
        ]

    def __str__(self) -> str:
        return f"{self.organization}, {self.get_role_display().lower()}"


class RelatedIncident(models.Model):
    """Another incident that readers of this one should know, and why."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="related")
    other = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="related_from", verbose_name="other incident"
    )
    relation = models.CharField(max_length=20, choices=Relation, default=Relation.SIMILAR)
    why = models.CharField(max_length=300, blank=True, help_text="One line for readers.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "other"], name="related_once"),
            models.CheckConstraint(condition=~models.Q(incident=models.F("other")), name="related_to_another"),
            value_is_known("related", "relation", Relation),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()}: {self.other}"
