"""INV-GATE: what is submitted, approved and published is one and the same content, catalogue entries included."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from incidents.catalogue.models import Organization, Service, Tag, Technique, ThreatActor
from incidents.publication.models import Release
from incidents.publication.publish import publish, publish_due
from incidents.publication.review import approve, changed_by_catalogue, schedule, submit
from incidents.record.models import Incident
from incidents.record.states import WorkflowState
from incidents.record.workflow import NotAllowed, send_back
from incidents.vocabulary.words import ReleaseKind, Significance
from tests.factories import make_editor, make_full_incident, make_incident, publish_incident

pytestmark = pytest.mark.django_db


def make_submitted() -> Incident:
    """An incident that names something of every kind, in review."""
    return submit(incident_id=make_full_incident().pk, by=make_editor("Author"))


def make_approved() -> Incident:
    """The same, approved."""
    return approve(incident_id=make_submitted().pk, by=make_editor("Reviewer"), seen_revision=1)


def rename_bank() -> None:
    """What anybody who may edit the catalogue can do."""
    Organization.objects.filter(slug="harbour-bank").update(name="Harbor Bank")


RENAMINGS: dict[str, Callable[[], object]] = {
    "organization": rename_bank,
    "sector": lambda: Organization.objects.filter(slug="harbour-bank").update(sector="energy"),
    "service": lambda: Service.objects.update(name="Another name"),
    "technique": lambda: Technique.objects.filter(external_id="T1486").update(name="Another name"),
    "actor": lambda: ThreatActor.objects.update(name="Another name"),
    "tag": lambda: Tag.objects.update(name="Another name"),
}


@pytest.mark.parametrize("what", RENAMINGS)
def test_what_was_changed_in_the_catalogue_after_approval_is_not_published(what: str) -> None:
    incident = make_approved()

    RENAMINGS[what]()

    with pytest.raises(NotAllowed, match="has changed since it was submitted"):
        publish(incident_id=incident.pk, by=make_editor("Publisher"))
    assert list(Release.objects.all()) == []


def test_what_was_changed_in_the_catalogue_after_submission_is_not_approved() -> None:
    incident = make_submitted()
    rename_bank()

    with pytest.raises(NotAllowed, match="“Harbour Bank” is now “Harbor Bank”"):
        approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=1)


def test_what_was_changed_in_the_catalogue_after_approval_is_not_scheduled() -> None:
    incident = make_approved()
    rename_bank()

    with pytest.raises(NotAllowed, match="has changed since it was submitted"):
        schedule(
            incident_id=incident.pk,
            by=make_editor("Publisher"),
            at=timezone.now() + dt.timedelta(hours=1),
            kind=ReleaseKind.UPDATE,
            significance=Significance.MATERIAL,
            reason="It is time.",
        )


def test_a_scheduled_one_goes_back_to_approved_when_the_catalogue_changed_it() -> None:
    incident = make_approved()
    Incident.objects.filter(pk=incident.pk).update(
        workflow_state=WorkflowState.SCHEDULED,
        scheduled_for=timezone.now() - dt.timedelta(minutes=1),
        scheduled_by=make_editor("Publisher"),
        scheduled_kind=ReleaseKind.UPDATE,
        scheduled_significance=Significance.MATERIAL,
    )
    rename_bank()

    [refusal] = publish_due()

    incident.refresh_from_db()
    assert isinstance(refusal, NotAllowed)
    assert incident.workflow_state == WorkflowState.APPROVED


def test_sending_it_back_leads_to_a_review_of_what_it_says_now() -> None:
    incident = make_approved()
    rename_bank()

    send_back(incident_id=incident.pk, by=make_editor("Reviewer"), note="The bank has another name now.")
    release = publish_incident(incident)

    assert release.document.primary is not None
    assert release.document.primary.organization.name == "Harbor Bank"


def test_a_change_that_the_release_does_not_show_does_not_hold_it_up() -> None:
    incident = make_approved()
    Organization.objects.update(website="https://elsewhere.example/", description="Another description.")

    release = publish(incident_id=incident.pk, by=make_editor("Publisher"))

    assert release.number == 1


def test_the_title_of_a_related_advisory_does_not_hold_it_up() -> None:
    other = make_incident("First heard of")
    incident = make_full_incident()
    incident.related.create(other=other)
    submit(incident_id=incident.pk, by=make_editor("Author"))
    approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=1)

    publish_incident(other)
    release = publish(incident_id=incident.pk, by=make_editor("Publisher"))

    assert [one.title for one in release.document.related] == ["First heard of"]


def test_who_submitted_it_cannot_approve_it() -> None:
    incident, both = make_incident(), make_editor("Author", "Reviewer")
    submit(incident_id=incident.pk, by=both)

    with pytest.raises(NotAllowed, match="You submitted it yourself"):
        approve(incident_id=incident.pk, by=both, seen_revision=1)


def test_the_incidents_that_a_change_of_the_catalogue_concerns_are_named() -> None:
    incident = make_approved()
    untouched = submit(incident_id=make_incident("No organisation at all").pk, by=make_editor("Author"))
    before = changed_by_catalogue("harbour-bank")

    rename_bank()

    assert (before, changed_by_catalogue("harbour-bank")) == ([], [incident.public_id])
    assert changed_by_catalogue(untouched.public_id) == []


def test_nothing_is_kept_of_the_submission_once_the_ledger_has_it() -> None:
    incident = make_approved()

    publish(incident_id=incident.pk, by=make_editor("Publisher"))

    incident.refresh_from_db()
    assert incident.submitted_content == ""
