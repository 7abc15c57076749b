"""When incidents happened: nothing gets a day or a month that is not known."""

import pytest

from incidents.publication.audience import PUBLIC
from incidents.publication.document import Timeline
from incidents.publication.models import Advisory, Facet
from incidents.publication.occurrence import (
    count_by_day,
    count_by_month,
    count_course,
    count_withdrawn,
    in_month,
    known_to_the_year,
)
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty, ReleaseKind
from tests.factories.corpus import release_document, step

pytestmark = pytest.mark.django_db


def release_at(*dates: str) -> None:
    for date in dates:
        release_document(date or "undated", timeline=Timeline(occurred_from=date))


def dates() -> list[tuple[str, str]]:
    """The title and the date of every public advisory."""
    return list(Advisory.objects.visible_to(PUBLIC).values_list("title", "known_on"))


def test_an_advisory_is_dated_by_the_occurrence_else_the_disclosure_else_its_first_release() -> None:
    release_document("Occurred", timeline=Timeline(occurred_from="2023-05-02", disclosed="2024-01"))
    release_document("Disclosed", timeline=Timeline(disclosed="2024-02"))
    release_document("Released")

    assert sorted(dates()) == [
        ("Disclosed", "2024-02"),
        ("Occurred", "2023-05-02"),
        ("Released", "2025-01-01"),
    ]


def test_a_month_holds_what_is_known_to_have_happened_in_it() -> None:
    release_at("2024", "2024-12", "2024-12-31T23:59Z", "2025-01-01", "2023-12-05")
    release_document("Disclosed", timeline=Timeline(disclosed="2024-12-24"))

    rows = in_month(Advisory.objects.visible_to(PUBLIC), 2024, 12)

    assert sorted(rows.values_list("title", flat=True)) == ["2024-12", "2024-12-31T23:59Z", "Disclosed"]


def test_a_month_holds_what_is_dated_by_its_release_alone() -> None:
    release_document("Released")

    assert list(in_month(Advisory.objects.all(), 2025, 1).values_list("title", flat=True)) == ["Released"]
    assert list(in_month(Advisory.objects.all(), 2025, 2)) == []


def test_what_is_known_to_the_year_belongs_to_the_year_alone() -> None:
    release_at("2024", "2024-01", "2024-01-01")

    rows = known_to_the_year(Advisory.objects.visible_to(PUBLIC), 2024)

    assert list(rows.values_list("title", flat=True)) == ["2024"]


def test_counts_keep_the_precision_of_the_dates() -> None:
    release_at("2024", "2024-01", "2024-01-01", "2024-01-01T08:00Z", "2023-07-09")

    assert count_by_month(PUBLIC) == {"2024": 1, "2024-01": 3, "2023-07": 1}
    assert count_by_day(2024, PUBLIC) == {"2024": 1, "2024-01": 1, "2024-01-01": 2}


def test_counts_leave_out_what_is_withdrawn_or_not_for_the_public() -> None:
    release_at("2024-01-01")
    release_document("Narrow", timeline=Timeline(occurred_from="2024-01-01"), tlp=TLP.GREEN)
    release_document("Mistake", timeline=Timeline(occurred_from="2024-01-01"), kind=ReleaseKind.WITHDRAWAL)

    assert count_by_day(2024, PUBLIC) == {"2024-01-01": 1}


def test_a_course_counts_each_advisory_once_and_context_never() -> None:
    january = Timeline(occurred_from="2024-01-05")
    release_document("Both", timeline=january, attacks=(step("T1486"), step("T1486", Certainty.SUSPECTED)))
    release_document("Thought", timeline=january, attacks=(step("T1486", Certainty.SUSPECTED),))
    release_document("Usual", timeline=january, attacks=(step("T1486", Certainty.CONTEXT),))
    release_document("Year", timeline=Timeline(occurred_from="2024"), attacks=(step("T1486"),))
    release_document("Another", timeline=january, attacks=(step("T1498"),))
    release_document("Mistake", timeline=january, attacks=(step("T1486"),), kind=ReleaseKind.WITHDRAWAL)

    assert sorted(count_course(Facet.TECHNIQUE, "attack/T1486", PUBLIC)) == [
        ("2024", "observed", 1),
        ("2024-01", "observed", 1),
        ("2024-01", "suspected", 1),
    ]


def test_withdrawn_advisories_are_counted_apart() -> None:
    release_document("Stands", attacks=(step("T1486"),))
    release_document("Mistake", attacks=(step("T1486"),), kind=ReleaseKind.WITHDRAWAL)

    assert count_withdrawn(Facet.TECHNIQUE, "attack/T1486", PUBLIC) == 1


def test_the_year_of_a_date_is_the_year_of_its_advisory() -> None:
    release_document("Released")

    ((_, known),) = dates()

    assert [int(known[:4])] == list(Advisory.objects.values_list("year", flat=True))
