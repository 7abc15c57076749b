"""What an act of the workflow asks for, and how it is done. The gate itself is `record/workflow.py`."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from incidents.publication import review
from incidents.publication.publish import publish, withdraw
from incidents.record import workflow
from incidents.record.models import Incident
from incidents.record.workflow import Act
from incidents.vocabulary.words import ReleaseKind, Significance

_FEW_LINES = {"rows": 3, "cols": 60}
_RELEASE_KINDS = [
    (ReleaseKind.UPDATE, "Update: there is news"),
    (ReleaseKind.CORRECTION, "Correction: something was wrong"),
]
_SIGNIFICANCES = [
    (Significance.MATERIAL, "Material: it changes what readers know or do"),
    (Significance.EDITORIAL, "Editorial: it only says it better"),
]


class ActForm(forms.Form):
    """An act that needs no more than a yes."""

    explanation = ""
    done = ""

    def __init__(self, *args: Any, released: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.released = released

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Do it.

        Raises:
            NotAllowed: the gate said no.
            NotFit: the record cannot be released as it stands.
        """
        raise NotImplementedError


class SubmitForm(ActForm):
    """Hand it to the reviewers."""

    explanation = "A reviewer will read it next. You can still edit it; then it becomes a draft again."
    done = "is with the reviewers now."
    note = forms.CharField(
        label="Note for the reviewer", required=False, max_length=1000, widget=forms.Textarea(attrs=_FEW_LINES)
    )

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Submit."""
        review.submit(incident_id=incident.pk, by=by, note=self.cleaned_data["note"])


class SendBackForm(ActForm):
    """Return it to the author."""

    explanation = "It becomes a draft again. The author sees your note in the history."
    done = "is a draft again."
    note = forms.CharField(
        label="What should be changed?", max_length=1000, widget=forms.Textarea(attrs=_FEW_LINES),
        error_messages={"required": "Say in a sentence what the author should change."},
    )  # fmt: skip

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Send back."""
        workflow.send_back(incident_id=incident.pk, by=by, note=self.cleaned_data["note"])


class ApproveForm(ActForm):
    """Approve the content that was read."""

    explanation = "You vouch for the content as you have read it. Any later change needs another approval."
    done = "is approved and can be published."
    note = forms.CharField(label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs=_FEW_LINES))

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Approve."""
        review.approve(incident_id=incident.pk, by=by, seen_revision=seen_revision, note=self.cleaned_data["note"])


class UnscheduleForm(ActForm):
    """Take the schedule back."""

    explanation = "It stays approved and will not go out by itself."
    done = "is no longer scheduled."

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Cancel the schedule."""
        workflow.unschedule(incident_id=incident.pk, by=by)


class PublishForm(ActForm):
    """Release it now."""

    explanation = "Everybody can read it from the next second on. A release is never changed or removed afterwards."
    done = "is published."
    kind = forms.ChoiceField(
        label="Kind of release", choices=_RELEASE_KINDS, initial=ReleaseKind.UPDATE, widget=forms.RadioSelect
    )
    significance = forms.ChoiceField(
        choices=_SIGNIFICANCES,
        initial=Significance.MATERIAL,
        widget=forms.RadioSelect,
        help_text="A material release marks translations of earlier ones as out of date.",
    )
    reason = forms.CharField(
        label="Reason for readers",
        max_length=500,
        widget=forms.Textarea(attrs=_FEW_LINES),
        help_text="One sentence: what is new or what was wrong. It stands in the public history for ever.",
        error_messages={"required": "Give readers a reason for this release, in a sentence."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.released:
            del self.fields["kind"], self.fields["significance"]
            self.fields["reason"].required = False
            self.fields["reason"].initial = "First publication."

    @property
    def plan(self) -> dict[str, Any]:
        """Kind, significance and reason as the acts of publication take them."""
        given = self.cleaned_data
        return {
            "kind": ReleaseKind(given.get("kind", ReleaseKind.UPDATE)),
            "significance": Significance(given.get("significance", Significance.MATERIAL)),
            "reason": given["reason"],
        }

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Publish."""
        publish(incident_id=incident.pk, by=by, **self.plan)


class ScheduleForm(PublishForm):
    """Release it at a time to come."""

    explanation = "It goes out at this time, if it is still approved then. Until then you can cancel it."
    done = "is scheduled."
    at = forms.DateTimeField(
        label="When", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    field_order = ("at",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["at"].help_text = f"In your time zone, {timezone.get_current_timezone_name()}."

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Schedule."""
        review.schedule(incident_id=incident.pk, by=by, at=self.cleaned_data["at"], **self.plan)


class WithdrawForm(ActForm):
    """Take back what is public."""

    explanation = (
        "A last release says that it is withdrawn, and why. Address and history stay. What was edited since the last release "
        "is not published by this. It cannot be undone."
    )
    done = "is withdrawn."
    reason = forms.CharField(
        label="Reason for readers",
        max_length=500,
        widget=forms.Textarea(attrs=_FEW_LINES),
        error_messages={"required": "Tell readers in a sentence why it is withdrawn."},
    )
    merged_into = forms.CharField(
        label="Replaced by",
        required=False,
        max_length=30,
        help_text="The id of a published incident, such as INC-2025-0001. Readers are then led there.",
    )

    def clean_merged_into(self) -> str:
        """The id in its canonical spelling."""
        return str(self.cleaned_data["merged_into"]).strip().upper()

    def perform(self, *, incident: Incident, seen_revision: int, by: AbstractUser) -> None:
        """Withdraw."""
        withdraw(incident_id=incident.pk, by=by, **self.cleaned_data)


FORMS: dict[Act, type[ActForm]] = {
    Act.SUBMIT: SubmitForm,
    Act.SEND_BACK: SendBackForm,
    Act.APPROVE: ApproveForm,
    Act.SCHEDULE: ScheduleForm,
    Act.UNSCHEDULE: UnscheduleForm,
    Act.PUBLISH: PublishForm,
    Act.WITHDRAW: WithdrawForm,
}
