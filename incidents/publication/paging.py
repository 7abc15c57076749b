"""Keyset paging: a page begins after a row, not after a number of rows, so that the thousandth page costs what the first
costs and nothing is skipped or shown twice while new rows arrive. Never OFFSET, never `count(*)`.

A cursor holds the public sort keys of one row, sealed, and is bound to the order it was made for.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Generic, TypeVar

import msgspec
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Model, OrderBy, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents.publication.sealing import NotSealed, seal, unseal

PAGE_SIZE = 30
_OLD = gettext_lazy("This link to a page of results is no longer valid. Start again from the first page.")

RowT = TypeVar("RowT", bound=Model)


class BadCursor(ValueError):
    """A cursor that we did not make, or made for another order or long ago. The text may be shown."""


@dataclass(frozen=True, slots=True)
class Order:
    """A total order of rows.

    Attributes:
        name: as `sort` names it; cursors are bound to it.
        label: for readers, in the language that is active when it is shown.
        keys: fields that never are NULL, all in one direction, the last of them making the order total.
        is_descending: whether the greatest comes first.
    """

    name: str
    label: str | Promise = field(compare=False)
    keys: tuple[str, ...]
    is_descending: bool = True

    def terms(self, *, backwards: bool = False) -> list[OrderBy]:
        """For `order_by`: this order, or the same from its end."""
        return [OrderBy(F(key), descending=self.is_descending != backwards) for key in self.keys]


NEWEST = Order("newest", pgettext_lazy("a way to sort", "Newest release"), ("released_at", "public_id"))
GRAVEST = Order("severity", pgettext_lazy("a way to sort", "Severity"), ("severity_rank", "released_at", "public_id"))
RELEVANT = Order("relevance", pgettext_lazy("a way to sort", "Relevance"), ("tier", "released_at", "public_id"))
OCCURRED = Order("occurred", pgettext_lazy("a way to sort", "Date of the incident"), ("known_on", "public_id"))
ORDERS = {order.name: order for order in (NEWEST, GRAVEST, OCCURRED, RELEVANT)}


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """One page of rows; `previous` and `next` are cursors, empty where there is no such page."""

    rows: list[RowT]
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: beyond the row with these keys, forwards or backwards."""

    keys: tuple[Any, ...]
    backwards: bool


def cut_page(rows: QuerySet[RowT], order: Order, *, cursor: str = "", size: int = PAGE_SIZE) -> Page[RowT]:
    """The page of `rows` that a cursor points to, or the first one. One query.

    Raises:
        BadCursor: the cursor is not one of ours for this order.
    """
    place = read_cursor(cursor, order) if cursor else None
    backwards = place is not None and place.backwards
    if place is not None:
        rows = rows.filter(Beyond(order, place))
    found = list(rows.order_by(*order.terms(backwards=backwards))[: size + 1])
    return make_page(found, order, place, size=size)


def make_page(found: list[RowT], order: Order, place: Place | None, *, size: int = PAGE_SIZE) -> Page[RowT]:
    """A page of the rows found beyond a place, of which there may be one more than the page has room for."""
    backwards = place is not None and place.backwards
    goes_on, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_previous = goes_on if backwards else place is not None
    has_next = backwards or goes_on
    return Page(
        found,
        previous=write_cursor(found[0], order, backwards=True) if has_previous else "",
        next=write_cursor(found[-1], order) if has_next else "",
    )


def write_cursor(row: Model, order: Order, *, backwards: bool = False) -> str:
    """The cursor for the page after a row, or before it."""
    keys = [_plain(reduce(getattr, key.split("__"), row)) for key in order.keys]
    return seal(msgspec.json.encode(["<" if backwards else ">", *keys]), _purpose(order))


def read_cursor(cursor: str, order: Order) -> Place:
    """The place a cursor points to.

    Raises:
        BadCursor: it is not one of ours for this order.
    """
    try:
        direction, *keys = msgspec.json.decode(unseal(cursor, _purpose(order)))
        place = Place(tuple(_rich(key) for key in keys), backwards=direction == "<")
    except (NotSealed, msgspec.DecodeError, ValueError, TypeError):
        raise BadCursor(_OLD) from None
    if len(place.keys) != len(order.keys):
        raise BadCursor(_OLD)
    return place


class Beyond(Func):
    """`(a, b) < (x, y)`: row values, which both engines compare within one range of the index of an order."""

    output_field = BooleanField()

    def __init__(self, order: Order, place: Place) -> None:
        self.operator = "<" if order.is_descending != place.backwards else ">"
        super().__init__(*(F(key) for key in order.keys), *(Value(key) for key in place.keys))

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        """The comparison in SQL."""
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        names = [sql for sql, _ in parts]
        middle = len(names) // 2
        sql = f"({', '.join(names[:middle])}) {self.operator} ({', '.join(names[middle:])})"
        return sql, tuple(value for _, values in parts for value in values)


def _purpose(order: Order) -> str:
    return f"cursor.{order.name}"


def _plain(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, dt.datetime) else value


def _rich(value: Any) -> Any:
    return dt.datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
