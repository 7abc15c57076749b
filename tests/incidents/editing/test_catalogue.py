"""The catalogue at the desk: audited, shown at once, its addresses never changed."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from incidents.audit.models import AuditEntry
from incidents.catalogue.models import Organization, Service, Tag, Technique
from incidents.publication.edition import current_edition
from tests.factories import (
    make_actor,
    make_editor,
    make_mitigation,
    make_organization,
    make_service,
    make_tactic,
    make_tag,
    make_technique,
)
from tests.incidents.editing.sent_form import Sent, add_row, read_sent_form

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
MODELS = ["organization", "service", "technique", "mitigation", "tactic", "threatactor", "tag"]


def make_one(model: str) -> Model:
    """A row of a table of the catalogue."""
    makers: dict[str, Callable[[], Model]] = {
        "organization": make_organization,
        "service": make_service,
        "technique": make_technique,
        "mitigation": make_mitigation,
        "tactic": make_tactic,
        "threatactor": make_actor,
        "tag": make_tag,
    }
    return makers[model]()


def change(model: str, row: Model) -> str:
    return reverse(f"admin:incidents_{model}_change", args=[row.pk])


def read(client: Client, address: str) -> Sent:
    return read_sent_form(client.get(address).content.decode())


@pytest.mark.parametrize("model", MODELS)
def test_a_save_is_logged_and_begins_a_new_edition(sign_in: SignIn, model: str) -> None:
    row, client, before = make_one(model), sign_in("Reviewer"), current_edition()
    address = change(model, row)

    answer = client.post(address, read(client, address) | {"name": ["Another name"]})

    assert answer.status_code == 302
    assert current_edition() == before + 1
    entry = AuditEntry.objects.get(act="change")
    key = row.natural_key()  # type: ignore[attr-defined]
    assert (entry.target_kind, entry.target_id, str(entry.by)) == (model, "/".join(key), "Reviewer")
    assert LogEntry.objects.count() == 0


def test_the_slug_is_made_and_never_changes(sign_in: SignIn) -> None:
    client = sign_in("Author")
    add = reverse("admin:incidents_organization_add")
    client.post(add, read(client, add) | {"name": ["Deep Seek"], "slug": ["mine"], "aliases": ["DS\r\n\r\n 深度求索 "]})
    made = Organization.objects.get()

    client.post(
        change("organization", made),
        read(client, change("organization", made)) | {"name": ["DeepSeek"], "slug": ["other"]},
    )

    made.refresh_from_db()
    assert (made.name, made.slug, made.aliases) == ("DeepSeek", "deep-seek", ["DS", "深度求索"])


def test_framework_and_id_of_a_technique_stay(sign_in: SignIn) -> None:
    technique, client = make_technique(), sign_in("Author")
    address = change("technique", technique)

    client.post(address, read(client, address) | {"external_id": ["T9999"], "framework": ["local"]})

    technique.refresh_from_db()
    assert technique.key == "attack/T1498"


def test_services_are_added_on_the_page_of_their_organization(sign_in: SignIn) -> None:
    bank, client = make_organization(), sign_in("Author")
    sent = read(client, change("organization", bank))
    add_row(sent, "services", name="Cards", kind="api")

    client.post(change("organization", bank), sent)

    assert Service.objects.get().key == "harbour-bank/cards"


def test_coverage_is_added_on_the_page_of_a_technique(sign_in: SignIn) -> None:
    technique, mitigation, client = make_technique(), make_mitigation(), sign_in("Reviewer")
    sent = read(client, change("technique", technique))
    add_row(sent, "coverage", mitigation=str(mitigation.pk), how="It filters.")

    client.post(change("technique", technique), sent)

    assert [str(row) for row in technique.coverage.all()] == [
        "M1037 Filter Network Traffic counters T1498 Network Denial of Service"
    ]


def test_an_entry_is_added_in_place_in_a_window_of_its_own(sign_in: SignIn) -> None:
    client = sign_in("Author")
    add = reverse("admin:incidents_tag_add") + "?_popup=1"

    answer = client.post(add, read(client, add) | {"name": ["ransomware"]})

    assert "data-popup-response" in answer.content.decode()
    assert Tag.objects.get().slug == "ransomware"


@pytest.mark.parametrize(
    ("model", "field", "word", "found"),
    [
        ("attack", "technique", "T1498", ["T1498 Network Denial of Service"]),
        ("incident", "organization", "harb", ["Harbour Bank"]),
        ("affectedservice", "service", "harbour bank", ["Online banking (Harbour Bank)"]),
    ],
)
def test_entries_are_found_while_one_types(
    sign_in: SignIn, model: str, field: str, word: str, found: list[str]
) -> None:
    make_technique()
    make_service()
    asked = {"term": word, "app_label": "incidents", "model_name": model, "field_name": field}

    answer = sign_in("Author").get("/admin/autocomplete/", asked)

    assert [row["text"] for row in answer.json()["results"]] == found


@pytest.mark.parametrize(("role", "status"), [(None, 403), ("Publisher", 403), ("Author", 302)])
def test_only_writers_change_the_catalogue(sign_in: SignIn, role: str | None, status: int) -> None:
    tag = make_tag()

    answer = sign_in(*([role] if role else [])).post(change("tag", tag), {"name": "other"})

    assert answer.status_code == status


def test_what_is_removed_is_logged(sign_in: SignIn) -> None:
    technique, before = make_technique(), current_edition()
    client = sign_in(user=make_editor(email="root@example.org", superuser=True))

    client.post(reverse("admin:incidents_technique_delete", args=[technique.pk]), {"post": "yes"})

    assert not Technique.objects.exists()
    assert current_edition() == before + 1
    assert AuditEntry.objects.get(act="remove").target_id == "attack/T1498"
