"""Publishing what was taken in: each draft through the gate by somebody else than its author, each in its own transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from incidents.intake.models import IntakeMark
from incidents.publication.freeze import NotFit
from incidents.publication.ledger import lock_ledger
from incidents.publication.models import Release
from incidents.publication.publish import NotBuilt, publish
from incidents.publication.review import approve, submit
from incidents.record.models import Incident
from incidents.record.states import WorkflowState
from incidents.record.workflow import NotAllowed

_WAITING = (WorkflowState.DRAFT, WorkflowState.IN_REVIEW, WorkflowState.APPROVED)


@dataclass(slots=True)
class Published:
    """What became of the incidents of one format."""

    releases: list[Release] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def waiting_of(source_format: str) -> list[int]:
    """Primary keys of the incidents of a format that were never released, in the order of their public ids."""
    marks = IntakeMark.objects.filter(
        format=source_format, incident__released_number=0, incident__workflow_state__in=_WAITING
    )
    return list(marks.order_by("incident__public_id").values_list("incident_id", flat=True))


def publish_taken_in(
    incident_ids: list[int],
    *,
    by: AbstractUser,
    reason: str = "",
    on_progress: Callable[[int], object] = lambda count: None,
) -> Published:
    """Submit, approve and publish incidents that were taken in; a refused one stays as it was and does not hold up the rest.

    Args:
        incident_ids: primary keys.
        by: who reviews and publishes; the gate wants another person than the author.
        reason: one sentence for readers; the usual words for a first publication if empty.
        on_progress: told how many incidents were looked at since it was last told.
    """
    done = Published()
    for incident_id in incident_ids:
        try:
            done.releases.append(_publish_one(incident_id, by=by, reason=reason))
        except (NotFit, NotBuilt) as problem:
            done.refusals.append(f"{Incident.objects.get(pk=incident_id).public_id}: {problem}")
        except NotAllowed as refusal:
            done.refusals.append(str(refusal))
        on_progress(1)
    return done


@transaction.atomic
def _publish_one(incident_id: int, *, by: AbstractUser, reason: str) -> Release:
    lock_ledger()  # before any incident, as publishing itself does: else two could wait for each other
    incident = Incident.objects.select_related("changed_by").get(pk=incident_id)
    author = incident.changed_by
    if author is None or author.pk == by.pk:
        raise NotAllowed(
            f"{incident.public_id}: {by} wrote it; someone else has to review and publish it (four eyes). "
            "Give the --by of another person."
        )
    if incident.workflow_state == WorkflowState.DRAFT:
        incident = submit(incident_id=incident_id, by=author)
    if incident.workflow_state == WorkflowState.IN_REVIEW:
        approve(incident_id=incident_id, by=by, seen_revision=incident.revision)
    return publish(incident_id=incident_id, by=by, reason=reason)
