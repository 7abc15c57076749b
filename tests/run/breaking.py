"""What would break a client between two OpenAPI documents: by rules, each of which has a test.

A path may go when the same path stands under a higher version: `/api/v1/changes/` when there is `/api/v2/changes/`. What is
added is no break, but a parameter or a field of a body that is required.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
VERSION = re.compile(r"/v(\d+)/")
BOUNDS = {"maximum": 1, "maxLength": 1, "maxItems": 1, "minimum": -1, "minLength": -1, "minItems": -1}
"""Limits by the direction in which moving them refuses what was accepted."""
Node = dict[str, Any]


def breaks(old: Node, new: Node) -> list[str]:
    """What of the old document a client may rely on and the new one does not promise, in sentences."""
    comparison = Comparison(old, new)
    return [sentence for path in old["paths"] for sentence in comparison.of_path(path)]


def has_successor(path: str, paths: Node) -> bool:
    """Whether the same path stands under a higher version."""
    found = VERSION.search(path)
    rest = VERSION.sub("/v0/", path, count=1)
    others = ((VERSION.search(one), VERSION.sub("/v0/", one, count=1)) for one in paths)
    return found is not None and any(other and same == rest and int(other[1]) > int(found[1]) for other, same in others)


@dataclass
class Comparison:
    """Two documents; `seen` are the pairs of schemas that were compared, since schemas may hold themselves."""

    old: Node
    new: Node
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def of_path(self, path: str) -> Iterator[str]:
        """Breaks at a path."""
        before, after = self.old["paths"][path], self.new["paths"].get(path)
        if after is None:
            if not has_successor(path, self.new["paths"]):
                yield f"{path}: the path is gone"
            return
        for method in METHODS:
            if method in before and method not in after:
                yield f"{method.upper()} {path}: the method is gone"
            elif method in before:
                yield from self.of_operation(f"{method.upper()} {path}", before[method], after[method])

    def of_operation(self, where: str, before: Node, after: Node) -> Iterator[str]:
        """Breaks of an operation."""
        if before.get("operationId") != after.get("operationId"):
            yield f"{where}: the operation is called “{after.get('operationId')}”, no more “{before.get('operationId')}”"
        if {} in before.get("security", [{}]) and {} not in after.get("security", [{}]):
            yield f"{where}: a key is needed now"
        yield from self.of_parameters(where, before.get("parameters", []), after.get("parameters", []))
        yield from self.of_bodies(where, before.get("requestBody"), after.get("requestBody"))
        for status, answer in before["responses"].items():
            if not status.startswith("2"):
                continue
            if status not in after["responses"]:
                yield f"{where}: the answer {status} is gone"
            else:
                yield from self.of_contents(f"{where} {status}", answer, after["responses"][status], is_sent=False)

    def of_parameters(self, where: str, before: list[Node], after: list[Node]) -> Iterator[str]:
        """Breaks of parameters: what was accepted must still be."""
        old = {(one["in"], one["name"]): one for one in map(self.in_old, before)}
        new = {(one["in"], one["name"]): one for one in map(self.in_new, after)}
        for key, one in old.items():
            if key not in new:
                yield f"{where}: the parameter “{key[1]}” is gone"
            else:
                yield from self.of_schemas(f"{where} ?{key[1]}", one["schema"], new[key]["schema"], is_sent=True)
        for key, one in new.items():
            if one.get("required") and not old.get(key, {}).get("required"):
                yield f"{where}: the parameter “{key[1]}” is required now"

    def of_bodies(self, where: str, before: Node | None, after: Node | None) -> Iterator[str]:
        """Breaks of what is sent."""
        old, new = self.in_old(before or {}), self.in_new(after or {})
        if new.get("required") and not old.get("required"):
            yield f"{where}: a body is required now"
        if old:
            yield from self.of_contents(f"{where} body", old, new, is_sent=True)

    def of_contents(self, where: str, before: Node, after: Node, *, is_sent: bool) -> Iterator[str]:
        """Breaks of a body, by its media types."""
        old, new = self.in_old(before).get("content", {}), self.in_new(after).get("content", {})
        for media_type, content in old.items():
            if media_type not in new:
                yield f"{where}: the media type {media_type} is gone"
            else:
                yield from self.of_schemas(where, content["schema"], new[media_type]["schema"], is_sent=is_sent)

    def of_schemas(self, where: str, before: Node, after: Node, *, is_sent: bool) -> Iterator[str]:
        """Breaks of a value that clients send, or that they are sent."""
        names = (before.get("$ref", ""), after.get("$ref", ""), is_sent)
        if all(names[:2]):
            if names in self.seen:
                return
            self.seen.add(names)
        old, new = self.in_old(before), self.in_new(after)
        if types_of(old) != types_of(new) and not (is_sent and types_of(old) < types_of(new)):
            yield f"{where}: the type is {said(types_of(new))}, no more {said(types_of(old))}"
            return
        if old.get("format") != new.get("format") and old.get("format"):
            yield f"{where}: the format is {new.get('format')}, no more {old['format']}"
        if gone := [value for value in old.get("enum", []) if "enum" in new and value not in new["enum"]]:
            yield f"{where}: {said(gone)} cannot be chosen any more"
        if is_sent:
            yield from self.of_limits(where, old, new)
        yield from self.of_fields(where, old, new, is_sent=is_sent)
        for key in ("items", "additionalProperties"):
            if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
                yield from self.of_schemas(f"{where}[]", old[key], new[key], is_sent=is_sent)
        for key in ("anyOf", "oneOf", "allOf"):
            yield from self.of_choices(where, old.get(key, []), new.get(key, []), is_sent=is_sent)

    def of_limits(self, where: str, old: Node, new: Node) -> Iterator[str]:
        """Breaks of what may be sent."""
        if "enum" in new and "enum" not in old:
            yield f"{where}: only {said(new['enum'])} can be chosen now"
        for limit, direction in BOUNDS.items():
            if limit in new and (limit not in old or (new[limit] - old[limit]) * direction < 0):
                yield f"{where}: {limit} is {new[limit]} now"

    def of_fields(self, where: str, old: Node, new: Node, *, is_sent: bool) -> Iterator[str]:
        """Breaks of an object's fields."""
        properties = new.get("properties", {})
        for name, one in old.get("properties", {}).items():
            if name not in properties:
                yield f"{where}: the field “{name}” is gone"
            else:
                yield from self.of_schemas(f"{where}.{name}", one, properties[name], is_sent=is_sent)
        required, now = set(old.get("required", [])), set(new.get("required", []))
        if is_sent:
            yield from (f"{where}: the field “{name}” is required now" for name in sorted(now - required))
        else:
            left = sorted((required - now) & set(properties))
            yield from (f"{where}: the field “{name}” may be missing now" for name in left)

    def of_choices(self, where: str, old: list[Node], new: list[Node], *, is_sent: bool) -> Iterator[str]:
        """Breaks of alternatives, which keep their places."""
        if len(new) < len(old):
            yield f"{where}: an alternative is gone"
        for before, after in zip(old, new, strict=False):
            yield from self.of_schemas(where, before, after, is_sent=is_sent)

    def in_old(self, node: Node) -> Node:
        """What a node of the old document says, wherever it stands."""
        return resolve(self.old, node)

    def in_new(self, node: Node) -> Node:
        """What a node of the new document says, wherever it stands."""
        return resolve(self.new, node)


def resolve(document: Node, node: Node) -> Node:
    """A node, or what it refers to."""
    while "$ref" in node:
        target: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def types_of(schema: Node) -> set[str]:
    """The types that a value may have; none where nothing is said."""
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


def said(values: Any) -> str:
    """Values in a sentence."""
    return ", ".join(str(value) for value in sorted(values)) or "any"
