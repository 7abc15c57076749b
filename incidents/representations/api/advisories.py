"""Addresses of advisories: the list, one, its releases, and what changed between two of them."""

import datetime as dt
from typing import Any, ClassVar

import msgspec
from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request

from incidents.publication.changes import Change, changes_between
from incidents.publication.document import AdvisoryDocument, ReleaseNote, decode_document
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.models import Advisory, Release
from incidents.publication.paging import Order
from incidents.representations.api.advisory_query import AdvisoryQuery
from incidents.representations.api.answer import Pages, json_answer, last_released, list_body, neighbours
from incidents.representations.api.documents import join_rows, stored_documents, trimmed
from incidents.representations.api.expanding import EXPAND, expand
from incidents.representations.api.parameters import COUNT, CURSOR, LIMIT, Asked, fields_parameter
from incidents.representations.api.problems import NOT_FOUND, Problem
from incidents.representations.api.view import ApiView, count_said, read_page

FIELDS = fields_parameter(AdvisoryDocument)
BY_NUMBER = Order("api.releases", "", ("number",), is_descending=False)
_NOTE = ("number", "kind", "significance", "reason", "released_at", "tlp")


class ListedRelease(ReleaseNote, frozen=True, kw_only=True):
    """What is said about a release, and where it is."""

    url: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What two releases of an advisory say differently; `old` and `new` are what is said about the releases."""

    id: str
    old: ReleaseNote
    new: ReleaseNote
    changes: tuple[Change, ...]


class AdvisoryList(ApiView):
    """Advisories, each as the document of its current release, by the filters and in the orders of the pages."""

    filters: ClassVar[type[AdvisoryFilter]] = AdvisoryQuery
    shape, listing = AdvisoryDocument, Pages
    parameters = (FIELDS, EXPAND, COUNT, LIMIT)

    def get(self, request: Request) -> HttpResponseBase:
        """A page of documents: the bytes of the ledger, joined. Six queries at most, and those of `count` and `expand`."""
        found = AdvisoryQuery(request.query_params, Advisory.objects.visible_to(self.audience))
        asked = self.read(request, found)
        page = found.page(size=asked.number("limit"))
        documents = stored_documents([row.release_id for row in page.rows])
        counts = found.count(is_exact=asked.one("count") == "exact") if asked.one("count") else None
        body = list_body(
            join_rows(cut(documents, asked)),
            page,
            count=count_said(counts.total, is_capped=counts.is_capped) if counts else None,
            expanded=expand(documents, asked.many("expand"), self.audience),
        )
        modified = None if asked.many("expand") else last_released(self.audience)
        links = neighbours(request, next=page.next, prev=page.previous)
        return json_answer(request, body, modified=modified, links=links)


class AdvisoryOne(ApiView):
    """One advisory: the document of its current release. A withdrawn one says so; a merged one leads on to the other."""

    shape = AdvisoryDocument
    parameters = (FIELDS, EXPAND)

    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        """The document."""
        if moved := to_canonical(request, public_id):
            return moved
        asked = self.read(request)
        rows = Advisory.objects.visible_to(self.audience).filter(public_id=public_id)
        row = rows.values_list("merged_into", "release__document_json", "released_at").first()
        if row is None:
            raise no_advisory(public_id)
        merged_into, document, released_at = row
        if merged_into:
            return redirect(request, merged_into)
        return answer_document(self, request, document, released_at, asked)


class ReleaseList(ApiView):
    """The releases of an advisory, the oldest first."""

    shape, listing = ListedRelease, Pages
    parameters = (CURSOR, LIMIT)

    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        """What is said about each release, and where it is."""
        if moved := to_canonical(request, public_id):
            return moved
        asked = self.read(request)
        releases = Release.objects.visible_to(self.audience).filter(public_id=public_id)
        newest = releases.order_by("-number").values_list("released_at", flat=True).first()
        if newest is None:
            raise no_advisory(public_id)
        page = read_page(releases.values_list(*_NOTE, named=True), BY_NUMBER, asked)
        rows = join_rows(msgspec.json.encode(listed_release(public_id, row)) for row in page.rows)
        body = list_body(rows, page)
        links = neighbours(request, next=page.next, prev=page.previous)
        return json_answer(request, body, modified=newest, links=links)


class ReleaseOne(ApiView):
    """One release of an advisory, for ever."""

    shape = AdvisoryDocument
    parameters = (FIELDS, EXPAND)

    def get(self, request: Request, public_id: str, number: int) -> HttpResponseBase:
        """The document."""
        if moved := to_canonical(request, public_id):
            return moved
        asked = self.read(request)
        (release,) = find_releases(self, public_id, number)
        return answer_document(self, request, release[1], release[2], asked)


class ReleaseDifference(ApiView):
    """What two releases of an advisory say differently, field by field."""

    shape = Difference

    def get(self, request: Request, public_id: str, old: int, new: int) -> HttpResponseBase:
        """The changes, in reading order; the releases may be named either way round."""
        if moved := to_canonical(request, public_id):
            return moved
        self.read(request)
        if old == new:
            raise Problem(NOT_FOUND, "A release does not differ from itself.")
        before, after = find_releases(self, public_id, *sorted((old, new)))
        first, second = decode_document(before[1]), decode_document(after[1])
        difference = Difference(
            id=public_id, old=first.release, new=second.release, changes=changes_between(first, second)
        )
        return json_answer(request, msgspec.json.encode(difference), modified=after[2])


def cut(documents: list[str], asked: Asked) -> list[Any]:
    """The documents, whole or with some of their fields."""
    fields = asked.many("fields")
    return [trimmed(document, fields) for document in documents] if fields else documents


def answer_document(
    view: ApiView, request: Request, document: str, released_at: dt.datetime, asked: Asked
) -> HttpResponseBase:
    """One document: the bytes of the ledger, unless it is to be trimmed or expanded."""
    (body,) = cut([document], asked)
    expanded = expand([document], asked.many("expand"), view.audience)
    if expanded is not None:
        body = msgspec.json.encode(msgspec.json.decode(body, type=dict[str, msgspec.Raw]) | {"expanded": expanded})
    whole = body.encode() if isinstance(body, str) else body
    return json_answer(request, whole, modified=None if expanded is not None else released_at)


def find_releases(view: ApiView, public_id: str, *numbers: int) -> list[tuple[int, str, dt.datetime]]:
    """Releases of an advisory by their numbers: number, document and time of each, the oldest first. One query.

    Raises:
        Problem: the caller may not see all of them, or there are none.
    """
    releases = Release.objects.visible_to(view.audience).filter(public_id=public_id, number__in=numbers)
    found = list(releases.order_by("number").values_list("number", "document_json", "released_at"))
    for number in numbers:
        if number not in [row[0] for row in found]:
            raise Problem(NOT_FOUND, f"There is no release {number} of {public_id}.")
    return found


def listed_release(public_id: str, row: Any) -> ListedRelease:
    """A release as the list gives it."""
    path = reverse("api:release", args=[public_id, row.number])
    return ListedRelease(**row._asdict(), url=f"{settings.SITE_URL}{path}")


def no_advisory(public_id: str) -> Problem:
    """The problem that there is no such advisory, or none that the caller may know of."""
    return Problem(NOT_FOUND, f"There is no advisory {public_id}.")


def to_canonical(request: Request, public_id: str) -> HttpResponsePermanentRedirect | None:
    """The way to the address in upper case, where it was written otherwise."""
    if public_id == public_id.upper():
        return None
    path = request.path.replace(public_id, public_id.upper(), 1)
    return HttpResponsePermanentRedirect(path + _query(request))


def redirect(request: Request, public_id: str) -> HttpResponsePermanentRedirect:
    """The way to another advisory, with the same parameters."""
    return HttpResponsePermanentRedirect(reverse("api:advisory", args=[public_id]) + _query(request))


def _query(request: Request) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"?{query}" if query else ""
