"""The OpenAPI document says what the API does: every address, every answer, every refusal."""

import json
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from incidents.intake.demo.load import load_demo
from incidents.representations.api.problems import KINDS
from incidents.representations.api.schema.document import API, METHODS, as_json, as_yaml, openapi_document
from incidents.representations.api.schema.examples import FILE, read_examples
from incidents.representations.api.urls import version_1
from tests.factories import make_full_incident, make_published, publish_incident
from tests.run.openapi import example_requests

BASE = "http://127.0.0.1:8000"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document of this portal."""
    return openapi_document(BASE, "Tocsin")


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation by its name, with its path."""
    return {
        one["operationId"]: {**one, "path": path}
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if method in METHODS
    }


def faults(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, by a schema of the document."""
    whole = {**schema, "components": document["components"]}
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(value)]


def schema_of(operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of an operation's good answer."""
    found: dict[str, Any] = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return found


def reads_json(operation: dict[str, Any]) -> bool:
    """Whether the good answer is JSON."""
    return "application/json" in operation["responses"]["200"]["content"]


def test_every_address_of_the_api_is_in_the_document(document: dict[str, Any]) -> None:
    assert len(document["paths"]) == len(version_1)
    assert all(path.startswith(API) for path in document["paths"])


def test_every_shape_is_a_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(references, node))
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set()

    groups = document["components"].items()
    there = {f"#/components/{group}/{name}" for group, members in groups for name in members}
    assert references(document) - there == set()
    assert there - references(document) == {f"#/components/securitySchemes/{name}" for name in ("basic", "bearer")}


def test_every_operation_says_what_it_is_for_and_how_it_fails(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    for name, operation in operations(document).items():
        refusals = {int(status): one for status, one in operation["responses"].items() if status[0] == "4"}
        assert operation["summary"], name
        assert set(operation["tags"]) <= tags, name
        assert operation["security"] == [{}, {"bearer": []}, {"basic": []}], name
        assert refusals.keys() >= {400, 401, 403, *([404] if "{" in operation["path"] else [])}, name
        for status, answer in refusals.items():
            if status == 412:
                continue
            kinds = answer["content"][PROBLEM]["examples"]
            assert {KINDS[kind].status for kind in kinds} == {status}, name


def test_every_parameter_has_a_meaning_and_an_example_that_it_takes(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        for parameter in operation.get("parameters", []):
            assert parameter["description"].endswith("."), (name, parameter)
            if parameter["name"] in ("cursor", "after"):  # sealed: none can be made up
                continue
            assert faults(document, parameter["schema"], parameter["example"]) == [], (name, parameter)


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    known, examples = operations(document), read_examples(BASE)

    assert examples.keys() == {name for name, operation in known.items() if reads_json(operation)}
    wrong = {name: faults(document, schema_of(known[name]), example.answer) for name, example in examples.items()}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert "127.0.0.1" not in FILE.read_text(encoding="utf-8")


def test_every_problem_is_what_its_schema_says(document: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}

    for example in document["components"]["examples"].values():
        assert faults(document, schema, example["value"]) == []


@pytest.mark.django_db
def test_every_example_of_a_parameter_can_be_asked(client: Client, document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        if "{" in operation["path"]:
            continue
        for parameter in operation.get("parameters", []):
            if "example" not in parameter:
                continue
            example = parameter["example"]
            text = ",".join(example) if isinstance(example, list) else str(example)
            assert client.get(operation["path"], {parameter["name"]: text}).status_code == 200, parameter


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "fields=id", "expand=organizations,techniques", "count=exact", "slim=1"])
def test_what_is_answered_is_what_the_document_says(client: Client, document: dict[str, Any], query: str) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    publish_incident(incident)
    known = operations(document)
    for name, request in example_requests(document):
        path = request.partition("?")[0].replace("INC-2025-0003", incident.public_id or "")
        names = {one["name"] for one in known[name].get("parameters", [])}
        if query and query.partition("=")[0] not in names:
            continue

        answer = client.get(f"{path}?{query}")

        assert answer.status_code in (200, 404), path
        if answer.status_code == 200:
            assert faults(document, schema_of(known[name]), answer.json()) == [], path


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["colour=red", "limit=0", "cursor=no", "cursor=" + "A" * 40, "after=" + "A" * 40])
def test_every_refusal_is_one_that_the_document_names(client: Client, document: dict[str, Any], query: str) -> None:
    make_published(full=True)
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    for operation in operations(document).values():
        if "{" in operation["path"]:
            continue

        answer = client.get(f"{operation['path']}?{query}")

        kind = answer.json()["type"].split("/")[-2]
        assert kind in operation["responses"][str(answer.status_code)]["content"][PROBLEM]["examples"]
        assert faults(document, schema, answer.json()) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_every_example_can_be_asked_of_the_demo(client: Client, document: dict[str, Any]) -> None:
    load_demo()
    known = operations(document)
    for name, example in read_examples(BASE).items():
        answer = client.get(example.request)

        assert answer.status_code == 200, example.request
        assert faults(document, schema_of(known[name]), answer.json()) == [], name
        assert answer.json().keys() == example.answer.keys(), name
    told = read_examples(BASE)["advisory_one"]
    assert client.get(told.request).json() == told.answer


@pytest.mark.django_db
def test_the_document_is_served_as_json_and_as_yaml(client: Client, document: dict[str, Any]) -> None:
    there, plain = client.get("/api/schema/"), client.get("/api/schema/openapi.yaml")

    assert json.loads(there.content) == json.loads(as_json(document))
    assert plain.content == as_yaml(document)
    assert (there["Content-Type"], plain["Content-Type"]) == ("application/json", "application/yaml")
    assert {answer["Access-Control-Allow-Origin"] for answer in (there, plain)} == {"*"}
    assert {answer["Cache-Control"] for answer in (there, plain)} == {"public, max-age=0, must-revalidate"}
    assert client.get("/api/schema/", headers={"if-none-match": there["ETag"]}).status_code == 304
    assert client.get("/api/schema/?format=yaml").status_code == 400
    assert "Set-Cookie" not in there
