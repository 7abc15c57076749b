"""Words among what filters find: the same hits and counts whichever way they are looked for, and a plus where not all were."""

from collections import Counter

import pytest

from incidents.publication import narrow
from incidents.publication.audience import PUBLIC
from incidents.publication.fulltext import words_in_sets
from incidents.publication.models import Advisory
from incidents.publication.paging import NEWEST
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Severity
from tests.factories.corpus import involved, release_document, tagged
from tests.incidents.publication.test_search import asked

pytestmark = pytest.mark.django_db
WAYS = {
    "all that the words find are looked at": (3_000, 31, 500),
    "few texts are read": (5, 1_000, 500),
    "words and filters are looked up together": (5, 1_000, 0),
}
QUERIES = [
    "q=ledger",
    "q=ledger&tag=bell",
    "q=ledger+-quiet&severity=high,low&tag=bell",
    "q=%22quiet+ledger%22&sector=cloud",
    "q=ledg&sector=cloud&tag=odd",
    "q=ledger&tag=bell&state=withdrawn",
    "q=ledger&tag=bell&state=withdrawn,open",
    "q=nothing&tag=bell",
]


@pytest.fixture
def corpus() -> None:
    for number in range(60):
        release_document(
            f"Row {number} of a {'quiet ' if number % 3 else ''}ledger{'s' if number % 7 == 0 else ''}",
            severity=list(Severity)[number % 5],
            tags=tagged("bell") if number % 2 else tagged("odd"),
            organizations=(involved("harbour-bank", sector="cloud" if number % 4 else "retail"),),
            kind=ReleaseKind.WITHDRAWAL if number % 11 == 0 else ReleaseKind.INITIAL,
            tlp=TLP.GREEN if number % 13 == 0 else TLP.CLEAR,
        )


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One way to look, which numbers of its own make sure of."""
    looked_at, enough, few = WAYS[request.param]
    monkeypatch.setattr(words_in_sets, "LOOKED_AT", looked_at)
    monkeypatch.setattr(words_in_sets, "LOOKED_AT_FILTERED", looked_at)
    monkeypatch.setattr(words_in_sets, "ENOUGH", enough)
    monkeypatch.setattr(words_in_sets, "FEW", few)
    return str(request.param)


@pytest.mark.parametrize("query", QUERIES)
def test_hits_and_counts_are_those_of_the_rows(corpus: None, way: str, query: str) -> None:
    found = asked(query)
    expected = list(found.qs.order_by("-release__sequence"))

    counts = found.narrowed.counts()
    page = found.narrowed.page(Advisory.objects.visible_to(PUBLIC), NEWEST, size=10)

    assert (counts[""].total, counts[""].is_capped) == (len(expected), False)
    assert [row.public_id for row in page.rows] == [row.public_id for row in expected[:10]]
    assert bool(page.next) == (len(expected) > 10)
    if "severity" not in found.asked or not found.asked["severity"]:
        assert counts["severity"].values == Counter(row.severity for row in expected)


def test_a_filter_is_left_out_of_its_own_counts(corpus: None, way: str) -> None:
    found = asked("q=ledger&severity=high&tag=bell")
    others = asked("q=ledger&tag=bell").qs

    counts = found.narrowed.counts()["severity"]

    if not counts.is_capped:
        assert counts.values == Counter(row.severity for row in others)
    for severity, count in counts.values.items():
        assert count <= others.filter(severity=severity).count()


@pytest.mark.parametrize("looked_at", [8, 20, 40])
def test_where_not_all_hits_are_looked_at_numbers_are_the_least_there_are(
    corpus: None, monkeypatch: pytest.MonkeyPatch, looked_at: int
) -> None:
    monkeypatch.setattr(words_in_sets, "LOOKED_AT", looked_at)
    monkeypatch.setattr(words_in_sets, "ENOUGH", 1)
    found = asked("q=quiet")
    true = found.qs.count()

    counts = found.narrowed.counts()
    page = found.narrowed.page(Advisory.objects.visible_to(PUBLIC), NEWEST, size=30)

    assert 0 < counts[""].total <= true
    assert counts[""].is_capped == (looked_at < 40)
    assert counts["severity"].is_capped == (looked_at < 40)
    assert [row.pk for row in page.rows] == [row.pk for row in found.qs.order_by("-release__sequence")[:30]]


def test_more_than_are_counted_are_as_many_and_a_plus(corpus: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrow, "MOST_COUNTED", 10)

    counts = asked("q=ledger").narrowed.counts()[""]

    assert (counts.total, counts.is_capped) == (10, True)
