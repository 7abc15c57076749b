"""Examples of good answers: what a portal with the demo answered to a request, kept in a file beside this one.

A test asks the same again, and holds each example against its schema.
"""

from pathlib import Path
from typing import Any

import msgspec

from incidents.representations.api.schema.components import Schema

FILE = Path(__file__).with_name("examples.json")
PLACEHOLDER = "https://advisories.example.org"
"""The address of the portal that was asked."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, by path and query, and what was answered."""

    request: str
    answer: Any


def read_examples(base_url: str) -> dict[str, Example]:
    """The examples, by operation, as a portal at this address would give them."""
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else "{}"
    return msgspec.json.decode(text.replace(PLACEHOLDER, base_url), type=dict[str, Example])


def with_examples(document: Schema, base_url: str) -> Schema:
    """The document with an example of each good answer."""
    known = read_examples(base_url)
    for path in document["paths"].values():
        for operation in path.values():
            example = known.get(operation["operationId"])
            if example is None:
                continue
            good = next(one for status, one in operation["responses"].items() if status.startswith("2"))
            (content,) = good["content"].values()
            content["examples"] = {"demo": {"summary": example.request, "value": example.answer}}
    return document
