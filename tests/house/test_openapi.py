"""`docs/openapi.yaml` says what the code says, and no release breaks a client."""

import copy
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from incidents.representations.api.schema.document import as_yaml, openapi_document
from incidents.representations.api.schema.examples import PLACEHOLDER
from tests.run.breaking import breaks

FILE = "docs/openapi.yaml"
LIST = "/api/v1/advisories/"
ONE = "/api/v1/advisories/{public_id}/"


def git(root: Path, *words: str) -> str:
    """What git says; nothing where it fails."""
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False).stdout


def load(text: str) -> dict[str, Any]:
    """A document of YAML, read by the fast reader where there is one."""
    found: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document that the code makes now."""
    return openapi_document(PLACEHOLDER, "Tocsin")


def test_the_committed_document_is_what_the_code_makes(root: Path, document: dict[str, Any]) -> None:
    """After a change of the API: `make openapi`."""
    assert (root / FILE).read_bytes() == as_yaml(document)


def test_no_release_breaks_a_client(root: Path, document: dict[str, Any]) -> None:
    """The last release, which a tag names, and the last commit promise what the code keeps."""
    tags = git(root, "tag", "--list", "v*", "--sort=-creatordate").split()[:1]
    promised = {base: text for base in (*tags, "HEAD") if (text := git(root, "show", f"{base}:{FILE}"))}

    broken = {base: breaks(load(text), document) for base, text in promised.items()}

    assert {base: sentences for base, sentences in broken.items() if sentences} == {}


def operation(document: Any, path: str = LIST) -> Any:
    """How a path is read."""
    return document["paths"][path]["get"]


def parameter(document: Any, name: str) -> Any:
    """A parameter of the list of advisories."""
    return next(one for one in operation(document)["parameters"] if one["name"] == name)


def component(document: Any, name: str) -> Any:
    """A shape."""
    return document["components"]["schemas"][name]


def severities(document: Any) -> list[str]:
    """The words that the filter takes."""
    words: list[str] = parameter(document, "severity")["schema"]["items"]["enum"]
    return words


def add_required(document: Any) -> None:
    """A parameter that everybody has to give."""
    operation(document)["parameters"].append(
        {"name": "why", "in": "query", "required": True, "schema": {"type": "string"}}
    )


BROKEN: dict[str, Callable[[Any], Any]] = {
    f"{LIST}: the path is gone": lambda new: new["paths"].pop(LIST),
    f"GET {LIST}: the method is gone": lambda new: new["paths"][LIST].pop("get"),
    f"GET {LIST}: the operation is called “others”, no more “advisory_list”": lambda new: operation(new).update(
        operationId="others"
    ),
    f"GET {LIST}: a key is needed now": lambda new: operation(new)["security"].remove({}),
    f"GET {LIST}: the parameter “severity” is gone": lambda new: operation(new)["parameters"].remove(
        parameter(new, "severity")
    ),
    f"GET {LIST}: the parameter “why” is required now": add_required,
    f"GET {LIST}: the parameter “q” is required now": lambda new: parameter(new, "q").update(required=True),
    f"GET {LIST} ?severity[]: low cannot be chosen any more": lambda new: severities(new).remove("low"),
    f"GET {LIST} ?q: the type is integer, no more string": lambda new: parameter(new, "q")["schema"].update(
        type="integer"
    ),
    f"GET {LIST} ?limit: maximum is 100 now": lambda new: parameter(new, "limit")["schema"].update(maximum=100),
    f"GET {LIST} ?q: only a can be chosen now": lambda new: parameter(new, "q")["schema"].update(enum=["a"]),
    f"GET {LIST}: the answer 200 is gone": lambda new: operation(new)["responses"].pop("200"),
    f"GET {LIST} 200: the media type application/json is gone": lambda new: operation(new)["responses"]["200"][
        "content"
    ].pop("application/json"),
    f"GET {LIST} 200: the field “next” is gone": lambda new: component(new, "AdvisoryList")["properties"].pop("next"),
    f"GET {LIST} 200: the field “next” may be missing now": lambda new: component(new, "AdvisoryList")[
        "required"
    ].remove("next"),
    f"GET {LIST} 200.data[]: an alternative is gone": lambda new: component(new, "AdvisoryList")["properties"]["data"][
        "items"
    ]["anyOf"].pop(),
    f"GET {LIST} 200.data[].title: the type is integer, no more string": lambda new: component(new, "AdvisoryDocument")[
        "properties"
    ]["title"].update(type="integer"),
    f"GET {LIST} 200.data[].severity: low cannot be chosen any more": lambda new: component(new, "Severity")[
        "enum"
    ].remove("low"),
    f"GET {LIST} 200.data[].release.released_at: the format is None, no more date-time": lambda new: component(
        new, "ReleaseNote"
    )["properties"]["released_at"].pop("format"),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_each_kind_of_break_is_found(document: dict[str, Any], sentence: str) -> None:
    new = copy.deepcopy(document)

    BROKEN[sentence](new)

    assert sentence in breaks(document, new)


def with_body(document: dict[str, Any], **schema: Any) -> dict[str, Any]:
    """The document with an operation that something is sent to."""
    new = copy.deepcopy(document)
    body = {"content": {"application/json": {"schema": {"type": "object", **schema}}}}
    new["paths"][LIST]["post"] = {"operationId": "send", "requestBody": body, "responses": {}}
    return new


def test_breaks_of_what_is_sent_are_found(document: dict[str, Any]) -> None:
    text, number = {"type": "string"}, {"type": "integer"}
    old = with_body(document, properties={"title": text, "note": text, "size": number}, required=["title"])
    new = with_body(document, properties={"title": number, "note": text}, required=["title", "note"])
    new["paths"][LIST]["post"]["requestBody"]["required"] = True

    assert breaks(old, new) == [
        f"POST {LIST}: a body is required now",
        f"POST {LIST} body.title: the type is integer, no more string",
        f"POST {LIST} body: the field “size” is gone",
        f"POST {LIST} body: the field “note” is required now",
    ]


def test_what_is_added_or_stays_breaks_nothing(document: dict[str, Any]) -> None:
    new = copy.deepcopy(document)
    new["paths"]["/api/v1/news/"] = new["paths"][LIST]
    operation(new)["parameters"].append({"name": "why", "in": "query", "schema": {"type": "string"}})
    severities(new).append("worst")
    component(new, "AdvisoryDocument")["properties"]["more"] = {"type": "string"}

    assert (breaks(document, document), breaks(document, new)) == ([], [])


def test_a_path_may_go_where_a_higher_version_takes_its_place(document: dict[str, Any]) -> None:
    new = copy.deepcopy(document)
    new["paths"]["/api/v2/advisories/"] = new["paths"].pop(LIST)
    lower = copy.deepcopy(new)
    lower["paths"]["/api/v0/advisories/"] = lower["paths"].pop("/api/v2/advisories/")

    assert breaks(document, new) == []
    assert breaks(document, lower) == [f"{LIST}: the path is gone"]
