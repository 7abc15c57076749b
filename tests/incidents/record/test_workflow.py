"""The gate (INV-GATE): every act, from every state, for every role; four eyes; approvals and schedules that went stale."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.publication import review
from incidents.publication.models import Release
from incidents.publication.publish import publish, publish_due, withdraw
from incidents.record import workflow
from incidents.record.models import Incident
from incidents.record.states import WorkflowState
from incidents.record.workflow import WORKFLOW, Act, NotAllowed, StaleRevision, decide, decisions, require
from incidents.vocabulary.words import ReleaseKind, Significance
from portal.accounts.models import User
from tests.factories import make_editor, make_incident, publish_incident

pytestmark = pytest.mark.django_db
S = WorkflowState
NOT_WITHDRAWN = {S.DRAFT, S.IN_REVIEW, S.APPROVED, S.SCHEDULED, S.PUBLISHED}

# The workflow as people agreed on it, written a second time on purpose: from where, by whom, to where.
AGREED: dict[Act, tuple[set[WorkflowState], set[str], WorkflowState]] = {
    Act.EDIT: (NOT_WITHDRAWN, {"Author", "Reviewer"}, S.DRAFT),
    Act.SUBMIT: ({S.DRAFT}, {"Author", "Reviewer"}, S.IN_REVIEW),
    Act.SEND_BACK: ({S.IN_REVIEW, S.APPROVED}, {"Reviewer"}, S.DRAFT),
    Act.APPROVE: ({S.IN_REVIEW}, {"Reviewer"}, S.APPROVED),
    Act.SCHEDULE: ({S.APPROVED}, {"Publisher"}, S.SCHEDULED),
    Act.UNSCHEDULE: ({S.SCHEDULED}, {"Publisher"}, S.APPROVED),
    Act.PUBLISH: ({S.APPROVED, S.SCHEDULED}, {"Publisher"}, S.PUBLISHED),
    Act.WITHDRAW: (NOT_WITHDRAWN, {"Publisher"}, S.WITHDRAWN),
}
ROLES = ("Author", "Reviewer", "Publisher")


def incident_in(state: WorkflowState) -> Incident:
    """An incident written by somebody else, approved by a third one, released once, that stands in this state."""
    writer = make_editor("Author", email="writer@example.org")
    incident = make_incident(by=writer)
    incident.workflow_state, incident.released_number = state, 1
    incident.approved_by, incident.approved_revision = (
        make_editor("Reviewer", email="third@example.org"),
        incident.revision,
    )
    incident.scheduled_for = timezone.now() if state is S.SCHEDULED else None
    incident.save()
    return incident


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", list(WorkflowState))
def test_every_act_is_open_to_the_agreed_roles_in_the_agreed_states(act: Act, state: WorkflowState) -> None:
    incident = incident_in(state)

    allowed = {role for role in ROLES if decide(incident, act, make_editor(role)).is_allowed}

    starts, roles, _ = AGREED[act]
    assert allowed == (roles if state in starts else set())


def test_every_act_leads_where_it_was_agreed() -> None:
    assert {act: rule.leads_to for act, rule in WORKFLOW.items()} == {act: row[2] for act, row in AGREED.items()}


@pytest.mark.parametrize("act", list(Act))
def test_somebody_without_a_role_may_do_nothing(act: Act) -> None:
    incident = incident_in(S.DRAFT)

    assert "You need the right" in decide(incident, act, make_editor()).why_not


@pytest.mark.parametrize("act", list(Act))
def test_an_inactive_account_may_do_nothing(act: Act) -> None:
    person = make_editor(*ROLES)
    person.is_active = False

    assert decide(incident_in(S.DRAFT), act, person).why_not == "This account is not active."


def test_decisions_answer_for_every_act_in_the_order_of_the_workflow() -> None:
    assert [one.act for one in decisions(incident_in(S.DRAFT), make_editor("Author"))] == list(Act)


def test_a_refusal_says_in_which_states_the_act_is_possible() -> None:
    why = decide(incident_in(S.DRAFT), Act.SEND_BACK, make_editor("Reviewer")).why_not

    assert why == "It is draft; this is possible for in review or approved."


def test_passing_the_gate_without_permission_raises_and_names_the_act() -> None:
    incident = incident_in(S.DRAFT)

    with pytest.raises(NotAllowed, match=f"{incident.public_id}: “Approve” is not possible"):
        require(incident, Act.APPROVE, make_editor("Author"))


@pytest.mark.parametrize("superuser", [False, True])
def test_who_last_changed_the_content_cannot_approve_it(superuser: bool) -> None:
    person = make_editor(*ROLES, email="one@example.org", superuser=superuser)
    incident = make_incident(by=person)
    review.submit(incident_id=incident.pk, by=person)

    with pytest.raises(NotAllowed, match="four eyes"):
        review.approve(incident_id=incident.pk, by=person, seen_revision=1)


@pytest.mark.parametrize("superuser", [False, True])
def test_an_approval_by_the_last_writer_does_not_let_it_out(superuser: bool) -> None:
    person = make_editor(*ROLES, email="one@example.org", superuser=superuser)
    incident = make_incident(by=person)
    Incident.objects.filter(pk=incident.pk).update(workflow_state=S.APPROVED, approved_by=person, approved_revision=1)

    with pytest.raises(NotAllowed, match="four eyes"):
        publish(incident_id=incident.pk, by=person)


def test_an_approval_holds_for_the_revision_that_was_read_only() -> None:
    author, reviewer = make_editor("Author"), make_editor("Reviewer")
    incident = make_incident(by=author)
    workflow.note_edit(incident_id=incident.pk, seen_revision=1, by=author)
    review.submit(incident_id=incident.pk, by=author)

    with pytest.raises(NotAllowed, match="changed while you were reading"):
        review.approve(incident_id=incident.pk, by=reviewer, seen_revision=1)


def test_an_approval_of_an_older_revision_does_not_let_it_out() -> None:
    incident = incident_in(S.APPROVED)
    Incident.objects.filter(pk=incident.pk).update(revision=2)

    with pytest.raises(NotAllowed, match="changed after it was approved"):
        publish(incident_id=incident.pk, by=make_editor("Publisher"), reason="News.")


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.APPROVED, S.SCHEDULED, S.PUBLISHED])
def test_an_edit_makes_it_a_draft_and_voids_approval_and_schedule(state: WorkflowState) -> None:
    incident = incident_in(state)

    edited = workflow.note_edit(incident_id=incident.pk, seen_revision=1, by=make_editor("Author"))

    assert (edited.workflow_state, edited.revision, edited.changed_by) == (S.DRAFT, 2, make_editor("Author"))
    assert (edited.approved_by, edited.approved_revision, edited.scheduled_for) == (None, None, None)


def test_an_edit_of_a_revision_that_is_no_longer_current_is_refused() -> None:
    incident, author = make_incident(), make_editor("Author")
    workflow.note_edit(incident_id=incident.pk, seen_revision=1, by=author)

    with pytest.raises(StaleRevision, match="was saved by Author in the meantime"):
        workflow.note_edit(incident_id=incident.pk, seen_revision=1, by=author)


def test_sending_back_needs_a_word_for_the_author() -> None:
    incident = incident_in(S.IN_REVIEW)

    with pytest.raises(NotAllowed, match="Say in a sentence"):
        workflow.send_back(incident_id=incident.pk, by=make_editor("Reviewer"), note="  ")


def test_sending_back_an_approved_one_voids_the_approval() -> None:
    incident = incident_in(S.APPROVED)

    sent = workflow.send_back(incident_id=incident.pk, by=make_editor("Reviewer"), note="Name the source.")

    assert (sent.workflow_state, sent.approved_by, sent.approved_revision) == (S.DRAFT, None, None)


@pytest.fixture
def approved() -> Incident:
    """An incident that was never released, approved by the gate."""
    incident = make_incident()
    review.submit(incident_id=incident.pk, by=make_editor("Author"))
    return review.approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=1)


def plan(incident: Incident, *, by: User | None = None, hours: int = 1, reason: str = "It is time.") -> Incident:
    return review.schedule(
        incident_id=incident.pk,
        by=by or make_editor("Publisher"),
        at=timezone.now() + dt.timedelta(hours=hours),
        kind=ReleaseKind.UPDATE,
        significance=Significance.MATERIAL,
        reason=reason,
    )


def test_a_scheduled_incident_goes_out_at_its_time_and_not_before(approved: Incident) -> None:
    plan(approved)
    assert publish_due() == []

    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        (release,) = publish_due()

    assert isinstance(release, Release)
    approved.refresh_from_db()
    assert (release.reason, approved.workflow_state) == ("It is time.", S.PUBLISHED)


@pytest.mark.parametrize(("hours", "reason", "why"), [(-1, "Now.", "in the past"), (1, " ", "Give readers a reason")])
def test_a_schedule_needs_a_time_to_come_and_a_reason(approved: Incident, hours: int, reason: str, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        plan(approved, hours=hours, reason=reason)


def test_a_schedule_can_be_cancelled(approved: Incident) -> None:
    plan(approved)

    freed = workflow.unschedule(incident_id=approved.pk, by=make_editor("Publisher"))

    assert (freed.workflow_state, freed.scheduled_for, freed.scheduled_reason) == (S.APPROVED, None, "")


def test_a_schedule_passes_the_gate_again_and_is_taken_back_when_refused(approved: Incident) -> None:
    publisher = make_editor("Publisher")
    plan(approved, by=publisher)
    publisher.groups.clear()

    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        (refusal,) = publish_due()

    approved.refresh_from_db()
    assert isinstance(refusal, NotAllowed)
    assert (approved.workflow_state, approved.scheduled_for, Release.objects.count()) == (S.APPROVED, None, 0)
    entry = AuditEntry.objects.filter(act="refuse_schedule").get()
    assert "You need the right" in entry.detail["why"]


def test_what_cannot_be_read_is_not_released_by_a_schedule(approved: Incident) -> None:
    plan(approved)
    Incident.objects.filter(pk=approved.pk).update(summary="")

    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        (refusal,) = publish_due()

    assert "The summary is empty" in str(refusal)


def test_a_draft_that_was_never_released_can_be_deleted_and_its_id_is_not_given_again() -> None:
    incident, author = make_incident(), make_editor("Author")

    workflow.discard(incident_id=incident.pk, by=author)

    assert not Incident.objects.exists()
    assert make_incident().public_id == "INC-2025-0002"
    assert AuditEntry.objects.filter(act="delete", target_id=incident.public_id, by=author).count() == 1


def test_a_released_incident_cannot_be_deleted_by_anybody() -> None:
    incident = make_incident()
    publish_incident(incident)

    with pytest.raises(NotAllowed, match="withdraw it instead"):
        workflow.discard(incident_id=incident.pk, by=make_editor(email="root@example.org", superuser=True))


def test_a_withdrawn_incident_cannot_be_moved_any_more() -> None:
    incident = make_incident()
    publish_incident(incident)
    withdraw(incident_id=incident.pk, by=make_editor("Publisher"), reason="It did not happen.")
    incident.refresh_from_db()

    everybody = make_editor(email="root@example.org", superuser=True)
    assert [one.act for one in decisions(incident, everybody) if one.is_allowed] == []


def test_only_authors_and_reviewers_begin_incidents() -> None:
    begun = []
    for role in ROLES:
        try:
            make_incident(by=make_editor(role))
        except NotAllowed:
            continue
        begun.append(role)

    assert begun == ["Author", "Reviewer"]


ACTS: dict[str, Callable[[Incident], object]] = {
    "submit": lambda one: review.submit(incident_id=one.pk, by=make_editor("Author")),
    "approve": lambda one: review.approve(incident_id=one.pk, by=make_editor("Reviewer"), seen_revision=1),
    "schedule": plan,
    "unschedule": lambda one: workflow.unschedule(incident_id=one.pk, by=make_editor("Publisher")),
    "publish": lambda one: publish(incident_id=one.pk, by=make_editor("Publisher"), reason="News."),
    "withdraw": lambda one: withdraw(incident_id=one.pk, by=make_editor("Publisher"), reason="Wrong."),
}


def test_every_act_is_in_the_audit_log_with_who_did_it() -> None:
    incident = make_incident()

    for act in ACTS.values():
        act(incident)

    entries = AuditEntry.objects.filter(target_id=incident.public_id).order_by("id")
    assert list(entries.values_list("act", "by__full_name")) == [
        ("create", "Author"),
        ("submit", "Author"),
        ("approve", "Reviewer"),
        ("schedule", "Publisher"),
        ("unschedule", "Publisher"),
        ("publish", "Publisher"),
        ("withdraw", "Publisher"),
    ]
