"""The OpenAPI document says what the API does: every address, every answer, every refusal."""

import datetime as dt
import json
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from incidents.intake.demo.load import load_demo
from incidents.partners.scopes import Scope
from incidents.representations.api.advisories import AdvisoryList
from incidents.representations.api.problems import KINDS
from incidents.representations.api.retirement import Retirement
from incidents.representations.api.schema.document import API, METHODS, as_json, as_yaml, openapi_document
from incidents.representations.api.schema.examples import FILE, read_examples
from incidents.representations.api.schema.parameters import CURSOR_NAMES
from tests.factories import make_full_incident, make_published, publish_incident
from tests.factories.partners import make_partner_key
from tests.run.openapi import ask_with_key, example_requests

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
    good = next(answer for status, answer in operation["responses"].items() if status[0] == "2")
    found: dict[str, Any] = good["content"]["application/json"]["schema"]
    return found


def views() -> list[Any]:
    """The view at every address of the API, as the router knows them."""
    found: Any = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "api")
    return [pattern.callback.view_class for pattern in found.url_patterns]


def is_public(operation: dict[str, Any]) -> bool:
    """Whether no key is needed."""
    return {} in operation["security"]


def tells_json(operation: dict[str, Any]) -> bool:
    """Whether the good answer is JSON."""
    return any("application/json" in one.get("content", {}) for one in operation["responses"].values())


def reads_json(operation: dict[str, Any]) -> bool:
    """Whether anybody can read it, and the answer is JSON."""
    return is_public(operation) and tells_json(operation)


def test_every_address_of_the_api_is_in_the_document(document: dict[str, Any]) -> None:
    told = Counter(method for path in document["paths"].values() for method in path)

    assert len(document["paths"]) == len(views())
    assert all(path.startswith(API) for path in document["paths"])
    assert told == Counter(method for view in views() for method in METHODS if hasattr(view, method))


def test_every_method_besides_get_is_declared() -> None:
    for view in views():
        assert view.acts.keys() == {method for method in METHODS[1:] if hasattr(view, method)}, view
        assert all(getattr(view, method).__doc__ for method in view.acts), view


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
        keys: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}]
        assert operation["security"] in ([{}, *keys], keys), name
        assert refusals.keys() >= {400, 401, 403, 429, *([404] if "{" in operation["path"] else [])}, name
        for status, answer in refusals.items():
            if status == 412:
                continue
            kinds = answer["content"][PROBLEM]["examples"]
            assert {KINDS[kind].status for kind in kinds} == {status}, name


def test_every_address_with_a_cursor_says_that_it_may_open_nothing(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        if {one["name"] for one in operation.get("parameters", [])} & set(CURSOR_NAMES):
            kinds = operation["responses"]["409"]["content"][PROBLEM]["examples"]
            assert {"unknown-cursor"} <= kinds.keys(), name


def test_every_parameter_has_a_meaning_and_an_example_that_it_takes(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        for parameter in operation.get("parameters", []):
            assert parameter["description"].endswith("."), (name, parameter)
            if parameter["name"] in CURSOR_NAMES:  # sealed: none can be made up
                continue
            assert faults(document, parameter["schema"], parameter["example"]) == [], (name, parameter)


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    known, examples = operations(document), read_examples(BASE)

    assert examples.keys() == {name for name, operation in known.items() if tells_json(operation)}
    wrong = {name: faults(document, schema_of(known[name]), example.answer) for name, example in examples.items()}
    assert {name: found for name, found in wrong.items() if found} == {}
    assert "127.0.0.1" not in FILE.read_text(encoding="utf-8")


def test_every_problem_is_what_its_schema_says(document: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/ProblemDocument"}

    for example in document["components"]["examples"].values():
        assert faults(document, schema, example["value"]) == []


@pytest.mark.django_db
def test_every_example_of_a_parameter_can_be_asked(client: Client, document: dict[str, Any]) -> None:
    make_published(full=True)
    for operation in filter(reads_json, operations(document).values()):
        if "{" in operation["path"]:
            continue
        for parameter in operation.get("parameters", []):
            if "example" not in parameter:
                continue
            if parameter["in"] != "query":
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
    for operation in filter(is_public, operations(document).values()):
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
        if not is_public(known[name]):
            continue

        answer = client.get(example.request)

        assert answer.status_code == 200, example.request
        assert faults(document, schema_of(known[name]), answer.json()) == [], name
        assert answer.json().keys() == example.answer.keys(), name
    told = read_examples(BASE)["advisory_one"]
    assert client.get(told.request).json() == told.answer


@pytest.mark.django_db
def test_every_act_takes_its_example_and_answers_as_it_says(live_server: LiveServer, document: dict[str, Any]) -> None:
    _, token = make_partner_key(scopes=list(Scope))
    known = operations(document)

    examples = ask_with_key(live_server.url, token, document)

    assert examples.keys() == {name for name, one in known.items() if not is_public(one) and tells_json(one)}
    wrong = {name: faults(document, schema_of(known[name]), example.answer) for name, example in examples.items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_every_example_of_a_body_is_what_its_schema_says(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert [faults(document, content["schema"], one["value"]) for one in content["examples"].values()] == [[]]


@pytest.mark.django_db
def test_a_limit_is_told_as_the_document_says(client: Client, settings: Settings, document: dict[str, Any]) -> None:
    settings.API_LIMITS = {"public": (1, 60)}
    said = operations(document)["advisory_list"]["responses"]

    answers = {str(answer.status_code): answer for answer in (client.get(f"{API}advisories/") for _ in range(2))}

    assert answers.keys() == {"200", "429"}
    for status, answer in answers.items():
        assert {name for name in said[status]["headers"] if name not in answer} <= {"Link", "Last-Modified"}, status


def test_an_address_that_goes_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    retirement = Retirement(dt.datetime(2027, 1, 1, tzinfo=dt.UTC), dt.datetime(2028, 1, 1, tzinfo=dt.UTC))
    monkeypatch.setattr(AdvisoryList, "retirement", retirement)

    said = operations(openapi_document(f"{BASE}/other", "Tocsin"))

    assert [name for name, one in said.items() if one.get("deprecated")] == ["advisory_list"]
    assert said["advisory_list"]["responses"]["200"]["headers"].keys() >= {"Deprecation", "Sunset"}


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
