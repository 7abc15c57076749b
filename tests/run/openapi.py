"""`make openapi`: write `docs/openapi.yaml` anew, and the examples in it where there is a portal to ask.

`python -m tests.run.openapi http://127.0.0.1:8000 KEY` asks a portal that holds the demo, with an export, and keeps its answers.
The key is one with every scope.
"""

import os
import re
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
django.setup()

from incidents.representations.api.schema.document import as_yaml, openapi_document  # noqa: E402  Django first
from incidents.representations.api.schema.examples import FILE, PLACEHOLDER, Example  # noqa: E402
from tests.run.checks import ROOT  # noqa: E402

COMMITTED = ROOT / "docs" / "openapi.yaml"
NAME = "Tocsin"
QUERIES = {
    "advisory_list": "limit=2&severity=high&fields=id,title,severity,release",
    "change_list": "limit=1&slim=1",
    "facet_list": "facet=severity,sector&limit=2",
    "release_one": "fields=id,title,release",
    "release_list": "limit=2",
}
"""What is asked besides the path where that is more than one row."""
PARTS = {
    "reference": ("send_submission", "reference"),
    "endpoint": ("make_webhook", "id"),
    "message": ("test_webhook", "id"),
}
"""From which operation's answer, and which field of it, parts of paths come."""

SECRET, NO_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+"), "whsec_" + "A" * 32
"""How secrets look, and what the file says instead of one."""


class Request(NamedTuple):
    """An operation that needs a key: its name, method and path, and what is sent."""

    name: str
    method: str
    path: str
    body: bytes


def example_requests(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each operation by which anybody reads JSON, with a path and query that the demo has an answer to."""
    for path, operations in document["paths"].items():
        operation = operations.get("get")
        if operation is None or {} not in operation["security"]:
            continue
        if "application/json" not in operation["responses"]["200"]["content"]:
            continue
        name, declared = operation["operationId"], operation.get("parameters", [])
        parts = {one["name"]: quote(str(one["example"]), safe="") for one in declared if one["in"] == "path"}
        usual = "limit=1" if any(one["name"] == "limit" for one in declared) else ""
        query = QUERIES.get(name, usual)
        yield name, path.format(**parts) + (f"?{query}" if query else "")


def keyed_requests(document: dict[str, Any]) -> list[Request]:
    """Each operation that needs a key, those that delete last."""
    found = [
        Request(operation["operationId"], method, path, sent_by(operation))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if {} not in operation["security"]
    ]
    return sorted(found, key=lambda one: one.method == "delete")


def sent_by(operation: dict[str, Any]) -> bytes:
    """The example of what an operation is sent, as JSON; nothing where it is sent nothing."""
    contents = operation.get("requestBody", {}).get("content", {}).values()
    told = [one["value"] for content in contents for one in content["examples"].values()]
    return msgspec.json.encode(told[0]) if told else b""


def ask_with_key(portal: str, key: str, document: dict[str, Any]) -> dict[str, Example]:
    """What a portal answers to somebody with a key: first what needs no part of an earlier answer in its path."""
    examples: dict[str, Example] = {}
    known: dict[str, str] = {}
    waiting = keyed_requests(document)
    while waiting:
        request = next(one for one in waiting if all(part in known for part in re.findall(r"{(\w+)}", one.path)))
        waiting.remove(request)
        path = request.path.format(**known)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        text = ask(portal, path, headers=headers, method=request.method.upper(), data=request.body or None)
        if text:
            examples[request.name] = Example(request=path, answer=msgspec.json.decode(text))
        for part, (name, field) in PARTS.items():
            if name == request.name:
                known[part] = examples[name].answer[field]
    return examples


def ask(portal: str, path: str, **how: Any) -> str:
    """The body of an answer, as the portal of the examples would give it."""
    with urllib.request.urlopen(urllib.request.Request(portal + path, **how), timeout=30) as answer:
        return SECRET.sub(NO_SECRET, answer.read().decode().replace(portal, PLACEHOLDER))


def ask_for_examples(portal: str, key: str, document: dict[str, Any]) -> dict[str, Example]:
    """What a portal answers, as the portal of the examples would."""
    examples = {
        name: Example(request=request, answer=msgspec.json.decode(ask(portal, request)))
        for name, request in example_requests(document)
    }
    return examples | ask_with_key(portal, key, document)


def written() -> bytes:
    """The document as it is committed."""
    return as_yaml(openapi_document(PLACEHOLDER, NAME))


def main(portal: str = "", key: str = "") -> None:
    """Write the files."""
    if portal:
        examples = ask_for_examples(portal.rstrip("/"), key, openapi_document(PLACEHOLDER, NAME))
        Path(FILE).write_bytes(msgspec.json.format(msgspec.json.encode(examples), indent=1) + b"\n")
        openapi_document.cache_clear()
    COMMITTED.write_bytes(written())
    print(f"{COMMITTED.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main(*sys.argv[1:3])
