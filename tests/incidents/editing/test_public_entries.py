"""Entries of the catalogue that the world can read are changed by those who may approve, and nobody is surprised by it."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from incidents.publication.review import approve, submit
from incidents.record.models import Incident
from tests.factories import make_editor, make_full_incident, make_technique, publish_incident
from tests.incidents.editing.sent_form import read_sent_form

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def entry_of(incident: Incident, model: str) -> Model:
    """The entry of a kind that an incident names."""
    affected, claim = incident.affected_services.get(), incident.attributions.get()
    tag = incident.tags.get()
    assert incident.organization is not None
    assert claim.actor is not None
    known = {"organization": incident.organization, "service": affected.service, "threatactor": claim.actor, "tag": tag}
    return known[model]


def address(model: str, row: Model) -> str:
    return reverse(f"admin:incidents_{model}_change", args=[row.pk])


def rename(client: Client, model: str, row: Model) -> int:
    """Send the form of an entry with another name; the status of the answer."""
    reader = Client()
    reader.force_login(make_editor("Author", "Reviewer", email="reader@example.org"))
    form = read_sent_form(reader.get(address(model, row)).content.decode())
    return client.post(address(model, row), form | {"name": ["Another name"]}).status_code


@pytest.mark.parametrize("model", ["organization", "service", "threatactor", "tag"])
def test_an_author_changes_an_entry_until_a_release_names_it(sign_in: SignIn, model: str) -> None:
    incident, client = make_full_incident(), sign_in("Author")
    row = entry_of(incident, model)

    before = rename(client, model, row)
    publish_incident(incident)
    after = rename(client, model, row)

    row.refresh_from_db()
    assert (before, after) == (302, 403)
    assert str(row).startswith("Another name")


@pytest.mark.parametrize("model", ["organization", "service", "threatactor", "tag"])
def test_a_reviewer_changes_an_entry_that_a_release_names(sign_in: SignIn, model: str) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    row = entry_of(incident, model)

    assert rename(sign_in("Reviewer"), model, row) == 302


def test_reference_data_is_public_at_once_so_authors_only_read_it(sign_in: SignIn) -> None:
    row, client = make_technique(), sign_in("Author")

    page = client.get(address("technique", row))

    assert rename(client, "technique", row) == 403
    assert client.get(reverse("admin:incidents_technique_add")).status_code == 403
    assert [str(message) for message in get_messages(page.wsgi_request)] == [
        "This entry is public, so only people who may approve incidents can change it."
    ]


def test_whoever_changes_an_entry_hears_which_incidents_need_another_review(sign_in: SignIn) -> None:
    incident = make_full_incident()
    submit(incident_id=incident.pk, by=make_editor("Author"))
    approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=1)
    client, row = sign_in("Author"), incident.organization
    assert row is not None
    form = read_sent_form(client.get(address("organization", row)).content.decode())

    answer = client.post(address("organization", row), form | {"name": ["Harbor Bank"]}, follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert (
        f"{incident.public_id} was submitted before this change and shows it; it has to be submitted and reviewed again."
        in said
    )
    page = client.get(reverse("admin:incidents_incident_change", args=[incident.pk])).content.decode()
    assert "“Harbour Bank” is now “Harbor Bank”" in page
