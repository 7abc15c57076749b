"""`make openapi`: write `docs/openapi.yaml` anew, and the examples in it where there is a portal to ask.

`python -m tests.run.openapi http://127.0.0.1:8000` asks a portal that holds the demo, with an export, and keeps its answers.
"""

import os
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
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


def example_requests(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each operation that reads JSON, with a path and query that the demo has an answer to."""
    for path, operations in document["paths"].items():
        operation = operations.get("get")
        if operation is None or "application/json" not in operation["responses"]["200"]["content"]:
            continue
        name, declared = operation["operationId"], operation.get("parameters", [])
        parts = {one["name"]: quote(str(one["example"]), safe="") for one in declared if one["in"] == "path"}
        usual = "limit=1" if any(one["name"] == "limit" for one in declared) else ""
        query = QUERIES.get(name, usual)
        yield name, path.format(**parts) + (f"?{query}" if query else "")


def ask_for_examples(portal: str, document: dict[str, Any]) -> dict[str, Example]:
    """What a portal answers, as the portal of the examples would."""
    examples = {}
    for name, request in example_requests(document):
        with urllib.request.urlopen(portal + request, timeout=30) as answer:
            text = answer.read().decode().replace(portal, PLACEHOLDER)
        examples[name] = Example(request=request, answer=msgspec.json.decode(text))
    return examples


def written() -> bytes:
    """The document as it is committed."""
    return as_yaml(openapi_document(PLACEHOLDER, NAME))


def main(portal: str = "") -> None:
    """Write the files."""
    if portal:
        examples = ask_for_examples(portal.rstrip("/"), openapi_document(PLACEHOLDER, NAME))
        Path(FILE).write_bytes(msgspec.json.format(msgspec.json.encode(examples), indent=1) + b"\n")
        openapi_document.cache_clear()
    COMMITTED.write_bytes(written())
    print(f"{COMMITTED.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main(*sys.argv[1:2])
