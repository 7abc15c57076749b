"""The bar of steps: which stages an incident has passed, where it stands, what lies ahead and what in the way."""

from dataclasses import dataclass

from incidents.publication.freeze import NotFit
from incidents.publication.review import SUBMITTED, changes_since_submission, explain
from incidents.record.models import Incident
from incidents.record.states import WorkflowState


@dataclass(frozen=True, slots=True)
class Stage:
    """One step; `standing` is past, present or ahead."""

    label: str
    standing: str


def stages_of(incident: Incident) -> list[Stage]:
    """The steps of an incident in their order. Scheduled is a step only where it is; so is withdrawn."""
    present = WorkflowState(incident.workflow_state)
    always = [WorkflowState.DRAFT, WorkflowState.IN_REVIEW, WorkflowState.APPROVED, WorkflowState.PUBLISHED]
    order = [state for state in WorkflowState if state in always or state is present]
    place = order.index(present)
    return [Stage(state.label, _standing(index, place)) for index, state in enumerate(order)]


def drift_of(incident: Incident) -> str:
    """What the catalogue changed about an incident since it was submitted, and what to do; empty if nothing.

    Args:
        incident: loaded by `freezable()`.
    """
    if incident.workflow_state not in SUBMITTED:
        return ""
    try:
        changes = changes_since_submission(incident)
    except NotFit:
        return ""  # the list of what to mend says it
    return explain(changes) if changes else ""


def _standing(index: int, place: int) -> str:
    return "past" if index < place else "present" if index == place else "ahead"
