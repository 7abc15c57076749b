"""The editors' front page: what waits for the person who signed in, and what happened lately."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, Min, Q, QuerySet

from incidents.audit.models import AuditEntry
from incidents.intake.submissions.models import WAITING, Submission
from incidents.record.models import Incident
from incidents.record.states import WorkflowState

MOST_ROWS = 20
_LATELY = 12


@dataclass(frozen=True, slots=True)
class Pile:
    """A few incidents that wait for the same thing; `more` says whether there are others."""

    title: str
    empty: str
    incidents: list[Incident]
    more: bool


def piles_for(person: AbstractUser) -> list[Pile]:
    """What waits for a person, by what may be done about it. One query for each pile."""
    waiting = Incident.objects.select_related("organization", "changed_by")
    piles = []
    if person.has_perm("incidents.change_incident"):
        mine = Q(changed_by=person.pk) | Q(created_by=person.pk)
        drafts = waiting.filter(mine, workflow_state=WorkflowState.DRAFT)
        piles.append(_pile("Your drafts", "You have no drafts.", drafts))
    if person.has_perm("incidents.approve_incident"):
        piles.append(_pile("To review", "Nothing waits for your review.", awaiting_review_by(person, waiting)))
    if person.has_perm("incidents.publish_incident"):
        approved = waiting.filter(workflow_state=WorkflowState.APPROVED)
        piles.append(_pile("Approved, to be published", "Nothing waits to be published.", approved))
    if person.has_perm("incidents.view_incident"):
        scheduled = waiting.filter(workflow_state=WorkflowState.SCHEDULED).order_by("scheduled_for")
        piles.append(_pile("Scheduled", "Nothing is scheduled.", scheduled))
    return piles


@dataclass(frozen=True, slots=True)
class Inbox:
    """What was sent in and is not decided: how many, and since when the oldest waits."""

    count: int
    oldest: dt.datetime | None


def inbox_for(person: AbstractUser) -> Inbox | None:
    """The inbox, for those who may read it. One query."""
    if not person.has_perm("incidents.view_submission"):
        return None
    waiting = Submission.objects.filter(state__in=WAITING)
    return Inbox(**waiting.aggregate(count=Count("pk"), oldest=Min("received_at")))


def awaiting_review_by(person: AbstractUser, incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Incidents in review that this person neither changed last nor submitted and may therefore approve."""
    waiting = incidents.filter(workflow_state=WorkflowState.IN_REVIEW)
    return waiting.exclude(changed_by=person.pk).exclude(submitted_by=person.pk)


def recent_acts(person: AbstractUser) -> list[AuditEntry]:
    """The latest acts of everybody, for those who may read the log."""
    if not person.has_perm("incidents.view_auditentry"):
        return []
    return list(AuditEntry.objects.select_related("by")[:_LATELY])


def _pile(title: str, empty: str, incidents: QuerySet[Incident]) -> Pile:
    found = list(incidents[: MOST_ROWS + 1])
    return Pile(title=title, empty=empty, incidents=found[:MOST_ROWS], more=len(found) > MOST_ROWS)
