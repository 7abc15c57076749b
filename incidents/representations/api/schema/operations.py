"""One method of an address of the API as an operation of the OpenAPI document, made of what its view declares."""

from collections.abc import Iterator
from typing import Any

import inflection
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from incidents.partners.scopes import Scope
from incidents.representations.api.acts import Act
from incidents.representations.api.problems import (
    BAD_REQUEST,
    INSUFFICIENT_SCOPE,
    INVALID_CURSOR,
    INVALID_PARAMETERS,
    NOT_AUTHENTICATED,
    NOT_FOUND,
    RATE_LIMITED,
    UNKNOWN_CURSOR,
    Kind,
)
from incidents.representations.api.schema.answers import (
    LIMIT_HEADERS,
    VALIDATORS,
    headers,
    refusals,
    retirement_headers,
)
from incidents.representations.api.schema.components import Schema, components_of, list_of, part_of, ref
from incidents.representations.api.schema.parameters import (
    CURSOR_NAMES,
    header_parameters,
    path_parameters,
    query_parameters,
)

BODY_TYPE = "application/json"


ONE_EVENT: Schema = {
    "type": "object",
    "description": "One event of the stream (HTML, section 9.2).",
    "properties": {
        "id": {"type": "string", "description": "The cursor after it."},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "What `changes` says of one release, as JSON on one line.",
        },
    },
    "required": ["id", "data"],
}
"""Of a stream of events each is described; OpenAPI 3.1 has no word for the whole."""


class ApiSchema(AutoSchema):
    """Reads an `ApiView`."""

    @property
    def act(self) -> Act | None:
        """What the method does; None where it reads."""
        found: Act | None = self.view.acts.get(self.method.lower())
        return found

    def get_operation_id(self) -> str:
        """The name of the act, or of the view: `advisory_list`."""
        return self.act.name if self.act else str(inflection.underscore(type(self.view).__name__))

    def get_summary(self) -> str:
        """The first sentence of the description."""
        return self.get_description().partition(". ")[0].removesuffix(".")

    def get_description(self) -> str:
        """What is said about the method, or where it reads about the view."""
        said = getattr(self.view, self.method.lower()) if self.act else type(self.view)
        return " ".join((said.__doc__ or "").partition("Raises:")[0].split())

    def get_tags(self) -> list[str]:
        """The module of the view."""
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A key with the view's scope; what is public can be read without one."""
        scope: Scope = self.view.scope
        keys: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}]
        return [{}, *keys] if scope is Scope.READ else keys

    def is_deprecated(self) -> bool:
        """Whether it is decided that the address goes."""
        return self.view.retirement is not None

    def _get_parameters(self) -> list[Schema]:
        said = self.act or self.view
        asked = [] if self.act else query_parameters(self.view.parameters, self.view.filters)
        return [*path_parameters(self.path), *asked, *header_parameters(said.headers)]

    def _get_request_body(self, direction: str = "request") -> Schema | None:
        act = self.act
        if act is None or act.body is None:
            return None
        self._register(components_of([act.body]))
        example = {"summary": "An example", "value": act.example}
        content = {"schema": ref(act.body.__name__), "examples": {"demo": example}}
        return {"required": act.is_body_needed, "content": {BODY_TYPE: content}}

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Schema]:
        answers = self._good_answers_of(self.act) if self.act else self._good_answers()
        kinds = dict.fromkeys(self._kinds())
        return dict(sorted({**answers, **refusals(kinds)}.items()))

    def _good_answers_of(self, act: Act) -> dict[str, Schema]:
        named = headers(*LIMIT_HEADERS, *(["Location"] if act.has_location else []))
        good: Schema = {
            "description": act.status.description or act.status.phrase,
            "headers": named | retirement_headers(self.view.retirement),
        }
        if act.shape is not None:
            self._register(components_of([act.shape]))
            good["content"] = {BODY_TYPE: {"schema": ref(act.shape.__name__)}}
        return {str(act.status.value): good}

    def _good_answers(self) -> dict[str, Schema]:
        good = {"description": "The answer.", "content": self._content(), "headers": self._headers()}
        answers: dict[str, Schema] = {"200": good}
        if self.view.shape is bytes:
            answers["206"] = {**good, "description": "The part that the header Range asks for."}
        if "{public_id}" in self.path:
            description = "The id is written otherwise, or the advisory was merged into another."
            answers["301"] = {"description": description, "headers": headers("Location")}
        if self.view.shape is str:
            return answers
        answers["304"] = {
            "description": "You have it already: If-None-Match or If-Modified-Since says so.",
            "headers": headers(*VALIDATORS),
        }
        answers["412"] = {
            "description": "If-Match or If-Unmodified-Since says that you want another. There is no body."
        }
        return answers

    def _kinds(self) -> Iterator[Kind]:
        yield from (BAD_REQUEST, INVALID_PARAMETERS, NOT_AUTHENTICATED, INSUFFICIENT_SCOPE, RATE_LIMITED)
        yield from (self.act or self.view).problems
        if not self.act and any(name in CURSOR_NAMES for name in self._names()):
            yield from (INVALID_CURSOR, UNKNOWN_CURSOR)
        if "{" in self.path:
            yield NOT_FOUND

    def _names(self) -> list[str]:
        return [
            *(parameter.name for parameter in self.view.parameters),
            *(self.view.filters or _NoFilters).base_filters,
        ]

    def _headers(self) -> Schema:
        has_next = self.view.listing is not None and "next" in self.view.listing.__struct_fields__
        kept = () if self.view.shape is str else VALIDATORS
        return headers(*kept, *(["Link"] if has_next else []), *LIMIT_HEADERS) | retirement_headers(
            self.view.retirement
        )

    def _content(self) -> Schema:
        view = self.view
        if view.shape is bytes:
            # The last says the same less exactly, for generators of clients that know no other binary type.
            types = (*view.media_types, "application/octet-stream")
            return {key: {"schema": {"type": "string", "format": "binary"}} for key in types}
        if view.shape is str:
            return {key: {"schema": ONE_EVENT} for key in view.media_types}
        names, found = self._names(), components_of([view.shape])
        schema = self._row(names, found)
        if view.listing is not None:
            around = components_of([view.listing])[view.listing.__name__]
            name = str(inflection.camelize(self.get_operation_id()))
            found[name] = list_of(schema, around, count="count" in names, expanded="expand" in names)
            schema = ref(name)
        self._register(found)
        return {key: {"schema": schema} for key in view.media_types}

    def _register(self, found: dict[str, Schema]) -> None:
        for name, component in found.items():
            self.registry.register_on_missing(
                ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=component, object=name)
            )

    def _row(self, names: list[str], found: dict[str, Schema]) -> Schema:
        """The schema of a row, or of an answer that is no list; its parts are added to `found`."""
        shape = self.view.shape.__name__
        if "fields" not in names:
            return ref(shape)
        is_expanded = "expand" in names and self.view.listing is None
        part = f"{shape}{'Expanded' if is_expanded else 'Part'}"
        found[part] = part_of(shape, found[shape], **({"expanded": ref("Expanded")} if is_expanded else {}))
        return {"anyOf": [ref(shape), ref(part)]}


class _NoFilters:
    base_filters: dict[str, Any] = {}
