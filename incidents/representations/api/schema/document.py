"""The whole OpenAPI document, and the two ways it is written."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

import msgspec
import yaml

from incidents.representations.api.answer import Counted
from incidents.representations.api.problems import CHALLENGE, KINDS, Problem, ProblemDocument, document_of
from incidents.representations.api.problems import MEDIA_TYPE as PROBLEM_TYPE
from incidents.representations.api.resources import RESOURCES
from incidents.representations.api.schema.components import Schema, components_of, ref
from incidents.representations.api.schema.examples import with_examples

OPENAPI = "3.1.1"
VERSION = "1.0.0"
API = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
DESCRIPTION = """\
Advisories about cyber incidents: what people read at this portal, for programs. What is public needs no key.

An advisory is published in releases that never change; the newest stands for it. To keep a copy, follow `changes` from its
beginning, or begin with an export. Every answer has an `ETag`. An error is a problem document (RFC 9457), whose `type` leads to
a page that explains it. Unknown parameters are refused, and several values of a parameter are written with commas."""


@lru_cache(maxsize=4)
def openapi_document(base_url: str, name: str) -> Schema:
    """The document of a portal.

    Args:
        base_url: its address, without a slash at the end.
        name: what it is called.
    """
    # What makes the document takes five megabytes of memory, and most processes never make it.
    generator = import_module("drf_spectacular.generators").SchemaGenerator()
    paths = generator.parse(None, public=True)
    resolved = import_module("drf_spectacular.plumbing").ResolvedComponent
    for shape, schema in {**components_of([Counted, ProblemDocument]), "Expanded": expanded_schema()}.items():
        component = resolved(name=shape, type=resolved.SCHEMA, schema=schema, object=shape)
        generator.registry.register_on_missing(component)
    document = {
        "openapi": OPENAPI,
        "info": {
            "title": f"{name} API",
            "version": VERSION,
            "summary": "Advisories about cyber incidents, for programs.",
            "description": DESCRIPTION,
            "contact": {"name": name, "url": f"{base_url}/about/"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "externalDocs": {"description": "The same, to read and to try", "url": f"{base_url}/api/docs/"},
        "servers": [{"url": base_url, "description": "This portal"}],
        "tags": tags_of(callback.cls.__module__ for _, _, _, callback in generator.endpoints),
        "paths": paths,
        "components": {
            **generator.registry.build({}),
            "securitySchemes": SECURITY,
            "headers": HEADERS,
            "examples": {
                kind: {"value": msgspec.to_builtins(said)} for kind, said in problems(base_url, paths).items()
            },
        },
    }
    return with_examples(document, base_url)


def expanded_schema() -> Schema:
    """What is beside documents with `expand`."""
    kinds = {
        name: {"type": "object", "additionalProperties": ref(resource.shape.__name__)}
        for name, resource in RESOURCES.items()
    }
    says = "With “expand”: what the catalogue says now about the entries that are named, by kind and id."
    return {"type": "object", "description": says, "properties": kinds}


def problems(base_url: str, paths: Mapping[str, Any]) -> Mapping[str, ProblemDocument]:
    """An example of each kind of problem that operations answer with."""
    answers = [answer for operation in operations_in(paths) for answer in operation["responses"].values()]
    used = {name for answer in answers for name in answer.get("content", {}).get(PROBLEM_TYPE, {}).get("examples", ())}
    return {kind.name: document_of(Problem(kind), base_url) for kind in KINDS.values() if kind.name in used}


def operations_in(paths: Mapping[str, Any]) -> list[Schema]:
    """All operations."""
    return [one for path in paths.values() for method, one in path.items() if method in METHODS]


def tags_of(modules: Iterable[str]) -> list[Schema]:
    """The tags that operations carry, which are the last words of their modules, with what those say they are for."""
    told = {module.rpartition(".")[2]: first_line(import_module(module).__doc__) for module in modules}
    return [{"name": name, "description": description} for name, description in told.items()]


def first_line(text: str | None) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join((text or "").split("\n\n")[0].split())


def as_json(document: Schema) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document)


def as_yaml(document: Schema) -> bytes:
    """The document as YAML, without anchors, in the order in which it is read best."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=130).encode()


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """The same thing twice is written twice."""
        return True


SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A partner's key. Without one you are answered as the public.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "A partner's key as the password; any user name."},
}
HEADERS = {
    "ETag": {"description": "Names these bytes; send it as If-None-Match.", "schema": {"type": "string"}},
    "Last-Modified": {
        "description": "When anything in it changed last, where that is known.",
        "schema": {"type": "string"},
        "example": "Mon, 27 Jan 2025 13:33:00 GMT",
    },
    "Link": {"description": "Whole addresses of the pages beside this one (RFC 8288).", "schema": {"type": "string"}},
    "Location": {"description": "Where it is.", "schema": {"type": "string"}},
    "RateLimit": {
        "description": "How many requests are left (r), and for how many seconds (t), where there is a limit.",
        "schema": {"type": "string"},
        "example": '"public";r=599;t=60',
    },
    "RateLimit-Policy": {
        "description": "Your limit, where there is one: how many requests pass (q) in how many seconds (w).",
        "schema": {"type": "string"},
        "example": '"public";q=600;w=60',
    },
    "Retry-After": {"description": "In how many seconds to ask again.", "schema": {"type": "string"}, "example": "30"},
    "WWW-Authenticate": {
        "description": "How to show who you are.",
        "schema": {"type": "string"},
        "example": CHALLENGE,
    },
}
