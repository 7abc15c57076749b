"""Dates as editors write them."""

from zoneinfo import ZoneInfo

import pytest

from incidents.editing.dates import read_partial_date, show_partial_date
from incidents.vocabulary.dates import PartialDate

SHANGHAI, BERLIN, UTC = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2025", "2025"),
        ("2025-01", "2025-01"),
        ("January 2025", "2025-01"),
        ("jan. 2025", "2025-01"),
        ("Sept 2024", "2024-09"),
        ("27 January 2025", "2025-01-27"),
        ("January 27, 2025", "2025-01-27"),
        ("2025-1-7", "2025-01-07"),
        ("  27   Jan  2025 ", "2025-01-27"),
        ("2025-01-27 21:33", "2025-01-27T13:33Z"),
        ("27 January 2025, 21:33", "2025-01-27T13:33Z"),
        ("27 January 2025 at 21:33", "2025-01-27T13:33Z"),
        ("2025-01-28 07:00", "2025-01-27T23:00Z"),
        ("2025-01-27T13:33Z", "2025-01-27T13:33Z"),
        ("2025-01-27 13:33 UTC", "2025-01-27T13:33Z"),
        ("2025-01-27 14:33 +01:00", "2025-01-27T13:33Z"),
        ("2025-01-27 08:33-0500", "2025-01-27T13:33Z"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(written: str, kept: str) -> None:
    assert read_partial_date(written, zone=SHANGHAI) == kept


@pytest.mark.parametrize(
    ("written", "help_with"),
    [
        ("27/01/2025", "two ways"),
        ("01.02.2025", "two ways"),
        ("yesterday", "not a date we can read"),
        ("27 Brumaire 2025", "not the name of a month"),
        ("2025-02-30", "not a day of the calendar"),
        ("2025-02-30 10:00", "not a day of the calendar"),
        ("2025-13", "not a date"),
        ("0999", "not a date"),
        ("2025-01 10:00", "no day"),
        ("2025-01-27 25:00", "no time between"),
        ("2025-01-27 21:33:07", "leave out the seconds"),
        ("2025-01-27 21:33 +99:00", "no distance from UTC"),
        ("2025-01-27x", "not a date we can read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_word_on_why(written: str, help_with: str) -> None:
    with pytest.raises(ValueError, match=help_with):
        read_partial_date(written, zone=SHANGHAI)


@pytest.mark.parametrize(
    ("written", "help_with"), [("2025-03-30 02:30", "skipped"), ("2025-10-26 02:30", "came twice")]
)
def test_hours_that_the_clocks_skip_or_repeat_are_asked_for_in_utc(written: str, help_with: str) -> None:
    with pytest.raises(ValueError, match=help_with):
        read_partial_date(written, zone=BERLIN)


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, UTC])
@pytest.mark.parametrize(
    "kept",
    [
        "2025",
        "2025-01",
        "2025-01-27",
        "2025-01-27T13:33Z",
        "2025-10-26T00:30Z",
        "2025-10-26T01:30Z",
        "2025-03-30T01:30Z",
    ],
)
def test_what_is_shown_is_read_as_the_same_date(kept: str, zone: ZoneInfo) -> None:
    assert read_partial_date(show_partial_date(PartialDate(kept), zone=zone), zone=zone) == kept


def test_a_day_is_shown_without_a_made_up_time() -> None:
    assert show_partial_date(PartialDate("2025-01-27"), zone=SHANGHAI) == "2025-01-27"
