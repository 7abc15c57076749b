"""`/api/docs/`: the API to read and to try, made of its OpenAPI document.

The portal joins what the API knows and how a page looks. Forms are plain ones that lead to the answer itself; a small script
shows it beside the form instead. Like all documentation for programmers these pages are in English.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from incidents.prose.markdown import render_markdown
from incidents.representations.api.schema.document import METHODS, openapi_document
from incidents.representations.html.page import page

FIRST = ("index", "advisories", "changes", "stream", "exports", "facets")
"""What is asked most, in this order; the rest follows."""
QUICK_START = Path(__file__).parent.parent / "docs" / "quickstart.md"
PLACEHOLDER = "https://advisories.example.org"
MOST_SHOWN = 12
PLACE = "#/components/schemas/"
Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a shape, for a table."""

    name: str
    kind: str
    shape: str
    meaning: str
    is_always_there: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A parameter, for a form.

    Attributes:
        name: as addresses write it.
        meaning: a sentence.
        kind: `select`, `number` or `text`.
        words: those that it takes, where they are not too many.
        many: whether it takes several values with commas between them.
        required: whether it is part of the path.
        value: what the form begins with.
        example: what can be typed.
    """

    name: str
    meaning: str
    kind: str
    words: tuple[str, ...]
    many: bool
    required: bool
    value: str
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the API, as its page shows it."""

    name: str
    method: str
    path: str
    tag: str
    said: Node

    @property
    def questions(self) -> list[Question]:
        """Its parameters, those of the path first; a form can send no headers."""
        return [question_of(one) for one in self.said.get("parameters", ()) if one["in"] != "header"]

    @property
    def headers(self) -> list[Node]:
        """What can be said in headers."""
        return [one for one in self.said.get("parameters", ()) if one["in"] == "header"]

    @property
    def body(self) -> Node:
        """What is sent: its schema and examples; nothing where nothing is."""
        contents: Node = self.said.get("requestBody", {}).get("content", {})
        return next(iter(contents.values()), {})

    @property
    def sent(self) -> str:
        """An example of what is sent."""
        told = [
            json.dumps(one["value"], indent=2, ensure_ascii=False) for one in self.body.get("examples", {}).values()
        ]
        return told[0] if told else ""

    @property
    def body_shape(self) -> str:
        """The name of the shape of what is sent."""
        return shape_in(self.body.get("schema", {}))

    @property
    def good(self) -> Node:
        """What is said about its good answer, by media type."""
        answers = self.said["responses"]
        found: Node = next(answers[status] for status in answers if status[0] == "2").get("content", {})
        return found

    @property
    def needs_key(self) -> bool:
        """Whether nobody is answered without a key."""
        return {} not in self.said["security"]

    @property
    def curl(self) -> str:
        """A line for a shell that does it, at the address that stands where the placeholder does."""
        parts = {one.name: one.example for one in self.questions if one.required}
        lines = [f'curl -X {self.method} "{settings.SITE_URL}{self.path.format(**parts)}"']
        lines += ['-H "Authorization: Bearer $KEY"'] if self.needs_key else []
        lines += [f"-H '{one['name']}: {one['example']}'" for one in self.headers if "example" in one]
        lines += ["-H 'Content-Type: application/json'", "--data-binary @- <<'END'"] if self.sent else []
        return " \\\n  ".join(lines) + (f"\n{self.sent}\nEND" if self.sent else "")

    @property
    def answers(self) -> list[tuple[str, str, list[str]]]:
        """Status, description and kinds of problems of each answer."""
        told = []
        for status, answer in self.said["responses"].items():
            problem = answer.get("content", {}).get("application/problem+json", {})
            kinds = list(problem.get("examples", ()))
            told.append((status, answer["description"].partition(":")[0] if kinds else answer["description"], kinds))
        return told

    @property
    def example(self) -> tuple[str, str] | None:
        """An address and what was answered there."""
        for content in self.good.values():
            for one in content.get("examples", {}).values():
                return one["summary"], json.dumps(one["value"], indent=2, ensure_ascii=False)
        return None

    @property
    def shape(self) -> str:
        """The name of the shape of its good answer."""
        for content in self.good.values():
            return shape_in(content["schema"])
        return ""

    @property
    def is_read(self) -> bool:
        """Whether a form can try it."""
        return self.method == "GET"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What there is, and how to begin."""
    document = the_document()
    operations = operations_of(document)
    tags = sorted(document["tags"], key=lambda tag: FIRST.index(tag["name"]) if tag["name"] in FIRST else len(FIRST))
    sections = [(tag, [one for one in operations.values() if one.tag == tag["name"]]) for tag in tags]
    text = QUICK_START.read_text(encoding="utf-8").partition("\n")[2].replace(PLACEHOLDER, settings.SITE_URL)
    context = {
        "page_title": "The API",
        "page_description": "How programs read this portal: every address with its parameters, answers and errors, to try out.",
        "sections": sections,
        "quick_start": render_markdown(text),
        "document": document,
    }
    return page(request, "api/overview.html", context)


@require_safe
def operation_page(request: HttpRequest, operation: str) -> HttpResponse:
    """One operation."""
    document, found = the_document(), find_operation(operation)
    context = {
        "page_title": found.said["summary"],
        "page_description": f"{found.method} {found.path}: parameters, answers and errors, to try out.",
        "operation": found,
        "fields": fields_of(document, found.shape),
        "sent_fields": fields_of(document, found.body_shape),
        "site": settings.SITE_URL,
    }
    return page(request, "api/operation.html", context)


@require_safe
def shapes_page(request: HttpRequest) -> HttpResponse:
    """Every shape that answers are made of."""
    document = the_document()
    shapes = [
        (name, schema, fields_of(document, name))
        for name, schema in sorted(document["components"]["schemas"].items())
        if not schema.get("description", "").startswith("Some fields of ")
    ]
    context = {
        "page_title": "What answers are made of",
        "page_description": "Every shape in the answers of the API, field by field.",
        "shapes": shapes,
    }
    return page(request, "api/shapes.html", context)


@require_safe
def ask(request: HttpRequest, operation: str) -> HttpResponse:
    """From a filled-in form to the address that answers it; back to the form where a part of the path is missing."""
    found = find_operation(operation)
    given = {name: values for name, values in request.GET.lists() if any(values)}
    parts = {one.name: quote(given.pop(one.name, [""])[-1], safe="") for one in found.questions if one.required}
    if not found.is_read or not all(parts.values()):
        return HttpResponseRedirect(reverse("docs:operation", args=[operation]))
    query = urlencode([(name, value) for name, values in given.items() for value in values if value], safe="/:,")
    return HttpResponseRedirect(found.path.format(**parts) + (f"?{query}" if query else ""))


def the_document() -> dict[str, Any]:
    """The OpenAPI document of this portal."""
    return openapi_document(settings.SITE_URL, settings.SITE_NAME)


def operations_of(document: Node) -> dict[str, Operation]:
    """All operations by name, in the order of the document."""
    return {
        one["operationId"]: Operation(one["operationId"], method.upper(), where, one["tags"][0], one)
        for where, methods in document["paths"].items()
        for method, one in methods.items()
        if method in METHODS
    }


def find_operation(name: str) -> Operation:
    """The operation with a name.

    Raises:
        Http404: there is none.
    """
    found = operations_of(the_document()).get(name)
    if found is None:
        raise Http404(f"There is no operation {name}.")
    return found


def question_of(parameter: Node) -> Question:
    """A parameter as a form asks for it."""
    schema = parameter["schema"]
    many = schema.get("type") == "array"
    value = schema.get("items", schema)
    words = tuple(str(word) for word in value.get("enum", ()))
    kind = "number" if value.get("type") == "integer" else "select" if words and not many else "text"
    example = parameter.get("example", "")
    text = ",".join(example) if isinstance(example, list) else str(example)
    required = parameter["in"] == "path"
    return Question(
        name=parameter["name"],
        meaning=parameter["description"],
        kind=kind,
        words=words if kind == "select" or len(words) <= MOST_SHOWN else (),
        many=many,
        required=required,
        value=text if required else "",
        example=text,
    )


def fields_of(document: Node, name: str) -> list[Field]:
    """The fields of a shape."""
    schema = document["components"]["schemas"].get(name, {})
    required = schema.get("required", ())
    return [
        Field(field, kind_of(one), shape_in(one), one.get("description", ""), field in required)
        for field, one in schema.get("properties", {}).items()
    ]


def kind_of(schema: Node) -> str:
    """The type of a value in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(PLACE)
    if "anyOf" in schema:
        kinds = [kind_of(one) for one in schema["anyOf"]]
        return " or ".join(kind for kind in kinds if not kind.endswith(("Part", "Expanded")))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{kind_of(schema['additionalProperties'])} by id"
    return str(schema.get("format") or schema.get("type", "anything"))


def shape_in(schema: Node) -> str:
    """The name of the first shape that a schema refers to; empty where it refers to none."""
    return next(references(schema), "")


def references(schema: Node) -> Iterator[str]:
    """The names of the shapes that a schema refers to."""
    if "$ref" in schema:
        yield str(schema["$ref"]).removeprefix(PLACE)
    inner = (schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ()))
    for one in inner:
        if isinstance(one, dict):
            yield from references(one)


urlpatterns = [
    path("", overview, name="overview"),
    path("shapes/", shapes_page, name="shapes"),
    path("<slug:operation>/", operation_page, name="operation"),
    path("<slug:operation>/ask/", ask, name="ask"),
]
