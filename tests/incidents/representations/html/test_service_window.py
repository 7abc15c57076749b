import datetime as dt

import pytest

from incidents.representations.html.service_window import UnreadableDayError, Window, read_window

TODAY = dt.date(2025, 9, 1)


def test_without_a_day_it_is_the_time_up_to_today() -> None:
    window = read_window("", TODAY)

    assert (window.begins, window.ends) == (
        dt.datetime(2025, 6, 4, tzinfo=dt.UTC),
        dt.datetime(2025, 9, 2, tzinfo=dt.UTC),
    )
    assert (window.is_now, window.earlier, window.later) == (True, "?until=2025-06-03", "")


def test_earlier_and_later_lie_side_by_side_without_a_gap() -> None:
    window = read_window("2025-01-31", TODAY)

    assert (window.earlier, window.later) == ("?until=2024-11-02", "?until=2025-05-01")
    assert read_window("2024-11-02", TODAY).ends == window.begins
    assert read_window("2025-05-01", TODAY).begins == window.ends


def test_there_is_no_later_that_is_not_over() -> None:
    assert read_window("2025-07-01", TODAY).later == ""


def test_there_is_an_end_to_earlier() -> None:
    assert Window(dt.date(1990, 1, 30), TODAY).earlier == ""


@pytest.mark.parametrize("until", ["yesterday", "2025-13-01", "2025-09-02", "1989-12-31", "2025", "9999-99-99", "\0"])
def test_a_day_that_cannot_be_shown_is_refused(until: str) -> None:
    with pytest.raises(UnreadableDayError, match="90 days"):
        read_window(until, TODAY)
