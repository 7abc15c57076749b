"""The ladder of rights on every address of the desk: nobody, somebody without a right, the wrong right, the right one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from incidents.audit.models import AuditEntry
from incidents.publication.models import Advisory, Release
from incidents.record.models import Incident
from incidents.record.workflow import Act
from tests.factories import make_editor, make_full_incident, make_incident, publish_incident

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def addresses_of(incident: Incident) -> list[str]:
    """Every address of the desk that shows something of incidents, for one incident."""
    pk = incident.pk
    acts = [reverse("admin:incidents_incident_act", args=[pk, act]) for act in Act if act is not Act.EDIT]
    named = ["change", "delete", "history", "preview", "preview_page"]
    plain = [reverse(f"admin:incidents_incident_{name}", args=[pk]) for name in named]
    lists = [
        reverse(f"admin:incidents_{model._meta.model_name}_changelist")
        for model in admin.site._registry
        if model._meta.app_label == "incidents"
    ]
    return ["/admin/", reverse("admin:incidents_incident_add"), *plain, *acts, *lists]


def test_every_address_asks_somebody_who_is_not_signed_in_to_do_so(client: Client) -> None:
    incident = make_incident()

    answers = {address: client.get(address) for address in addresses_of(incident)}

    assert {
        address
        for address, answer in answers.items()
        if answer.status_code != 302 or "/admin/login/" not in answer["Location"]
    } == set()


def test_somebody_without_any_right_sees_nothing_of_incidents(sign_in: SignIn) -> None:
    incident, client = make_incident("Zanzibar is leaking"), sign_in()

    pages = {address: client.get(address) for address in addresses_of(incident)}

    assert {address for address, page in pages.items() if b"Zanzibar" in page.content} == set()
    assert {page.status_code for address, page in pages.items() if address != "/admin/"} == {403}


def test_our_own_addresses_are_all_on_the_ladder() -> None:
    resolver = next(
        one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and one.app_name == "admin"
    )
    below = next(
        one
        for one in resolver.url_patterns
        if isinstance(one, URLResolver) and str(one.pattern) == "incidents/incident/"
    )

    names = {one.name for one in below.url_patterns if isinstance(one, URLPattern)}

    tested = {
        "markdown",
        "act",
        "preview",
        "preview_page",
        "attachment",
        "changelist",
        "add",
        "history",
        "delete",
        "change",
    }
    assert names - {None} == {f"incidents_incident_{name}" for name in tested}


@pytest.mark.parametrize(("role", "status"), [(None, 403), ("Author", 200), ("Publisher", 200)])
def test_markdown_is_rendered_for_those_who_may_read_incidents(sign_in: SignIn, role: str | None, status: int) -> None:
    client = sign_in(*([role] if role else []))

    assert client.post("/admin/incidents/incident/markdown/", {"text": "*x*"}).status_code == status


def test_markdown_is_rendered_on_post_only(sign_in: SignIn) -> None:
    assert sign_in("Author").get("/admin/incidents/incident/markdown/").status_code == 405


def test_markdown_is_rendered_only_with_the_token_of_the_page() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor("Author"))

    assert client.post("/admin/incidents/incident/markdown/", {"text": "*x*"}).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("Author", 200), ("Reviewer", 200), ("Publisher", 403)])
def test_writing_needs_the_right_to_add(sign_in: SignIn, role: str, status: int) -> None:
    assert sign_in(role).get(reverse("admin:incidents_incident_add")).status_code == status


def test_a_publisher_reads_the_form_but_cannot_save_it(sign_in: SignIn) -> None:
    incident, client = make_full_incident(), sign_in("Publisher")
    address = reverse("admin:incidents_incident_change", args=[incident.pk])

    page = client.get(address)
    answer = client.post(address, {"title": "Mine", "revision": "1"})

    assert (page.status_code, answer.status_code) == (200, 403)
    assert "harbour-bank/online-banking: operational" in page.content.decode()
    incident.refresh_from_db()
    assert incident.revision == 1


def test_a_withdrawn_incident_can_be_read_but_not_edited(sign_in: SignIn) -> None:
    incident = make_incident()
    publish_incident(incident)
    Incident.objects.filter(pk=incident.pk).update(workflow_state="withdrawn")
    address = reverse("admin:incidents_incident_change", args=[incident.pk])
    client = sign_in("Author")

    assert (client.get(address).status_code, client.post(address, {}).status_code) == (200, 403)


@pytest.mark.parametrize("superuser", [False, True])
def test_a_released_incident_cannot_be_deleted(sign_in: SignIn, superuser: bool) -> None:
    incident = make_incident()
    publish_incident(incident)
    client = sign_in(user=make_editor("Author", email="one@example.org", superuser=superuser))

    answer = client.post(reverse("admin:incidents_incident_delete", args=[incident.pk]), {"post": "yes"})

    assert (answer.status_code, Incident.objects.count()) == (403, 1)


def test_there_is_no_bulk_action_that_deletes_incidents(sign_in: SignIn) -> None:
    incident = make_incident()
    publish_incident(incident)
    client = sign_in(user=make_editor(email="root@example.org", superuser=True))

    client.post(
        "/admin/incidents/incident/", {"action": "delete_selected", "_selected_action": incident.pk, "post": "yes"}
    )

    assert Incident.objects.count() == 1


def test_what_a_released_incident_rests_on_cannot_be_deleted_either(sign_in: SignIn) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    client = sign_in(user=make_editor(email="root@example.org", superuser=True))

    client.post(reverse("admin:incidents_organization_delete", args=[incident.organization_id]), {"post": "yes"})

    incident.refresh_from_db()
    assert incident.organization is not None


def test_a_draft_can_be_deleted(sign_in: SignIn) -> None:
    incident = make_full_incident()

    answer = sign_in("Author").post(reverse("admin:incidents_incident_delete", args=[incident.pk]), {"post": "yes"})

    assert (answer.status_code, Incident.objects.count()) == (302, 0)


@pytest.mark.parametrize("model", ["release", "advisory", "auditentry"])
def test_what_is_written_once_cannot_be_changed_here_by_anybody(sign_in: SignIn, model: str) -> None:
    publish_incident(make_incident())
    rows: dict[str, Any] = {"release": Release.objects, "advisory": Advisory.objects, "auditentry": AuditEntry.objects}
    pk = rows[model].first().pk
    client = sign_in(user=make_editor(email="root@example.org", superuser=True))

    change = reverse(f"admin:incidents_{model}_change", args=[pk])
    answers = [
        client.get(change),
        client.post(change, {}),
        client.post(change.replace("change", "delete"), {"post": "yes"}),
    ]
    added = client.get(reverse(f"admin:incidents_{model}_add"))

    assert [answer.status_code for answer in [*answers, added]] == [200, 403, 403, 403]
