"""Answers of the API: JSON with validators, links to the neighbours, and 304 where the client has it already."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from rest_framework.request import Request

from incidents.publication.audience import Audience
from incidents.publication.models import Release
from incidents.publication.paging import Page
from incidents.publication.renditions import etag_of

MEDIA_TYPE = "application/json"


class Exactness(StrEnum):
    """Whether a number is exact, or the least that there are."""

    EXACT = "exact"
    AT_LEAST = "at_least"


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are."""

    value: int
    relation: Exactness


class Everything(msgspec.Struct, frozen=True):
    """A list without pages."""


class Pages(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list.

    Attributes:
        next: the cursor of the page after this one; null where there is none.
        previous: the cursor of the page before this one; null where there is none.
    """

    next: str | None
    previous: str | None


def json_answer(
    request: Request,
    body: bytes,
    *,
    modified: dt.datetime | None = None,
    links: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """These bytes, or 304 or 412 where the conditions of the request say so (RFC 9110, section 13.2).

    Args:
        request: what is answered.
        body: JSON in UTF-8.
        modified: when anything in it changed last; None where nobody knows, as with entries of the catalogue.
        links: addresses by their relation (RFC 8288), such as `next`.
    """
    response = HttpResponse(body, content_type=MEDIA_TYPE)
    response.headers["ETag"] = f'"{etag_of(body)}"'
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    if links:
        response.headers["Link"] = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items())
    answer = get_conditional_response(
        request._request,
        etag=response.headers["ETag"],
        last_modified=int(modified.timestamp()) if modified else None,
        response=response,
    )
    return answer or response


def neighbours(request: Request, **cursors: str) -> dict[str, str]:
    """The addresses of the pages beside this one, by relation; and of the first.

    Args:
        request: what is answered.
        cursors: by relation, the cursor of a page; empty where there is no such page.
    """
    pairs = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    found = {relation: [*pairs, ("cursor", cursor)] for relation, cursor in cursors.items() if cursor}
    return {relation: address_of(request.path, pairs) for relation, pairs in [("first", pairs), *found.items()]}


def address_of(path: str, pairs: list[tuple[str, str]]) -> str:
    """A whole address."""
    query = f"?{urlencode(pairs, safe='/:,')}" if pairs else ""
    return f"{settings.SITE_URL}{path}{query}"


def list_body(rows: bytes, page: Page[Any], **said: object) -> bytes:
    """A list as JSON: the rows, which are JSON already; whatever else is said, unless it is None; cursors of the pages beside it,
    null where there is none."""
    head = {"data": msgspec.Raw(rows)} | {name: one for name, one in said.items() if one is not None}
    return msgspec.json.encode(head | {"next": page.next or None, "previous": page.previous or None})


def last_released(audience: Audience) -> dt.datetime | None:
    """When anything that the audience may see was released last: a list can lose a row then, so its own newest row would not
    do. One indexed read."""
    releases = Release.objects.visible_to(audience).order_by("-sequence")
    return releases.values_list("released_at", flat=True).first()
