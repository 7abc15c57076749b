"""Parameters as the OpenAPI document says them: each as its declaration reads it."""

import re
from collections.abc import Iterator
from typing import Any

from incidents.publication.filters import LONGEST_SEARCH, AdvisoryFilter, Choice, EntryKey, Reader, Written
from incidents.representations.api.advisory_query import EXAMPLES, MEANINGS
from incidents.representations.api.parameters import (
    LONGEST_WAIT,
    MOST_ROWS,
    Parameter,
    read_instant,
    read_limit,
    read_wait,
)
from incidents.representations.api.problems import CURSOR_PATTERN
from incidents.representations.api.schema.components import Schema
from incidents.representations.serving.converters import ExportFileConverter
from incidents.vocabulary.identifiers import PUBLIC_ID_PATTERN
from incidents.vocabulary.words import Framework

CURSOR_NAMES = ("cursor", "after", "Last-Event-ID")
_SLUG = "^[-A-Za-z0-9_]{1,80}$"
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
EXAMPLE_ID = "INC-2025-0003"

IN_PATHS: dict[str, tuple[str, Schema, Any]] = {
    "public_id": ("The id of an advisory.", {"type": "string", "pattern": f"^{PUBLIC_ID_PATTERN}$"}, EXAMPLE_ID),
    "number": ("The number of a release.", _NUMBER, 2),
    "old": ("The number of one release.", _NUMBER, 1),
    "new": ("The number of another release.", _NUMBER, 2),
    "slug": ("Its last part of the id.", {"type": "string", "pattern": _SLUG}, "deepseek"),
    "organization": ("The id of an organization.", {"type": "string", "pattern": _SLUG}, "deepseek"),
    "framework": ("A framework.", {"type": "string", "enum": list(Framework.values)}, "attack"),
    "external_id": ("The id in its framework.", {"type": "string", "pattern": "^[A-Za-z0-9.-]{1,24}$"}, "T1530"),
    "file": (
        "The name of an export, as the list gives it.",
        {"type": "string", "pattern": f"^{ExportFileConverter.regex}$"},
        f"advisories-{'0' * 32}.ndjson.gz",
    ),
    "endpoint": (
        "The id of a webhook.",
        {"type": "string", "format": "uuid"},
        "b7f0f5f4-5a0c-4a8e-9d53-0c4e2f5a8f11",
    ),
    "message": (
        "The id of a delivery, which is its `webhook-id`.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
        "msg_2mYk3Qm5vX8sT1uZ7cWdEa",
    ),
    "reference": (
        "The reference of what was sent in.",
        {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$"},
        "R-7K3M-9QXF",
    ),
}
"""What each part of a path means, how it is written, and an example."""

EXAMPLE_SLUGS = {
    "organizations": "deepseek",
    "services": "log-database",
    "actors": "scattered-spider",
    "tags": "misconfiguration",
}
EXAMPLE_ENTRIES = {"mitigations": "M1032"}


def path_parameters(path: str) -> Iterator[Schema]:
    """The parameters of a path, in its order."""
    for name in re.findall(r"{(\w+)}", path):
        meaning, schema, example = IN_PATHS[name]
        resource = path.split("/")[3]
        if name == "slug":
            example = EXAMPLE_SLUGS[resource]
        if name == "external_id":
            example = EXAMPLE_ENTRIES.get(resource, example)
        said = {"name": name, "in": "path", "required": True, "description": meaning}
        yield {**said, "schema": schema, "example": example}


def query_parameters(parameters: tuple[Parameter, ...], filters: type[AdvisoryFilter] | None) -> Iterator[Schema]:
    """The parameters of a query string: the filters of advisories first."""
    for name, declared in (filters.base_filters if filters else {}).items():
        extra = declared.extra
        yield query_parameter(
            name,
            MEANINGS[name],
            read=extra.get("read"),
            most=extra.get("most", 25) if extra.get("is_list", True) and "read" in extra else 1,
            example=EXAMPLES.get(name, ""),
        )
    for parameter in parameters:
        yield query_parameter(
            parameter.name,
            parameter.meaning,
            read=parameter.read,
            most=parameter.most,
            example=parameter.example,
            default=parameter.default,
        )


def header_parameters(parameters: tuple[Parameter, ...]) -> Iterator[Schema]:
    """The parameters in headers; one that is written in a certain way is not left empty."""
    for one in parameters:
        schema = value_schema(one.name, one.read)
        if one.name in CURSOR_NAMES:
            schema = {**schema, "pattern": f"^{CURSOR_PATTERN}$"}
        if isinstance(one.read, Written):
            schema = {**schema, "pattern": f"^{one.read.pattern.pattern}$"}
        said = {"name": one.name, "in": "header", "description": one.meaning, "schema": schema}
        yield said | ({"example": one.example} if one.example else {})


def query_parameter(
    name: str, meaning: str, *, read: Reader | None, most: int = 1, example: str = "", default: str = ""
) -> Schema:
    """One parameter of a query string.

    Args:
        name: as addresses write it.
        meaning: a sentence.
        read: reads a value; None for words that are searched for.
        most: how many values it takes.
        example: of its text.
        default: its text where it is not given.
    """
    schema = value_schema(name, read)
    # An empty value is as good as none, since forms send those; patterns say so themselves.
    empty = {} if "pattern" in schema or read is None else {"allowEmptyValue": True}
    said: Schema = {"name": name, "in": "query", "description": meaning, **empty}
    shown: Any = int(example) if example and schema.get("type") == "integer" else example
    if most > 1:
        bound = {} if isinstance(read, Choice) else {"maxItems": most}  # of words out of a list there are never more
        schema = {"type": "array", "items": schema, **bound}
        said |= {"style": "form", "explode": False}
        shown = example.split(",")
    elif default:
        schema = {**schema, "default": int(default) if schema.get("type") == "integer" else default}
    return {**said, "schema": schema} | ({"example": shown} if example else {})


def value_schema(name: str, read: Reader | None) -> Schema:
    """The schema of one value, as its reader takes it."""
    if name in CURSOR_NAMES:
        return {"type": "string", "pattern": f"^({CURSOR_PATTERN})?$"}
    match read:
        case Choice():
            return {"type": "string", "enum": list(read.words)}
        case Written():
            return {"type": "string", "pattern": f"^({read.pattern.pattern})?$"}
        case EntryKey():
            keyed = "|".join(Framework.values)
            return {"type": "string", "pattern": f"^(({keyed})/[A-Za-z0-9][A-Za-z0-9.-]{{0,23}}|{read.bare.pattern})?$"}
    if read is None:
        return {"type": "string", "maxLength": LONGEST_SEARCH}
    return READ_BY[read]


READ_BY: dict[Any, Schema] = {
    read_limit: {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
    read_wait: {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT},
    read_instant: {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
}
"""How the value is written that a function reads."""
