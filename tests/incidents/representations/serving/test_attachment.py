"""INV-TEXT: files are served inert, and only those that a visible release names."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from incidents.record.models import Attachment, Incident
from incidents.vocabulary.files import content_path
from tests.factories import make_incident, publish_incident

pytestmark = pytest.mark.django_db
CONTENT = b"<script>alert(1)</script>"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def attach(incident: Incident, name: str = "report.html") -> Attachment:
    """Attach a hostile file."""
    return incident.attachments.create(
        file=ContentFile(CONTENT, name=name),
        name=name,
        sha256=SHA256,
        size=len(CONTENT),
        media_type="text/plain",
        title="Report",
    )


def test_a_file_of_a_release_is_served_inert(client):
    incident = make_incident()
    attach(incident)
    publish_incident(incident)

    answer = client.get(f"/incidents/{incident.public_id}/files/{SHA256}/")

    assert b"".join(answer.streaming_content) == CONTENT
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.html"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_file_of_a_draft_has_no_address(client):
    incident = make_incident()
    publish_incident(incident)
    attach(incident)

    assert client.get(f"/incidents/{incident.public_id}/files/{SHA256}/").status_code == 404


def test_the_file_of_a_partners_advisory_has_no_public_address(client):
    incident = make_incident(tlp="green")
    attach(incident)
    publish_incident(incident)

    assert client.get(f"/incidents/{incident.public_id}/files/{SHA256}/").status_code == 404


def test_a_file_stays_with_the_release_that_named_it(client):
    incident = make_incident()
    attach(incident)
    publish_incident(incident)
    incident.attachments.all().delete()
    publish_incident(incident)

    assert client.get(f"/incidents/{incident.public_id}/files/{SHA256}/").status_code == 200


def test_the_same_content_is_stored_once():
    paths = {attach(make_incident(name), f"{name}.txt").file.name for name in ("First", "Second")}

    assert paths == {content_path(SHA256)}
    assert default_storage.open(content_path(SHA256)).read() == CONTENT


def test_a_file_lost_from_the_storage_is_not_found(client):
    incident = make_incident()
    attach(incident)
    publish_incident(incident)
    default_storage.delete(content_path(SHA256))

    assert client.get(f"/incidents/{incident.public_id}/files/{SHA256}/").status_code == 404
