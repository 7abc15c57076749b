"""The index of SQLite in one piece: merged when it has many, found in as before, and left alone otherwise."""

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from incidents.publication.audience import PUBLIC
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.fulltext.merging import count_segments, merge_index
from incidents.publication.models import Advisory
from tests.factories.corpus import release_document

pytestmark = pytest.mark.django_db(transaction=True)  # each change makes a segment when it is committed


def has_segments() -> bool:
    """Whether this is SQLite; PostgreSQL keeps its index in one piece by itself, and there is nothing to do."""
    return connection.vendor == "sqlite"


def release(title: str) -> None:
    """Release an advisory, in a transaction as everywhere."""
    with transaction.atomic():
        release_document(title)


def find(words: str) -> list[str]:
    """The titles of what words find, the newest first."""
    asked = AdvisoryFilter(QueryDict(f"q={words}&sort=newest"), Advisory.objects.visible_to(PUBLIC))
    return [row.title for row in asked.page().rows]


def test_many_segments_become_one_and_everything_is_found_as_before() -> None:
    for number in range(3):
        release(f"Breach number {number}")
    before = find("breach")

    assert (count_segments() > 1) == has_segments()
    assert (merge_index(at=2, pages=1) > 0) == has_segments()
    assert (count_segments(), find("breach")) == (1, before)


def test_few_segments_are_left_alone() -> None:
    release("Breach")
    release("Outage")
    segments = count_segments()

    assert (merge_index(at=segments + 1), count_segments()) == (0, segments)


def test_one_segment_is_never_merged() -> None:
    release("Breach")
    merge_index(at=2)

    assert (count_segments(), merge_index(at=0)) == (1, 0)


def test_merging_stops_where_it_is_told_to_and_goes_on_another_time() -> None:
    for number in range(3):
        release(f"Breach number {number}")
    before = find("breach")

    assert merge_index(at=2, pages=1, is_over=lambda: True) == int(has_segments())
    assert find("breach") == before
    merge_index(at=2)

    assert (count_segments(), find("breach")) == (1, before)
