"""One address of the API as an operation of the OpenAPI document, made of what its view declares."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import inflection
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from incidents.partners.scopes import Scope
from incidents.representations.api.problems import (
    BAD_REQUEST,
    INSUFFICIENT_SCOPE,
    INVALID_CURSOR,
    INVALID_PARAMETERS,
    NOT_AUTHENTICATED,
    NOT_FOUND,
    Kind,
)
from incidents.representations.api.problems import MEDIA_TYPE as PROBLEM_TYPE
from incidents.representations.api.schema.components import Schema, components_of, list_of, part_of, ref
from incidents.representations.api.schema.parameters import CURSOR_NAMES, path_parameters, query_parameters

VALIDATORS = {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Last-Modified")}
LINK = {"Link": {"$ref": "#/components/headers/Link"}}
LOCATION = {"Location": {"$ref": "#/components/headers/Location"}}


class ApiSchema(AutoSchema):
    """Reads an `ApiView`."""

    def get_operation_id(self) -> str:
        """The name of the view: `advisory_list`."""
        return str(inflection.underscore(type(self.view).__name__))

    def get_summary(self) -> str:
        """The first sentence about the view."""
        return self.get_description().partition(". ")[0].removesuffix(".")

    def get_description(self) -> str:
        """What is said about the view."""
        return " ".join((type(self.view).__doc__ or "").split())

    def get_tags(self) -> list[str]:
        """The module of the view."""
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A key with the view's scope; what is public can be read without one."""
        scope: Scope = self.view.scope
        keys: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}]
        return [{}, *keys] if scope is Scope.READ else keys

    def _get_parameters(self) -> list[Schema]:
        return [*path_parameters(self.path), *query_parameters(self.view.parameters, self.view.filters)]

    def _get_request_body(self, direction: str = "request") -> None:
        return None

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Schema]:
        good = {"description": "The answer.", "content": self._content(), "headers": self._headers()}
        answers: dict[str, Schema] = {"200": good}
        if self.view.shape is bytes:
            answers["206"] = {**good, "description": "The part that the header Range asks for."}
        if "{public_id}" in self.path:
            description = "The id is written otherwise, or the advisory was merged into another."
            answers["301"] = {"description": description, "headers": LOCATION}
        answers["304"] = {
            "description": "You have it already: If-None-Match or If-Modified-Since says so.",
            "headers": VALIDATORS,
        }
        answers["412"] = {
            "description": "If-Match or If-Unmodified-Since says that you want another. There is no body."
        }
        return dict(sorted({**answers, **refusals(self._kinds())}.items()))

    def _kinds(self) -> Iterator[Kind]:
        yield from (BAD_REQUEST, INVALID_PARAMETERS, NOT_AUTHENTICATED, INSUFFICIENT_SCOPE, *self.view.problems)
        if any(name in CURSOR_NAMES for name in self._names()):
            yield INVALID_CURSOR
        if "{" in self.path:
            yield NOT_FOUND

    def _names(self) -> list[str]:
        return [
            *(parameter.name for parameter in self.view.parameters),
            *(self.view.filters or _NoFilters).base_filters,
        ]

    def _headers(self) -> Schema:
        return VALIDATORS | (
            LINK if self.view.listing is not None and "next" in self.view.listing.__struct_fields__ else {}
        )

    def _content(self) -> Schema:
        view = self.view
        if view.shape is bytes:
            # The second says the same less exactly, for generators of clients that know no other binary type.
            types = (view.media_type, "application/octet-stream")
            return {key: {"schema": {"type": "string", "format": "binary"}} for key in types}
        names, found = self._names(), components_of([view.shape])
        schema = self._row(names, found)
        if view.listing is not None:
            around = components_of([view.listing])[view.listing.__name__]
            name = str(inflection.camelize(self.get_operation_id()))
            found[name] = list_of(schema, around, count="count" in names, expanded="expand" in names)
            schema = ref(name)
        for name, component in found.items():
            self.registry.register_on_missing(
                ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=component, object=name)
            )
        return {view.media_type: {"schema": schema}}

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


def refusals(kinds: Iterator[Kind]) -> dict[str, Schema]:
    """The answers that are problem documents, by status; each names the kinds it may be."""
    by_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(kind.name for kind in found)}.",
            "content": {
                PROBLEM_TYPE: {
                    "schema": ref("ProblemDocument"),
                    "examples": {kind.name: {"$ref": f"#/components/examples/{kind.name}"} for kind in found},
                }
            },
        }
        for status, found in by_status.items()
    }
