"""`/api/docs/`: every operation to read and to try, without a script and without anything from elsewhere."""

import json
import os
import subprocess

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from incidents.partners.scopes import Scope
from incidents.representations.api.schema.document import openapi_document
from portal.api_docs import operations_of
from tests.factories import make_published
from tests.factories.partners import make_partner_key
from tests.incidents.representations.html.reading import Page

DOCS = "/api/docs/"
OPERATIONS = operations_of(openapi_document("http://127.0.0.1:8000", "Tocsin"))


def test_every_operation_has_a_page_that_the_overview_leads_to(client: Client) -> None:
    links = Page(client.get(DOCS).content).attributes("a", "href")

    pages = {name: f"{DOCS}{name}/" for name in OPERATIONS}
    assert [place for place in pages.values() if place not in links] == []
    assert {name: client.get(place).status_code for name, place in pages.items()} == dict.fromkeys(OPERATIONS, 200)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_page_asks_for_every_parameter_and_says_every_answer(client: Client, name: str) -> None:
    page = Page(client.get(f"{DOCS}{name}/").content)

    said = OPERATIONS[name].said
    in_path = [one.name for one in OPERATIONS[name].questions if not OPERATIONS[name].is_read]  # part of a line of curl
    asked = [*page.attributes("input", "name"), *page.attributes("select", "name")]
    assert {one["name"] for one in said.get("parameters", []) if one["in"] != "header"} <= {*asked, *in_path}
    problems = {f"/api/problems/{kind}/" for _, _, kinds in OPERATIONS[name].answers for kind in kinds}
    assert problems <= set(page.attributes("a", "href"))
    forms = [f"{DOCS}{name}/ask/"] if OPERATIONS[name].is_read else []
    assert [place for place in page.attributes("form", "action") if "/ask/" in place] == forms
    for header in OPERATIONS[name].headers:
        assert escape(header["description"]) in client.get(f"{DOCS}{name}/").content.decode()


@pytest.mark.django_db
def test_what_writes_is_shown_as_a_line_that_works(live_server: LiveServer, settings: Settings) -> None:
    settings.SITE_URL = live_server.url
    _, token = make_partner_key(scopes=[Scope.SUBMIT])
    line = OPERATIONS["send_submission"].curl

    done = subprocess.run(["bash", "-c", line], env={**os.environ, "KEY": token}, capture_output=True, check=True)

    assert json.loads(done.stdout)["state"] == "received"


@pytest.mark.django_db
def test_a_form_leads_to_the_answer(client: Client) -> None:
    public_id = make_published(full=True).public_id

    answer = client.get(f"{DOCS}advisory_one/ask/", {"public_id": public_id, "fields": "id,title", "expand": ""})

    assert (answer.status_code, answer["Location"]) == (302, f"/api/v1/advisories/{public_id}/?fields=id,title")
    assert client.get(answer["Location"]).json().keys() == {"id", "title"}


@pytest.mark.parametrize(
    "part", ["//elsewhere.example", "../../admin", "https://elsewhere.example/", "\\\\elsewhere", "a?b#c"]
)
def test_a_form_leads_nowhere_else(client: Client, part: str) -> None:
    answer = client.get(f"{DOCS}advisory_one/ask/", {"public_id": part})

    place = answer["Location"]
    assert place.startswith("/api/v1/advisories/")
    assert place.removeprefix("/api/v1/advisories/").removesuffix("/").count("/") == 0


def test_a_form_without_its_part_leads_back(client: Client) -> None:
    answer = client.get(f"{DOCS}advisory_one/ask/", {"public_id": ""})

    assert (answer.status_code, answer["Location"]) == (302, f"{DOCS}advisory_one/")


def test_what_is_no_operation_is_not_there(client: Client) -> None:
    assert (client.get(f"{DOCS}nothing/").status_code, client.get(f"{DOCS}nothing/ask/").status_code) == (404, 404)


def test_every_shape_that_is_linked_to_has_a_place(client: Client) -> None:
    there = set(Page(client.get(f"{DOCS}shapes/").content).attributes("h2", "id"))

    links = {
        link.partition("#")[2]
        for place in (*(f"{DOCS}{name}/" for name in OPERATIONS), f"{DOCS}shapes/")
        for link in Page(client.get(place).content).attributes("a", "href")
        if link.startswith(f"{DOCS}shapes/#")
    }
    assert len(there) > 40
    assert links - there == set()
