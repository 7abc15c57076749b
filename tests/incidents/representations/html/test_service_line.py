"""The line of a service lying down: where bars lie, what they say, and that overlapping incidents do not hide each other."""

import datetime as dt

from incidents.publication.models import Advisory
from incidents.representations.html.service_line import MOST_LANES, draw_line, within
from incidents.representations.html.service_spells import Spell
from incidents.vocabulary.dates import PartialDate
from incidents.vocabulary.words import ServiceImpact

FIRST, LAST = dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2025, 4, 11, tzinfo=dt.UTC)  # a hundred days


def spell(
    number: int, start: str, end: str, impact: ServiceImpact = ServiceImpact.DEGRADED, *, ongoing: bool = False
) -> Spell:
    return Spell(
        advisory=Advisory(pk=number, public_id=f"INC-2025-{number:04d}", title=f"Incident {number}"),
        impact=impact,
        occurred_from=start,
        occurred_to=end,
        begins=PartialDate(start).earliest() if start else FIRST,
        ends=PartialDate(end).latest() if end else LAST,
        is_ongoing=ongoing,
        is_vague=False,
    )


def said(start: str, end: str, *, ongoing: bool = False, by_year: bool = False) -> str:
    return draw_line([spell(1, start, end, ongoing=ongoing)], FIRST, LAST, by_year=by_year).bars[0].said


def test_a_bar_lies_where_its_time_lies() -> None:
    (bar,) = draw_line([spell(1, "2025-01-11", "2025-01-20")], FIRST, LAST).bars

    assert (bar.start, bar.width) == ("10.00", "10.00")


def test_what_lasted_minutes_can_still_be_seen_at_the_very_end() -> None:
    (bar,) = draw_line([spell(1, "2025-04-10T23:50Z", "2025-04-10T23:55Z")], FIRST, LAST).bars

    assert (bar.start, bar.width) == ("99.10", "0.90")


def test_a_spell_that_began_before_begins_with_the_line() -> None:
    (bar,) = draw_line([spell(1, "2024-06-01", "2025-01-10")], FIRST, LAST).bars

    assert (bar.start, bar.width) == ("0.00", "10.00")


def test_what_ended_before_or_begins_after_is_not_drawn() -> None:
    spells = [spell(1, "2024-06-01", "2024-12-31"), spell(2, "2025-04-12", "2025-04-13")]

    assert (draw_line(spells, FIRST, LAST).bars, within(spells, FIRST, LAST)) == ((), [])


def test_incidents_that_overlap_have_lanes_of_their_own_and_those_after_each_other_share_one() -> None:
    spells = [
        spell(1, "2025-01-10", "2025-01-20"),
        spell(2, "2025-01-15", "2025-01-16"),
        spell(3, "2025-02-10", "2025-02-11"),
        spell(1, "2025-01-21", "2025-01-22"),
    ]

    line = draw_line(spells, FIRST, LAST)

    tops = {(bar.spell.advisory.pk, bar.top) for bar in line.bars}
    assert len(line.lanes) == 2
    assert len(tops) == 3
    assert {top for number, top in tops if number in (1, 3)} == {min(top for _, top in tops)}


def test_more_incidents_than_lanes_are_counted() -> None:
    spells = [spell(number, "2025-01-10", "2025-01-20") for number in range(MOST_LANES + 3)]

    line = draw_line(spells, FIRST, LAST)

    assert (len(line.bars), line.left_out) == (MOST_LANES, 3)


def test_the_states_are_named_the_worst_first() -> None:
    spells = [spell(1, "2025-01-10", "2025-01-20"), spell(2, "2025-01-10", "2025-01-20", ServiceImpact.COMPROMISED)]

    assert draw_line(spells, FIRST, LAST).states == (ServiceImpact.COMPROMISED, ServiceImpact.DEGRADED)


def test_a_bar_says_its_times_as_far_as_they_are_known() -> None:
    assert said("2025-01-10T08:05Z", "2025-01-11T10:00Z") == "10 Jan, 08:05 – 11 Jan, 10:00 UTC"
    assert said("2025-01-10", "2025-01-10") == "10 Jan"
    assert said("2025-01", "") == "Jan 2025 – end not said"
    assert said("2025-01-10", "", ongoing=True) == "since 10 Jan"
    assert said("", "", ongoing=True) == "begin not known, lasts"
    assert said("2025-01-10T08:05Z", "2025-01-11", by_year=True) == "10 Jan 2025 – 11 Jan 2025"


def test_the_line_is_marked_month_by_month_or_year_by_year() -> None:
    years = draw_line([], dt.datetime(2022, 1, 1, tzinfo=dt.UTC), LAST, by_year=True)

    assert [mark.text for mark in draw_line([], FIRST, LAST).marks] == ["1 Feb", "1 Mar"]
    assert [mark.text for mark in years.marks] == ["2023", "2024"]
    assert (draw_line([], FIRST, LAST).first, years.first) == ("1 Jan", "2022")
