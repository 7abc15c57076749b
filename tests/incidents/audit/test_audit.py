"""INV-AUDIT: every act is in the log, the log never changes, and it says from where."""

import pytest

from incidents.audit.append_only import AppendOnlyError
from incidents.audit.models import AuditEntry
from incidents.audit.origin import acting_from, current_origin
from incidents.audit.record import record_act
from incidents.publication import review
from incidents.record import workflow
from incidents.record.workflow import Act
from tests.factories import make_editor, make_incident, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_what_when_and_from_where():
    editor = make_editor("Author")

    with acting_from("203.0.113.7"):
        entry = record_act(act="greet", target_kind="world", target_id="1", by=editor, detail={"how": "kindly"})

    entry.refresh_from_db()
    assert (entry.by, entry.act, entry.target_kind, entry.target_id) == (editor, "greet", "world", "1")
    assert (entry.origin, entry.detail) == ("203.0.113.7", {"how": "kindly"})
    assert entry.at is not None


def test_the_origin_ends_with_its_block():
    with acting_from("command publish"):
        pass

    assert current_origin() == ""


@pytest.mark.parametrize("change", [lambda entry: entry.save(), lambda entry: entry.delete()])
def test_an_entry_never_changes(change):
    entry = record_act(act="greet", target_kind="world", target_id="1", by=None)

    with pytest.raises(AppendOnlyError):
        change(entry)


def test_every_act_of_the_workflow_leaves_an_entry():
    author, reviewer = make_editor("Author"), make_editor("Reviewer")
    incident = make_incident()
    review.submit(incident_id=incident.pk, by=author)
    workflow.send_back(incident_id=incident.pk, by=reviewer, note="Add sources.")
    publish_incident(incident)
    workflow.note_edit(incident_id=incident.pk, seen_revision=1, by=author)
    withdraw_incident(incident)

    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["create", "submit", "send_back", "submit", "approve", "publish", "edit", "withdraw"]


def test_a_refused_act_leaves_nothing_behind():
    incident = make_incident()
    before = AuditEntry.objects.count()

    with pytest.raises(workflow.NotAllowed):
        review.approve(incident_id=incident.pk, by=make_editor("Author"), seen_revision=1)

    assert AuditEntry.objects.count() == before
    assert not workflow.decide(incident, Act.APPROVE, make_editor("Author")).is_allowed
