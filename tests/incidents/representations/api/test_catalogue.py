"""The catalogue by the API: what the caller may know of, what each entry says, page by page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.representations.api.resources import RESOURCES
from incidents.vocabulary.tlp import TLP
from tests.factories import (
    make_actor,
    make_full_incident,
    make_incident,
    make_mitigation,
    make_organization,
    make_published,
    make_service,
    make_tag,
    make_technique,
    publish_incident,
    withdraw_incident,
)

pytestmark = pytest.mark.django_db


def ask(client: Client, place: str, status: int = 200, **parameters: Any) -> Any:
    response = client.get(f"/api/v1/{place}", parameters)
    assert response.status_code == status, response.content
    return response.json()


def ids(found: Any) -> list[str]:
    return [entry["id"] for entry in found["data"]]


def test_an_organization_says_what_the_catalogue_says(client: Client, settings: Settings) -> None:
    make_organization(
        aliases=["HB"], founded=1899, website="https://bank.example/", description="A *bank* by the harbour."
    )
    make_published(full=True)

    assert ask(client, "organizations/harbour-bank/") == {
        "id": "harbour-bank",
        "name": "Harbour Bank",
        "page": f"{settings.SITE_URL}/organizations/harbour-bank/",
        "advisories": 1,
        "aliases": ["HB"],
        "sector": "financial-services",
        "country": "NL",
        "founded": 1899,
        "website": "https://bank.example/",
        "description": "A *bank* by the harbour.",
    }


def test_a_technique_says_where_it_stands(client: Client) -> None:
    parent = make_technique("T1566", "Phishing")
    make_technique("T1566.002", "Spearphishing Link", parent=parent, superseded_by=parent, domains=["enterprise"])

    found = ask(client, "techniques/attack/T1566.002/", fields="id,parent,superseded_by,domains,advisories")

    assert found == {
        "id": "attack/T1566.002",
        "advisories": 0,
        "superseded_by": "attack/T1566",
        "domains": ["enterprise"],
        "parent": "attack/T1566",
    }


def test_a_mitigation_says_what_it_counters(client: Client) -> None:
    make_mitigation("M1053", "Data Backup", make_technique("T1486"), make_technique("T1485"))

    assert ask(client, "mitigations/attack/M1053/")["counters"] == ["attack/T1485", "attack/T1486"]


@pytest.mark.parametrize("name", RESOURCES)
def test_an_entry_of_a_list_is_the_entry_by_itself(client: Client, name: str) -> None:
    publish_incident(make_full_incident())

    entries = ask(client, f"{name}/")["data"]

    assert entries != []
    assert [ask(client, f"{name}/{entry['id']}/") for entry in entries] == entries


@pytest.mark.parametrize("name", RESOURCES)
def test_entries_are_counted_and_asked_for_by_id(client: Client, name: str) -> None:
    publish_incident(make_full_incident())
    everything = ids(ask(client, f"{name}/"))

    assert ask(client, f"{name}/", limit=1, count="exact")["count"] == {"value": len(everything), "relation": "exact"}
    assert ids(ask(client, f"{name}/", id=everything[-1])) == everything[-1:]


@pytest.mark.parametrize("name", RESOURCES)
def test_pages_of_a_list_show_each_entry_once(client: Client, name: str) -> None:
    publish_incident(make_full_incident())
    everything = ids(ask(client, f"{name}/"))
    seen: list[str] = []
    cursor: str | None = ""

    while cursor is not None:
        found = ask(client, f"{name}/", limit=1, cursor=cursor)
        seen, cursor = seen + ids(found), found["next"]

    assert seen == everything


def test_lists_are_narrowed_by_framework_and_by_organization(client: Client) -> None:
    make_technique("T1486")
    make_technique("AML.T0051")
    publish_incident(make_full_incident())

    assert ids(ask(client, "techniques/", framework="atlas")) == ["atlas/AML.T0051"]
    assert ids(ask(client, "services/", organization="harbour-bank")) == ["harbour-bank/online-banking"]
    assert ids(ask(client, "services/", organization="cloudworks")) == []


def test_what_only_a_draft_names_does_not_exist_and_reference_data_does(client: Client) -> None:
    make_full_incident()

    for name, resource in RESOURCES.items():
        assert (ids(ask(client, f"{name}/")) != []) is resource.is_reference
    for place in ("organizations/harbour-bank/", "services/harbour-bank/online-banking/", "actors/grey-heron/"):
        assert ask(client, place, 404)["title"] == "There is nothing at this address"


def test_what_only_a_withdrawn_advisory_names_stays_and_counts_nothing(client: Client) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    withdraw_incident(incident)

    assert [(entry["id"], entry["advisories"]) for entry in ask(client, "tags/")["data"]] == [("denial-of-service", 0)]


def test_entries_and_counts_depend_on_who_asks(client: Client, partner: Callable[[TLP], Client]) -> None:
    make_published(organization=make_organization("Known"))
    make_published("Hidden", tlp="amber", organization=make_organization("Known"))
    make_published("Hidden too", tlp="amber", organization=make_organization("Unknown"))

    def seen(asking: Client) -> list[tuple[str, int]]:
        return [(entry["id"], entry["advisories"]) for entry in ask(asking, "organizations/")["data"]]

    assert seen(client) == [("known", 1)]
    assert seen(partner(TLP.GREEN)) == [("known", 1)]
    assert seen(partner(TLP.AMBER)) == [("known", 2), ("unknown", 1)]


def test_expand_tells_nobody_of_an_actor_that_took_anothers_place(client: Client) -> None:
    hidden = make_actor("Hidden Successor")
    incident = make_incident()
    incident.attributions.create(actor=make_actor("Known Actor", superseded_by=hidden), said_by="The Courier")
    publish_incident(incident)

    assert "idden" not in client.get("/api/v1/advisories/", {"expand": "actors"}).content.decode()
    assert "idden" not in client.get("/api/v1/actors/").content.decode()


def test_a_service_is_found_by_both_parts_of_its_name(client: Client) -> None:
    incident = make_incident()
    for owner in ("One", "Two"):
        incident.affected_services.create(service=make_service("Mail", make_organization(owner)))
    make_tag("unused")
    publish_incident(incident)

    assert ids(ask(client, "services/", id="two/mail")) == ["two/mail"]
    assert ask(client, "services/two/mail/")["organization"] == "two"
    assert ids(ask(client, "advisories/", expand="services")) == [incident.public_id]
    assert sorted(ask(client, "advisories/", expand="services")["expanded"]["services"]) == ["one/mail", "two/mail"]
