"""Keyset paging: every row once, in both directions, while others publish; cursors are ours or refused."""

import pytest

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory
from incidents.publication.paging import (
    GRAVEST,
    NEWEST,
    OCCURRED,
    BadCursor,
    Order,
    Page,
    cut_page,
    write_cursor,
)
from incidents.vocabulary.words import Severity
from tests.factories.corpus import release_document

pytestmark = pytest.mark.django_db
SEVERITIES = list(Severity)
DATES = ["", "2024", "2024-03", "2024-03-05", "2024-03-05T10:00Z"]


def make_rows(count: int) -> None:
    for number in range(count):
        release_document(f"Row {number}", severity=SEVERITIES[number % 5], timeline=DATES[number % 5])


def page(order: Order, cursor: str = "", size: int = 3) -> Page[Advisory]:
    return cut_page(Advisory.objects.visible_to(PUBLIC), order, cursor=cursor, size=size)


def ids(found: Page[Advisory]) -> list[str]:
    return [row.public_id for row in found.rows]


@pytest.mark.parametrize("order", (NEWEST, GRAVEST, OCCURRED), ids=lambda order: order.name)
def test_walking_forwards_and_back_shows_each_row_once_while_new_ones_are_published(order: Order) -> None:
    make_rows(11)
    everything = [row.public_id for row in Advisory.objects.order_by(*order.terms())]
    forwards = [page(order)]

    while forwards[-1].next:
        release_document("Meanwhile", severity=Severity.CRITICAL, timeline="2025-06")
        forwards.append(page(order, forwards[-1].next))
    backwards = [forwards[-1]]
    while backwards[-1].previous and ids(backwards[-1])[0] != everything[0]:
        backwards.append(page(order, backwards[-1].previous))

    assert [name for found in forwards for name in ids(found)] == everything
    assert [name for found in reversed(backwards) for name in ids(found)][-11:] == everything


def test_rows_published_meanwhile_are_found_on_the_way_back() -> None:
    make_rows(4)
    second = page(NEWEST, page(NEWEST).next)
    release_document("Meanwhile")

    back = page(NEWEST, page(NEWEST, second.previous).previous)

    assert [row.title for row in back.rows] == ["Meanwhile"]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (3, 1), (4, 2), (6, 2)])
def test_the_last_page_has_no_next_and_the_first_no_previous(count: int, pages: int) -> None:
    make_rows(count)
    found = [page(NEWEST)]

    while found[-1].next:
        found.append(page(NEWEST, found[-1].next))

    assert len(found) == pages
    assert (found[0].previous, found[-1].next) == ("", "")
    assert sum(len(one.rows) for one in found) == count


def test_a_cursor_is_bound_to_its_order() -> None:
    make_rows(4)

    with pytest.raises(BadCursor, match="no longer valid"):
        page(GRAVEST, page(NEWEST).next)


@pytest.mark.parametrize(
    "change", [lambda text: text + "x", lambda text: "A" + text[1:], lambda text: text[:-5], str.upper]
)
def test_a_changed_cursor_is_refused(change: object) -> None:
    make_rows(4)
    cursor = page(NEWEST).next

    with pytest.raises(BadCursor):
        page(NEWEST, change(cursor))  # type: ignore[operator]


@pytest.mark.parametrize("cursor", ["x", ":", "..", "\x00", "é", "x" * 100_000, "e30:e30", "\udcff"])
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        page(NEWEST, cursor)


def test_a_cursor_says_nothing_but_the_public_sort_keys() -> None:
    row = release_document()

    direction_and_keys = write_cursor(row, OCCURRED)

    assert len(direction_and_keys) < 120
    assert page(OCCURRED, direction_and_keys).rows == []


def test_a_page_costs_one_query_without_offset_or_count(django_assert_num_queries: object) -> None:
    make_rows(7)
    cursor = page(NEWEST).next

    with django_assert_num_queries(1) as captured:  # type: ignore[operator]
        page(NEWEST, cursor)

    sql = captured.captured_queries[0]["sql"].upper()
    assert ("OFFSET" in sql, "COUNT(" in sql) == (False, False)
