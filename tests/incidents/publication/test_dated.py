"""The list by date with filters and words: the same rows in the same order as sorting them all, page by page, both ways."""

import pytest

from incidents.publication import narrow
from incidents.publication.audience import PUBLIC
from incidents.publication.fulltext import dated, dated_in_sets
from incidents.publication.fulltext.dated import Part, parts_of
from incidents.publication.fulltext.expression import all_of, any_of, mark
from incidents.publication.models import Advisory
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Severity
from tests.factories.corpus import release_document, tagged
from tests.incidents.publication.test_search import asked

DATES = ["2024-03-05T10:00Z", "2024-03-05", "2024-03", "2024", "2023-12", "2023", "2019-07", "2019", "1999-01-02", ""]
BELL = mark("tag", "bell")


@pytest.fixture
def corpus() -> None:
    for number in range(60):
        release_document(
            f"Row {number}",
            severity=list(Severity)[number % 5],
            tags=tagged("bell") if number % 2 else tagged("bell", "odd"),
            kind=ReleaseKind.WITHDRAWAL if number % 11 == 0 else ReleaseKind.INITIAL,
            tlp=TLP.GREEN if number % 13 == 0 else TLP.CLEAR,
            timeline=DATES[number % 10],
        )


def walk(query: str, size: int = 4) -> tuple[list[str], list[str]]:
    """All titles going forwards, and all going back from the last page."""
    narrowed = asked(query).narrowed
    rows = Advisory.objects.visible_to(PUBLIC)
    order = asked(query).order
    pages = [narrowed.page(rows, order, size=size)]
    while pages[-1].next:
        pages.append(narrowed.page(rows, order, pages[-1].next, size=size))
    back = [pages[-1]]
    while back[-1].previous and len(back) < len(pages):
        back.append(narrowed.page(rows, order, back[-1].previous, size=size))
    return [row.title for page in pages for row in page.rows], [row.title for page in back[::-1] for row in page.rows]


@pytest.mark.django_db
@pytest.mark.parametrize("parts", [(1, 2, 0), (3, 3, 30), (3_000, 20, 0), (1, 2, 1_000)])
@pytest.mark.parametrize(
    "query", ["tag=bell", "tag=odd&severity=high", "q=row", "tag=bell&state=withdrawn", "tag=bell&state=withdrawn,open"]
)
def test_the_order_is_that_of_all_rows_sorted_by_date(
    corpus: None, monkeypatch: pytest.MonkeyPatch, query: str, parts: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(dated, "SMALL", parts[0])
    monkeypatch.setattr(dated, "SMALL_PARTS", parts[1])
    monkeypatch.setattr(narrow, "FEW", parts[2])
    monkeypatch.setattr(dated, "LARGE", 5)
    monkeypatch.setattr(dated, "LARGE_PARTS", 1)
    expected = [row.title for row in asked(query).qs.order_by("-known_on", "-public_id")]

    assert walk(f"{query}&sort=occurred") == (expected, expected)


@pytest.mark.django_db
@pytest.mark.parametrize("ways", [(0, 1_000, 3), (0, 0, 3), (0, 0, 0), (0, 2, 1), (1_000, 0, 3)])
@pytest.mark.parametrize(
    "query", ["tag=bell", "tag=odd&severity=high", "tag=bell&year=2024,2023", "state=open&tag=odd"]
)
def test_the_order_is_the_same_however_months_are_read_from_sets(
    corpus: None, monkeypatch: pytest.MonkeyPatch, query: str, ways: tuple[int, int, int]
) -> None:
    for name, number in zip(("FEW", "MANY", "AMPLE"), ways, strict=True):
        monkeypatch.setattr(dated_in_sets, name, number)
    expected = [row.title for row in asked(query).qs.order_by("-known_on", "-public_id")]

    assert expected
    assert walk(f"{query}&sort=occurred") == (expected, expected)


def test_months_are_asked_alone_then_together_then_the_rest() -> None:
    months = {"2024-03": 2_000, "2024-02": 1_500, "2024-01": 1_400, "2024": 1}

    assert parts_of(BELL, months, "") == [
        Part(all_of(BELL, mark("month", "2024-03")), ""),
        Part(all_of(BELL, any_of(*(mark("month", name) for name in ("2024-02", "2024-01", "2024")))), ""),
    ]


def test_what_lies_beyond_all_parts_is_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dated, "SMALL_PARTS", 1)
    monkeypatch.setattr(dated, "LARGE_PARTS", 0)
    months = {"2024-03": 2_000, "2024-02": 1_500, "2024": 1_600, "2023": 2_000}

    assert parts_of(BELL, months, "2024-02-11 INC-2024-0001")[1:] == [Part(BELL, "2024-02")]
    assert parts_of(BELL, months, "2024 INC-2024-0001", backwards=True)[1:] == [Part(BELL, "2024!")]
    assert parts_of(BELL, months, "2024-02 INC-2024-0001", backwards=True)[1:] == [Part(BELL, "2024-02~")]


@pytest.mark.django_db
@pytest.mark.parametrize("years", ["2024", "2023,2024", "2019,2024", "1980"])
def test_years_alone_are_read_along_the_dates(corpus: None, years: str) -> None:
    query = f"year={years}&sort=occurred"
    expected = [row.title for row in asked(query).qs.order_by("-known_on", "-public_id")]

    pages = [asked(query).page(size=4)]
    while pages[-1].next:
        pages.append(asked(f"{query}&cursor={pages[-1].next}").page(size=4))

    assert [row.title for page in pages for row in page.rows] == expected
    assert bool(expected) == (years != "1980")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("year=2024", [2024]),
        ("year=2024,2023", [2023, 2024]),
        ("year=2024,2019", []),
        ("year=2024&tag=bell", []),
        ("year=2024&q=row", []),
        ("year=2024&state=withdrawn", []),
    ],
)
def test_years_are_alone_where_nothing_else_is_asked_and_none_lies_between(query: str, years: list[int]) -> None:
    assert asked(query).narrowed.only_years == years
