"""Copies made for measuring stand in lists, counts and the search index like what they are copies of."""

import pytest
from django.db import connection, transaction
from django.test import Client

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Release
from incidents.publication.tallies import count_of, find_miscounts
from incidents.publication.verify import texts
from tests.bench.multiply import count_originals, multiply
from tests.factories.corpus import involved, release_document, step, tagged
from tests.incidents.publication.test_search import titles


@pytest.fixture
def copied(transactional_db: None) -> None:
    for number in range(3):
        with transaction.atomic():
            release_document(
                f"Bell {number}",
                organizations=(involved("harbour-bank", sector="cloud"),),
                attacks=(step("T1486"),),
                tags=tagged("tokens"),
                timeline=f"2024-05-0{number + 1}",
            )
    assert multiply(13, lambda count: None) == 12


def test_copies_are_found_listed_and_counted(copied: None, client: Client) -> None:
    assert count_originals() == 3
    assert (Advisory.objects.count(), Release.objects.count(), count_of("tag", "tokens", PUBLIC)) == (12, 12, 12)
    assert titles("q=bell&tag=tokens") == ["Bell 2", "Bell 1", "Bell 0"] * 4
    assert titles("q=INC-2025-001000002") == ["Bell 1"]
    assert titles("tag=tokens&sort=occurred")[0] == "Bell 2"
    assert list(find_miscounts()) == []
    assert client.get("/incidents/INC-2025-003000003/").status_code == 200


def test_each_copy_is_later_than_all_before_it(copied: None) -> None:
    rows = list(Advisory.objects.order_by("released_at").values_list("release__sequence", "release__released_at"))

    assert [sequence for sequence, _ in rows] == list(range(1, 13))
    assert len({at for _, at in rows}) == 12


def test_more_is_published_after_the_copies(copied: None) -> None:
    with transaction.atomic():
        release_document("Later")

    assert titles("q=later") == ["Later"]


def test_the_index_knows_copies_as_it_knows_others(copied: None) -> None:
    """On PostgreSQL copies lack the places of their number, by which long lists are read, and by which nothing is found."""
    unlike = list(texts.find_damage(lambda count: None))

    assert len(unlike) == (9 if connection.vendor == "postgresql" else 0)
