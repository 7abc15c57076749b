"""Publishing, correcting, withdrawing: what may become public, what it says, and that it happens whole or not at all."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.freeze import NotFit
from incidents.publication.models import Advisory, Ledger, Release, Rendition
from incidents.publication.publish import (
    NotBuilt,
    preview_document,
    publish,
    publish_correction,
    publish_due,
    publish_scheduled,
    withdraw,
)
from incidents.publication.review import approve, schedule, submit
from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed, note_edit, unschedule
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Significance
from tests.factories import (
    make_editor,
    make_full_incident,
    make_incident,
    make_published,
    publish_incident,
    withdraw_incident,
)

pytestmark = pytest.mark.django_db


def in_review(incident):
    """A draft, submitted by its author."""
    return submit(incident_id=incident.pk, by=make_editor("Author"))


def ready(incident: Incident) -> Incident:
    """Take a draft to approved."""
    in_review(incident)
    approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=incident.revision)
    incident.refresh_from_db()
    return incident


def test_the_first_release_is_initial_and_material_whatever_was_asked():
    incident = ready(make_incident())

    release = publish(
        incident_id=incident.pk,
        by=make_editor("Publisher"),
        kind=ReleaseKind.CORRECTION,
        significance=Significance.EDITORIAL,
    )

    assert (release.number, release.kind, release.significance) == (1, "initial", "material")
    assert release.reason == "First publication."


def test_a_further_release_needs_a_reason_for_readers():
    incident = make_incident()
    publish_incident(incident)

    with pytest.raises(NotAllowed, match="reason"):
        publish_incident(incident, reason="  ")

    assert Release.objects.count() == 1


def test_a_correction_says_so_and_keeps_the_history():
    incident = make_incident()
    first = publish_incident(incident)
    note_edit(incident_id=incident.pk, seen_revision=1, by=make_editor("Author"))
    incident.refresh_from_db()
    ready(incident)

    second = publish_correction(incident_id=incident.pk, by=make_editor("Publisher"), reason="The date was wrong.")

    assert second.kind == "correction"
    assert second.document.history == (first.note, second.note)


def test_a_release_moves_the_incident_and_is_audited():
    incident = make_incident()

    publish_incident(incident)

    assert (incident.workflow_state, incident.released_number) == ("published", 1)
    acts = AuditEntry.objects.filter(target_id=incident.public_id).order_by("pk").values_list("act", "by__full_name")
    assert list(acts) == [("create", "Author"), ("submit", "Author"), ("approve", "Reviewer"), ("publish", "Publisher")]


@pytest.mark.parametrize("act", ["submit", "approve", "publish"])
def test_what_is_not_fit_is_refused_with_everything_to_mend(act):
    incident = make_incident() if act == "submit" else in_review(make_incident())
    if act == "publish":
        approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=1)
    Incident.objects.filter(pk=incident.pk).update(summary="", what_happened="See [^7].", tlp="red")
    acts = {
        "submit": lambda: submit(incident_id=incident.pk, by=make_editor("Author")),
        "approve": lambda: approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=1),
        "publish": lambda: publish(incident_id=incident.pk, by=make_editor("Publisher")),
    }

    with pytest.raises(NotFit) as refusal:
        acts[act]()

    assert refusal.value.problems == [
        "The summary is empty; it is the first thing readers see.",
        "TLP:RED is never published. Choose a wider label or keep it as a draft.",
        "“What happened” cites source 7, which is not in the list of sources.",
    ]
    assert Release.objects.count() == 0


def test_nothing_stays_of_a_release_that_cannot_be_built(break_building, caplog):
    break_building(RuntimeError("no paper"))
    incident = ready(make_incident())

    with pytest.raises(NotBuilt) as refusal:
        publish(incident_id=incident.pk, by=make_editor("Publisher"))

    assert str(refusal.value) == (
        "It could not be built (RuntimeError: no paper). Nothing became public and everything is as it was. This is a fault of "
        "the portal; whoever runs it finds the details in its log."
    )
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["no paper"]
    incident.refresh_from_db()
    assert incident.workflow_state == "approved"
    assert [model.objects.count() for model in (Release, Advisory, Rendition)] == [0, 0, 0]
    assert Ledger.objects.get().last_sequence == 0


def test_a_withdrawal_that_cannot_be_built_leaves_what_is_public(break_building):
    incident = make_incident()
    publish_incident(incident)
    break_building(RuntimeError("no paper"))

    with pytest.raises(NotBuilt, match="no paper"):
        withdraw_incident(incident)

    incident.refresh_from_db()
    assert (incident.workflow_state, Release.objects.count()) == ("published", 1)


@pytest.mark.parametrize("away", [OperationalError("database is locked"), InterfaceError("connection is closed")])
def test_a_database_that_is_away_is_no_fault_of_the_release(break_building, away):
    break_building(away)
    incident = ready(make_incident())

    with pytest.raises(type(away)):
        publish(incident_id=incident.pk, by=make_editor("Publisher"))


def test_the_command_says_what_could_not_be_built(break_building):
    break_building(RuntimeError("no paper"))
    incident = ready(make_incident())

    with pytest.raises(CommandError, match=r"could not be built \(RuntimeError: no paper\)"):
        call_command("publish", incident.public_id, by=make_editor("Publisher").email)


def test_a_label_can_be_widened_but_never_narrowed():
    incident = make_incident(tlp="amber")
    publish_incident(incident)
    assert not Advisory.objects.visible_to(PUBLIC).exists()

    Incident.objects.update(tlp="clear")
    publish_incident(incident)
    assert Advisory.objects.visible_to(PUBLIC).count() == 1

    Incident.objects.update(tlp="green")
    with pytest.raises(NotAllowed, match="cannot become TLP:GREEN"):
        publish_incident(incident)


def test_readers_of_a_widened_advisory_do_not_learn_of_its_narrow_past():
    incident = make_incident(tlp="amber")
    publish_incident(incident)
    Incident.objects.update(tlp="clear")

    second = publish_incident(incident, reason="Now for everybody.")

    assert [note.number for note in second.document.history] == [2]
    assert list(Release.objects.visible_to(PUBLIC)) == [second]
    assert Release.objects.visible_to(Audience(TLP.AMBER)).count() == 2


def test_a_related_incident_is_named_only_once_it_is_released_to_the_same_readers():
    incident, draft, partners = make_incident(), make_incident("A draft"), make_incident("For partners", tlp="green")
    public = make_incident("A public one")
    publish_incident(partners)
    publish_incident(public)
    for other in (draft, partners, public):
        incident.related.create(other=other)

    release = publish_incident(incident)

    assert [related.title for related in release.document.related] == ["A public one"]


def test_a_withdrawal_keeps_what_was_public_and_nothing_of_the_draft():
    incident = make_incident("As released")
    publish_incident(incident)
    Incident.objects.update(title="As drafted since")

    release = withdraw_incident(incident, reason="It did not happen.")

    advisory = Advisory.objects.get()
    assert (release.kind, release.document.title, release.document.is_withdrawn) == ("withdrawal", "As released", True)
    assert (advisory.is_withdrawn, advisory.is_open, advisory.reason) == (True, False, "It did not happen.")
    assert incident.workflow_state == "withdrawn"


def test_withdrawing_is_final():
    incident = make_incident()
    publish_incident(incident)
    withdraw_incident(incident)

    with pytest.raises(NotAllowed, match="withdrawn"):
        withdraw_incident(incident)


def test_a_merged_advisory_names_the_one_that_takes_its_place():
    kept = make_published("Kept")
    incident = make_incident("Double")
    publish_incident(incident)

    withdraw_incident(incident, reason="The same incident.", merged_into=kept.public_id)

    assert Advisory.objects.get(public_id=incident.public_id).merged_into == kept.public_id


@pytest.mark.parametrize("target", ["INC-2025-9999", "itself", "withdrawn", "partners"])
def test_nothing_is_merged_into_what_its_readers_cannot_see(target):
    incident, other = make_incident("Double"), make_incident("Other", tlp="green" if target == "partners" else "clear")
    publish_incident(incident)
    publish_incident(other)
    if target == "withdrawn":
        withdraw_incident(other)
    ids = {"itself": incident.public_id, "withdrawn": other.public_id, "partners": other.public_id}

    with pytest.raises(NotAllowed, match="No other standing advisory"):
        withdraw(
            incident_id=incident.pk, by=make_editor("Publisher"), reason="Same.", merged_into=ids.get(target, target)
        )


def test_a_preview_is_the_document_that_publishing_would_release():
    incident = ready(make_full_incident())

    preview = preview_document(incident)
    release = publish(incident_id=incident.pk, by=make_editor("Publisher"))

    assert preview.narrative == release.document.narrative
    assert preview.attacks == release.document.attacks
    assert preview.release.number == release.number


def scheduled(minutes: int = 5) -> Incident:
    """An incident that is to be published in some minutes."""
    incident = ready(make_incident())
    schedule(
        incident_id=incident.pk,
        by=make_editor("Publisher"),
        at=timezone.now() + dt.timedelta(minutes=minutes),
        kind=ReleaseKind.UPDATE,
        significance=Significance.MATERIAL,
        reason="On the hour.",
    )
    return incident


def test_nothing_is_published_before_its_time():
    scheduled()

    assert publish_due() == []


def test_what_is_scheduled_goes_out_at_its_time(time_machine):
    incident = scheduled()
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=6))

    call_command("run_due")

    incident.refresh_from_db()
    assert (incident.workflow_state, incident.scheduled_for) == ("published", None)
    assert AuditEntry.objects.filter(act="publish").values_list("origin", flat=True).get() == "command run_due"


def test_a_schedule_passes_the_gate_again_when_it_is_due(time_machine):
    incident = scheduled()
    make_editor("Publisher").groups.clear()
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=6))

    with pytest.raises(CommandError, match="publish and schedule"):
        call_command("run_due")

    incident.refresh_from_db()
    assert (incident.workflow_state, Release.objects.count()) == ("approved", 0)
    assert AuditEntry.objects.filter(act="refuse_schedule").count() == 1


def test_a_refused_schedule_does_not_hold_up_the_others(time_machine):
    refused, fine = scheduled(), scheduled()
    Incident.objects.filter(pk=refused.pk).update(summary="")
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=6))

    results = publish_due()

    assert [type(result) for result in results] == [NotAllowed, Release]
    assert Advisory.objects.get().public_id == fine.public_id


def test_a_schedule_that_was_cancelled_meanwhile_is_not_published(time_machine):
    incident = scheduled()
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=6))
    unschedule(incident_id=incident.pk, by=make_editor("Publisher"))

    assert publish_scheduled(incident_id=incident.pk) is None

    incident.refresh_from_db()
    assert (incident.workflow_state, Release.objects.count()) == ("approved", 0)


def test_a_fault_of_one_incident_does_not_hold_up_the_others(time_machine, break_building):
    faulty, fine = scheduled(), scheduled()
    break_building(ValueError("no such year"), faulty)
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=6))

    results = publish_due()

    assert [str(result).partition(". ")[0] for result in results] == [
        f"{faulty.public_id}: It could not be built (ValueError: no such year)",
        f"{fine.public_id} release 1",
    ]
    faulty.refresh_from_db()
    assert faulty.workflow_state == "approved"
