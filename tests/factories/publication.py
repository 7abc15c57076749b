"""Releases, made through the gate by three different people."""

from typing import Any

from incidents.publication.models import Advisory, Release
from incidents.publication.publish import publish, withdraw
from incidents.publication.review import approve, submit
from incidents.record.models import Incident
from incidents.record.states import WorkflowState
from incidents.record.workflow import note_edit
from tests.factories.people import make_editor
from tests.factories.record import make_full_incident, make_incident


def publish_incident(incident: Incident, **options: Any) -> Release:
    """Take a draft, or a published incident that is edited by this, through review to its next release."""
    incident.refresh_from_db()
    if incident.workflow_state == WorkflowState.PUBLISHED:
        note_edit(incident_id=incident.pk, seen_revision=incident.revision, by=make_editor("Author"))
        options.setdefault("reason", "New facts.")
    incident.refresh_from_db()
    submit(incident_id=incident.pk, by=make_editor("Author"))
    approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=incident.revision)
    release = publish(incident_id=incident.pk, by=make_editor("Publisher"), **options)
    incident.refresh_from_db()
    return release


def make_published(
    title: str = "Harbour Bank locked out of its ledgers", *, full: bool = False, **fields: Any
) -> Advisory:
    """A published advisory."""
    incident = make_full_incident(title, **fields) if full else make_incident(title, **fields)
    return Advisory.objects.get(release=publish_incident(incident))


def withdraw_incident(incident: Incident, *, reason: str = "It did not happen.", **options: Any) -> Release:
    """Withdraw a published incident."""
    release = withdraw(incident_id=incident.pk, by=make_editor("Publisher"), reason=reason, **options)
    incident.refresh_from_db()
    return release
