"""The one gate (INV-GATE): which act may move an incident from which state, who may do it, and the acts themselves.

draft → in review → approved → (scheduled →) published; a published incident that is edited goes through the same
states towards its next release; withdrawn is final. Publishing and withdrawing live in `publication/publish.py` and
pass this gate too.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from incidents.audit.record import record_act
from incidents.record.models import Incident, IncidentNumber
from incidents.record.states import WorkflowState
from incidents.vocabulary.identifiers import format_public_id
from incidents.vocabulary.words import ReleaseKind, Significance


class Act(TextChoices):
    """What can be done to an incident's working copy, named as a button says it."""

    EDIT = "edit", "Edit"
    SUBMIT = "submit", "Submit for review"
    SEND_BACK = "send_back", "Send back to the author"
    APPROVE = "approve", "Approve"
    SCHEDULE = "schedule", "Schedule"
    UNSCHEDULE = "unschedule", "Cancel the schedule"
    PUBLISH = "publish", "Publish now"
    WITHDRAW = "withdraw", "Withdraw"


class NotAllowed(Exception):
    """The gate said no. The text says why and what would help; it may be shown to the person."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the workflow: an act, the states it starts from, where it leads, the permission it needs."""

    act: Act
    starts: frozenset[WorkflowState]
    leads_to: WorkflowState
    permission: str
    objections: tuple[Callable[[Incident, AbstractUser], str], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer for one act; `why_not` is empty when it is allowed."""

    act: Act
    why_not: str

    @property
    def is_allowed(self) -> bool:
        """Whether the act may be done."""
        return not self.why_not


def _changed_it_last(incident: Incident, by: AbstractUser) -> str:
    if incident.changed_by_id == by.pk:
        return "You last changed the content; someone else has to approve it (four eyes)."
    return ""


def _submitted_it(incident: Incident, by: AbstractUser) -> str:
    if incident.submitted_by_id == by.pk:
        return "You submitted it yourself; someone else has to approve it (four eyes)."
    return ""


def _approval_is_stale(incident: Incident, by: AbstractUser) -> str:
    if incident.approved_revision != incident.revision or incident.approved_by_id is None:
        return "The content changed after it was approved; it has to be reviewed again."
    if incident.approved_by_id == incident.changed_by_id:
        return "The approval is by the person who last changed the content (four eyes)."
    return ""


def _never_released(incident: Incident, by: AbstractUser) -> str:
    return "" if incident.is_released else "It was never published; an unpublished incident can be deleted instead."


_S = WorkflowState
_NOT_WITHDRAWN = frozenset(_S) - {_S.WITHDRAWN}
WORKFLOW = {
    rule.act: rule
    for rule in (
        Rule(Act.EDIT, _NOT_WITHDRAWN, _S.DRAFT, "incidents.change_incident"),
        Rule(Act.SUBMIT, frozenset({_S.DRAFT}), _S.IN_REVIEW, "incidents.submit_incident"),
        Rule(Act.SEND_BACK, frozenset({_S.IN_REVIEW, _S.APPROVED}), _S.DRAFT, "incidents.approve_incident"),
        Rule(
            Act.APPROVE,
            frozenset({_S.IN_REVIEW}),
            _S.APPROVED,
            "incidents.approve_incident",
            (_changed_it_last, _submitted_it),
        ),
        Rule(Act.SCHEDULE, frozenset({_S.APPROVED}), _S.SCHEDULED, "incidents.publish_incident", (_approval_is_stale,)),
        Rule(Act.UNSCHEDULE, frozenset({_S.SCHEDULED}), _S.APPROVED, "incidents.publish_incident"),
        Rule(
            Act.PUBLISH,
            frozenset({_S.APPROVED, _S.SCHEDULED}),
            _S.PUBLISHED,
            "incidents.publish_incident",
            (_approval_is_stale,),
        ),
        Rule(Act.WITHDRAW, _NOT_WITHDRAWN, _S.WITHDRAWN, "incidents.withdraw_incident", (_never_released,)),
    )
}


def decide(incident: Incident, act: Act, by: AbstractUser) -> Decision:
    """The gate: may this person do this act to this incident as it stands now, and if not, why not?"""
    rule = WORKFLOW[act]
    state = WorkflowState(incident.workflow_state)
    if not by.is_active:
        return Decision(act, "This account is not active.")
    if not by.has_perm(rule.permission):
        return Decision(act, f"You need the right “{_name_of(rule.permission)}”; ask whoever administers this portal.")
    if state not in rule.starts:
        return Decision(act, f"It is {state.label.lower()}; this is possible for {_list_states(rule.starts)}.")
    return Decision(act, next(filter(None, (objection(incident, by) for objection in rule.objections)), ""))


def decisions(incident: Incident, by: AbstractUser) -> list[Decision]:
    """The gate's answer for every act, in the order of the workflow."""
    return [decide(incident, act, by) for act in WORKFLOW]


def require(incident: Incident, act: Act, by: AbstractUser) -> Rule:
    """Pass the gate or raise.

    Raises:
        NotAllowed: the gate said no; the text says why.
    """
    decision = decide(incident, act, by)
    if not decision.is_allowed:
        raise NotAllowed(f"{incident.public_id}: “{act.label}” is not possible. {decision.why_not}")
    return WORKFLOW[act]


def lock_incident(incident_id: int) -> Incident:
    """The incident as it is now, locked until the transaction ends.

    Raises:
        Incident.DoesNotExist: there is none with this primary key.
    """
    return Incident.objects.select_for_update().get(pk=incident_id)


def allot_public_id(*, year: int) -> str:
    """The next public id of a year, under a lock and never given again. Runs inside the caller's transaction."""
    with transaction.atomic():
        number, _ = IncidentNumber.objects.select_for_update().get_or_create(
            prefix=settings.INCIDENT_ID_PREFIX, year=year
        )
        number.last += 1
        number.save(update_fields=["last"])
    return format_public_id(number.prefix, year, number.last)


@transaction.atomic
def begin_incident(*, incident: Incident, by: AbstractUser, year: int | None = None) -> Incident:
    """Save a new incident with a public id of its own.

    The year of the id is that of the occurrence, else of the disclosure, else the present one.

    Raises:
        NotAllowed: the person may not add incidents.
    """
    if not (by.is_active and by.has_perm("incidents.add_incident")):
        raise NotAllowed("You need the right “add incident”; ask whoever administers this portal.")
    known = incident.occurred_from or incident.disclosed
    incident.public_id = allot_public_id(year=year or (int(known[:4]) if known else timezone.now().year))
    incident.created_by_id = incident.changed_by_id = by.pk
    incident.save()
    _log(incident, "create", by)
    return incident


class StaleRevision(Exception):
    """Somebody else saved in between (INV-EDIT)."""


@transaction.atomic
def note_edit(
    *, incident_id: int, seen_revision: int, by: AbstractUser, detail: dict[str, object] | None = None
) -> Incident:
    """Begin an edit of the content: lock, compare the revision the editor saw, count it up, reopen the workflow.

    Call it first in the transaction that saves the edited rows. A submitted, approved, scheduled or published
    incident becomes a draft again, and an approval is void.

    Raises:
        StaleRevision: the content changed after the editor loaded it.
        NotAllowed: the person may not edit it.
    """
    incident = lock_incident(incident_id)
    if incident.revision != seen_revision:
        raise StaleRevision(f"{incident.public_id} was saved by {incident.changed_by} in the meantime.")
    require(incident, Act.EDIT, by)
    incident.revision += 1
    incident.changed_by_id = by.pk
    _clear_plan(incident)
    _void_review(incident)
    _move(incident, Act.EDIT, by, detail or {})
    return incident


@transaction.atomic
def submit(*, incident_id: int, by: AbstractUser, content: str, note: str = "") -> Incident:
    """Hand a draft to the reviewers. `publication/review.py` freezes the content and calls this.

    Args:
        incident_id: primary key of the incident.
        by: who vouches for the content.
        content: what a release would say, catalogue entries included; what is approved and published later is held against it.
        note: a word to the reviewers.

    Raises:
        NotAllowed: the gate said no.
    """
    incident = lock_incident(incident_id)
    require(incident, Act.SUBMIT, by)
    incident.submitted_by_id, incident.submitted_content = by.pk, content
    return _move(incident, Act.SUBMIT, by, {"note": note})


@transaction.atomic
def send_back(*, incident_id: int, by: AbstractUser, note: str) -> Incident:
    """Return an incident to its author with a word on what is missing.

    Raises:
        NotAllowed: the gate said no, or the note is empty.
    """
    incident = lock_incident(incident_id)
    require(incident, Act.SEND_BACK, by)
    if not note.strip():
        raise NotAllowed("Say in a sentence what the author should change.")
    _void_review(incident)
    return _move(incident, Act.SEND_BACK, by, {"note": note})


@transaction.atomic
def approve(*, incident_id: int, by: AbstractUser, seen_revision: int, note: str = "") -> Incident:
    """Approve the content as it was read; who last changed or submitted it cannot. `publication/review.py` calls this once
    the content is known to be what was submitted.

    Raises:
        NotAllowed: the gate said no, or the content is not the one that was read.
    """
    incident = lock_incident(incident_id)
    require(incident, Act.APPROVE, by)
    if incident.revision != seen_revision:
        raise NotAllowed("The content changed while you were reading; look at it once more.")
    incident.approved_by_id = by.pk
    incident.approved_revision = incident.revision
    return _move(incident, Act.APPROVE, by, {"note": note, "revision": incident.revision})


@transaction.atomic
def schedule(
    *,
    incident_id: int,
    by: AbstractUser,
    at: dt.datetime,
    kind: ReleaseKind,
    significance: Significance,
    reason: str,
) -> Incident:
    """Let an approved incident be published at a time to come; the gate is passed again then. `publication/review.py` calls
    this.

    Raises:
        NotAllowed: the gate said no, the time is past, or the reason for readers is missing.
    """
    incident = lock_incident(incident_id)
    require(incident, Act.SCHEDULE, by)
    if at <= timezone.now():
        raise NotAllowed("The time lies in the past; choose a later one or publish now.")
    if not reason.strip():
        raise NotAllowed("Give readers a reason for this release, in a sentence.")
    incident.scheduled_for, incident.scheduled_by_id = at, by.pk
    incident.scheduled_kind, incident.scheduled_significance, incident.scheduled_reason = kind, significance, reason
    return _move(incident, Act.SCHEDULE, by, {"at": at.isoformat(), "kind": kind, "reason": reason})


@transaction.atomic
def unschedule(*, incident_id: int, by: AbstractUser) -> Incident:
    """Take a scheduled release back to approved.

    Raises:
        NotAllowed: the gate said no.
    """
    incident = lock_incident(incident_id)
    require(incident, Act.UNSCHEDULE, by)
    _clear_plan(incident)
    return _move(incident, Act.UNSCHEDULE, by, {})


@transaction.atomic
def refuse_schedule(*, incident_id: int, why: str) -> Incident:
    """Take a scheduled incident back to approved because its release was refused when it was due."""
    incident = lock_incident(incident_id)
    if incident.workflow_state == WorkflowState.SCHEDULED:
        _clear_plan(incident)
        incident.workflow_state = WorkflowState.APPROVED
        incident.save()
        _log(incident, "refuse_schedule", None, {"why": why})
    return incident


@transaction.atomic
def discard(*, incident_id: int, by: AbstractUser) -> None:
    """Delete an incident that the world has never seen; its id is not given again (INV-ID).

    Raises:
        NotAllowed: it was released, or the person may not delete incidents.
    """
    incident = lock_incident(incident_id)
    if not (by.is_active and by.has_perm("incidents.delete_incident")):
        raise NotAllowed("You need the right “delete incident”; ask whoever administers this portal.")
    if incident.is_released:
        raise NotAllowed(f"{incident.public_id} was published and cannot be deleted; withdraw it instead.")
    _log(incident, "delete", by, {"title": incident.title})
    incident.delete()


def complete_release(incident: Incident, act: Act, by: AbstractUser, detail: dict[str, object]) -> Incident:
    """Move a locked incident to published or withdrawn once its release is in the ledger; publication calls this."""
    _clear_plan(incident)
    incident.submitted_content = ""  # the ledger has it now
    return _move(incident, act, by, detail)


def _move(incident: Incident, act: Act, by: AbstractUser, detail: dict[str, object]) -> Incident:
    incident.workflow_state = WORKFLOW[act].leads_to
    incident.save()
    _log(incident, act.value, by, detail)
    return incident


def _void_review(incident: Incident) -> None:
    incident.submitted_by, incident.submitted_content = None, ""
    incident.approved_by, incident.approved_revision = None, None


def _clear_plan(incident: Incident) -> None:
    incident.scheduled_for, incident.scheduled_by = None, None
    incident.scheduled_kind = incident.scheduled_significance = incident.scheduled_reason = ""


def _log(incident: Incident, act: str, by: AbstractUser | None, detail: dict[str, object] | None = None) -> None:
    kept = {key: value for key, value in (detail or {}).items() if value not in ("", None)}
    record_act(act=act, target_kind="incident", target_id=incident.public_id, by=by, detail=kept)


def _name_of(permission: str) -> str:
    codename = permission.split(".", 1)[1]
    names = {"change_incident": "Can change incident", **dict(Incident._meta.permissions)}
    return str(names[codename]).removeprefix("Can ")


def _list_states(states: frozenset[WorkflowState]) -> str:
    ordered = [state.label.lower() for state in WorkflowState if state in states]
    return ordered[0] if len(ordered) == 1 else f"{', '.join(ordered[:-1])} or {ordered[-1]}"
