"""Shapes of answers as components of the OpenAPI document."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

Schema = dict[str, Any]
PLACE = "#/components/schemas/"
_ATTRIBUTE = re.compile(r"^(\w+): ", re.MULTILINE)


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": f"{PLACE}{name}"}


def components_of(shapes: Iterable[Any]) -> dict[str, Schema]:
    """The schemas of shapes and of all that they are made of, by name."""
    choices: dict[str, Schema] = {}

    def choice(kind: Any) -> Schema:
        """A choice of words that msgspec does not know: one of Django."""
        choices[kind.__name__] = {"type": "string", "enum": list(kind.values), "description": _plain(kind.__doc__)}
        return ref(kind.__name__)

    # Two shapes of one name would become one component: msgspec refuses two of its own, and `choices` may not repeat them.
    _, found = msgspec.json.schema_components(shapes, schema_hook=choice, ref_template=f"{PLACE}{{name}}")
    if both := found.keys() & choices.keys():
        raise ValueError(f"Two shapes have one name: {', '.join(both)}.")
    return {name: described(schema) for name, schema in {**found, **choices}.items()}


def described(schema: Schema) -> Schema:
    """A schema whose description came from a docstring: what it says about attributes goes to the properties. The house writes
    times as `…_at`."""
    text, _, attributes = schema.pop("description", "").partition("Attributes:")
    pieces = _ATTRIBUTE.split("\n".join(line.strip() for line in attributes.splitlines()))[1:]
    said = dict(zip(pieces[::2], pieces[1::2], strict=True))
    if text:
        schema["description"] = _plain(text)
    for name, one in schema.get("properties", {}).items():
        if name in said:
            one["description"] = sentence(said[name])
        if name.endswith("_at") and one.get("type") == "string":
            one["format"] = "date-time"
    return schema


def part_of(name: str, schema: Schema, **more: Schema) -> Schema:
    """The schema of something of which only some fields were asked for; and `more` properties, which it may have besides."""
    whole = {key: value for key, value in schema.items() if key not in ("required", "title")}
    says = f"Some fields of {name}: those that “fields” asks for."
    return {**whole, "description": says, "properties": {**schema["properties"], **more}}


def list_of(rows: Schema, listing: Schema, *, count: bool, expanded: bool) -> Schema:
    """The schema of a list.

    Args:
        rows: the schema of a row.
        listing: of what is said besides.
        count: whether the number of rows may be asked for.
        expanded: whether entries of the catalogue may be asked for.
    """
    properties: Schema = {"data": {"type": "array", "items": rows}, **listing.get("properties", {})}
    if count:
        properties["count"] = {
            **ref("Counted"),
            "description": "How many rows there are on all pages; only with “count”.",
        }
    if expanded:
        properties["expanded"] = ref("Expanded")
    said = {key: value for key, value in listing.items() if key == "description"}
    return {**said, "type": "object", "properties": properties, "required": ["data", *listing.get("required", [])]}


def sentence(text: str) -> str:
    """A text that begins with a capital letter, in one line."""
    plain = _plain(text)
    return plain[:1].upper() + plain[1:]


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
