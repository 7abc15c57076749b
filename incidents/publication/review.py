"""Review: what is submitted, approved and published is one and the same content (INV-GATE).

A release says more than the record: it names organizations, services, techniques and others as the catalogue has them. So
the content is frozen when it is submitted, and approving, scheduling and publishing hold what would be released now
against that. Whoever renames an organization in between sends it back to review, and never past it.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from incidents.publication.changes import Change, changes_between
from incidents.publication.document import ReleaseNote, decode_document, encode_document
from incidents.publication.freeze import NotFit, freezable, freeze
from incidents.record import workflow
from incidents.record.models import Incident
from incidents.record.states import WorkflowState
from incidents.record.workflow import Act, NotAllowed
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Significance

SUBMITTED = frozenset({WorkflowState.IN_REVIEW, WorkflowState.APPROVED, WorkflowState.SCHEDULED})
_MOST_NAMED = 3


@transaction.atomic
def submit(*, incident_id: int, by: AbstractUser, note: str = "") -> Incident:
    """Hand a draft to the reviewers, with what its release would say.

    Raises:
        NotAllowed: the gate said no.
        NotFit: the record cannot be released as it stands.
    """
    workflow.require(workflow.lock_incident(incident_id), Act.SUBMIT, by)
    content = content_of(freezable().get(pk=incident_id))
    return workflow.submit(incident_id=incident_id, by=by, content=content, note=note)


@transaction.atomic
def approve(*, incident_id: int, by: AbstractUser, seen_revision: int, note: str = "") -> Incident:
    """Approve the content as it was submitted and read.

    Raises:
        NotAllowed: the gate said no, or the content is not the one that was submitted or read.
        NotFit: the record cannot be released as it stands.
    """
    workflow.require(workflow.lock_incident(incident_id), Act.APPROVE, by)
    require_reviewed(freezable().get(pk=incident_id))
    return workflow.approve(incident_id=incident_id, by=by, seen_revision=seen_revision, note=note)


@transaction.atomic
def schedule(*, incident_id: int, by: AbstractUser, at: dt.datetime, **plan: Any) -> Incident:
    """Let an approved incident be published at a time to come, with what `workflow.schedule` takes.

    Raises:
        NotAllowed: the gate said no, or the content is not the one that was submitted.
        NotFit: the record cannot be released as it stands.
    """
    workflow.require(workflow.lock_incident(incident_id), Act.SCHEDULE, by)
    require_reviewed(freezable().get(pk=incident_id))
    return workflow.schedule(incident_id=incident_id, by=by, at=at, **plan)


def content_of(incident: Incident) -> str:
    """What a release of an incident would say as it stands, in canonical JSON; without what is said about the release, and
    without the titles of related advisories, which have reviews of their own.

    Args:
        incident: loaded by `freezable()`.

    Raises:
        NotFit: the record cannot be released as it stands.
    """
    return encode_document(freeze(incident, release=_note(TLP(incident.tlp)))).decode()


def changes_since_submission(incident: Incident) -> tuple[Change, ...]:
    """How what would be released now differs from what was submitted.

    Args:
        incident: loaded by `freezable()`, in review, approved or scheduled.

    Raises:
        NotFit: the record cannot be released as it stands.
    """
    content = content_of(incident)
    if content == incident.submitted_content or not incident.submitted_content:
        return ()
    return changes_between(decode_document(incident.submitted_content), decode_document(content))


def require_reviewed(incident: Incident) -> None:
    """Refuse content that is not the one that was submitted.

    Args:
        incident: loaded by `freezable()`, in review, approved or scheduled.

    Raises:
        NotAllowed: it is another; the text says what differs.
        NotFit: the record cannot be released as it stands.
    """
    if content_of(incident) == incident.submitted_content:
        return
    raise NotAllowed(f"{incident.public_id}: {explain(changes_since_submission(incident))}")


def changed_by_catalogue(key: str) -> list[str]:
    """Public ids of the incidents on their way to a release that name a catalogue entry and no longer say what was submitted.

    Args:
        key: how documents name the entry: a slug, `organization/service`, or the id of a technique or mitigation.
    """
    naming = freezable().filter(workflow_state__in=SUBMITTED, submitted_content__contains=f'"{key}"')
    return [incident.public_id for incident in naming.order_by("public_id") if _says_something_else(incident)]


def _says_something_else(incident: Incident) -> bool:
    try:
        return content_of(incident) != incident.submitted_content
    except NotFit:
        return True


def explain(changes: tuple[Change, ...]) -> str:
    """In words: what the catalogue changed since the submission, and what to do about it."""
    named = "; ".join(f"{change.label}: “{change.before}” is now “{change.after}”" for change in changes[:_MOST_NAMED])
    more = f" and {len(changes) - _MOST_NAMED} more" if len(changes) > _MOST_NAMED else ""
    said = f" ({named}{more})" if named else ""
    return (
        f"What it would say has changed since it was submitted{said}. Send it back, so that it is submitted and reviewed "
        "as it reads now."
    )


def _note(tlp: TLP) -> ReleaseNote:
    """A stand-in for what will be said about the release."""
    return ReleaseNote(
        number=1,
        kind=ReleaseKind.INITIAL,
        significance=Significance.MATERIAL,
        reason="",
        released_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
        tlp=tlp,
    )
