"""The bar of steps: which stages of the workflow an incident has passed, where it stands, what lies ahead."""

from dataclasses import dataclass

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


def _standing(index: int, place: int) -> str:
    return "past" if index < place else "present" if index == place else "ahead"
