"""Addresses of the catalogue: each resource as a list and one by one."""

from typing import Any, ClassVar

import msgspec
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.representations.api.answer import Pages, json_answer, list_body, neighbours
from incidents.representations.api.documents import join_rows
from incidents.representations.api.entries import Entry
from incidents.representations.api.parameters import COUNT, CURSOR, LIMIT, fields_parameter
from incidents.representations.api.problems import NOT_FOUND, Problem
from incidents.representations.api.resources import RESOURCES, Resource
from incidents.representations.api.view import ApiView, count_said, read_page


class EntryList(ApiView):
    """The entries of a resource that the caller may know of, in the order of their names or ids."""

    resource: ClassVar[Resource]

    def get(self, request: Request) -> HttpResponseBase:
        """A page of entries."""
        asked = self.read(request)
        rows = self.resource.rows_for(self.audience)
        for parameter, lookup in self.resource.filters:
            if value := asked.one(parameter.name):
                rows = rows.filter(**{lookup: value})
        if ids := asked.many("id"):
            rows = rows.filter(term__in=ids)
        count = count_said(rows.order_by().count()) if asked.one("count") else None
        page = read_page(rows, self.resource.order, asked)
        entries = self.resource.build_all(page.rows, self.audience)
        body = list_body(
            join_rows(encode_entry(entry, asked.many("fields")) for entry in entries),
            page,
            count=count,
        )
        return json_answer(request, body, links=neighbours(request, next=page.next, prev=page.previous))


class EntryOne(ApiView):
    """One entry."""

    resource: ClassVar[Resource]

    def get(self, request: Request, **named: str) -> HttpResponseBase:
        """The entry whose id the parts of the address make."""
        asked = self.read(request)
        parts = dict(zip(self.resource.named_by, named.values(), strict=True))
        row = self.resource.rows_for(self.audience).filter(**parts).first()
        if row is None:
            raise Problem(NOT_FOUND, "There is no such entry, or no advisory that you may see names it.")
        (entry,) = self.resource.build_all([row], self.audience)
        return json_answer(request, encode_entry(entry, asked.many("fields")))


def encode_entry(entry: Entry, fields: list[str]) -> bytes:
    """An entry as JSON, whole or with some of its fields."""
    if not fields:
        return msgspec.json.encode(entry)
    return msgspec.json.encode({name: getattr(entry, name) for name in entry.__struct_fields__ if name in fields})


def list_view(resource: Resource) -> Any:
    """The address of a resource's list."""
    own = tuple(parameter for parameter, _ in resource.filters)
    known = (*own, resource.ids, fields_parameter(resource.shape), COUNT, CURSOR, LIMIT)
    says = f"The {resource.name} that you may know of, in the order of their names or ids."
    shared = {"shape": resource.shape, "listing": Pages}
    return _view(EntryList, f"{resource.singular}_list", says, resource=resource, parameters=known, **shared)


def one_view(resource: Resource) -> Any:
    """The address of one entry of a resource."""
    known = (fields_parameter(resource.shape),)
    says = f"One of the {resource.name}."
    return _view(EntryOne, f"{resource.singular}_one", says, resource=resource, parameters=known, shape=resource.shape)


def _view(base: type[ApiView], name: str, says: str, **declared: Any) -> Any:
    view: Any = type(name, (base,), {**declared, "__doc__": says, "__module__": __name__})
    return view.as_view()


LISTS = {name: list_view(resource) for name, resource in RESOURCES.items()}
ONES = {name: one_view(resource) for name, resource in RESOURCES.items()}
