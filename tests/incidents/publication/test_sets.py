"""Sets of advisories by mark: whatever is put in and taken out, they hold what is left, and give the newest or oldest of it."""

from collections.abc import Iterable

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some
from pytest_django import DjangoAssertNumQueries

from incidents.publication.fulltext.carried import refill_sets
from incidents.publication.fulltext.expression import Expression, Side, Without, all_of, any_of, mark, mark_token
from incidents.publication.fulltext.sets import (
    FEW,
    HIDDEN,
    ID,
    STANDING,
    Sets,
    all_blocks,
    change_sets,
    clear_sets,
    is_set,
    newest_of,
    oldest_of,
)
from incidents.publication.models import Advisory, Release
from incidents.publication.rebuild import rebuild_projection
from incidents.vocabulary.tlp import TLP
from tests.factories import make_incident, make_published, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db
SEQUENCES = some.sets(some.integers(0, 70_000) | some.integers(0, 200), max_size=2 * FEW)
RED, BLUE = mark("tag", "red"), mark("tag", "blue")


def as_bits(sequences: Iterable[int]) -> int:
    return sum(1 << sequence for sequence in sequences)


def fill(**sequences: Iterable[int]) -> None:
    """Make sets of tags."""
    clear_sets()
    change_sets([(one, [mark_token("tag", name)]) for name, found in sequences.items() for one in found], [])


def found(asked: Expression) -> set[int]:
    """What sets give for an expression."""
    sets = Sets()
    sets.learn([asked])
    bits = sets.of(asked)
    return set(newest_of(bits, limit=bits.bit_count()))


@given(first=SEQUENCES, less=SEQUENCES, more=SEQUENCES)
def test_a_set_holds_what_was_put_in_and_not_taken_out(first: set[int], less: set[int], more: set[int]) -> None:
    fill(red=first)

    change_sets(
        [(one, [mark_token("tag", "red")]) for one in more], [(one, [mark_token("tag", "red")]) for one in less]
    )

    assert found(RED) == (first - less) | more
    if not (first - less) | more:
        assert dict(all_blocks()) == {}


@given(red=SEQUENCES, blue=SEQUENCES)
def test_expressions_are_operations_on_sets(red: set[int], blue: set[int]) -> None:
    fill(red=red, blue=blue)

    assert found(all_of(RED, BLUE)) == red & blue
    assert found(any_of(RED, BLUE)) == red | blue
    assert found(Without(RED, BLUE)) == red - blue
    assert found(all_of(any_of(RED, BLUE), Without(RED, BLUE))) == red - blue


@given(sequences=SEQUENCES, limit=some.integers(1, 40), place=some.integers(0, 70_000))
def test_the_newest_and_the_oldest_of_a_set(sequences: set[int], limit: int, place: int) -> None:
    bits = as_bits(sequences)

    assert newest_of(bits, limit=limit) == sorted(sequences, reverse=True)[:limit]
    assert oldest_of(bits, limit=limit) == sorted(sequences)[:limit]
    assert (
        newest_of(bits, limit=limit, below=place)
        == sorted((one for one in sequences if one < place), reverse=True)[:limit]
    )
    assert oldest_of(bits, limit=limit, above=place) == sorted(one for one in sequences if one > place)[:limit]
    assert newest_of(bits, limit=limit, below=2**62) == newest_of(bits, limit=limit)
    assert oldest_of(bits, limit=limit, above=2**62) == []


def test_a_value_that_nothing_carries_has_an_empty_set() -> None:
    assert found(mark("tag", "nobody")) == set()


def test_what_is_hidden_is_what_the_standing_ones_leave() -> None:
    change_sets([(1, [mark_token(STANDING, 0), mark_token("tag", "red")]), (2, [mark_token("tag", "red")])], [])

    assert found(Without(RED, mark(HIDDEN, 0))) == {1}


def test_words_and_ids_are_not_for_sets() -> None:
    assert is_set(all_of(RED, Without(BLUE, mark(HIDDEN, 0))))
    assert not is_set(all_of(RED, Side(("word",))))
    assert not is_set(Side(("two", "words")))
    assert not is_set(mark(ID, "INC-2025-0001"))


def test_sets_are_read_in_one_query_and_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    sets = Sets()

    with django_assert_num_queries(1):
        sets.learn([RED, all_of(RED, BLUE)])
        sets.learn([BLUE])


def publish_some() -> None:
    """Advisories in every condition that sets know of."""
    make_published("One", severity="high")
    twice = make_incident("Twice", tlp=TLP.GREEN)
    publish_incident(twice)
    publish_incident(twice)
    gone = make_incident("Gone")
    publish_incident(gone)
    withdraw_incident(gone)


def test_an_advisory_that_is_released_again_leaves_the_sets_of_its_former_release() -> None:
    publish_some()

    present = as_bits(Advisory.objects.values_list("release__sequence", flat=True))

    assert Advisory.objects.count() < Release.objects.count()
    assert all(bits & ~present == 0 for _, bits in all_blocks())


def test_sets_that_are_made_again_are_the_same() -> None:
    publish_some()
    before = dict(all_blocks())

    refill_sets(lambda count: None)
    refilled = dict(all_blocks())
    rebuild_projection()

    assert before
    assert refilled == before
    assert dict(all_blocks()) == before


def test_blocks_are_small() -> None:
    fill(red=range(20_000), blue=[3, 19_999])
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark, length(bits) FROM incidents_advisory_set ORDER BY mark, block")
        lengths = [length for _, length in cursor.fetchall()]

    assert lengths == [3, 3, 2049, 453]
