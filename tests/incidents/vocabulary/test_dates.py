"""Dates are kept, sorted and shown as they are known."""

import datetime as dt

import pytest

from incidents.vocabulary.dates import DatePrecision, PartialDate


@pytest.mark.parametrize(
    ("text", "precision", "shown"),
    [
        ("2025", "year", "2025"),
        ("2025-01", "month", "January 2025"),
        ("2025-01-05", "day", "5 January 2025"),
        ("2025-01-05T03:07Z", "minute", "5 January 2025, 03:07 UTC"),
    ],
)
def test_a_date_is_shown_as_it_is_known(text, precision, shown):
    date = PartialDate(text)

    assert (date, date.precision, date.for_people()) == (text, precision, shown)


@pytest.mark.parametrize(
    "text",
    ["", "25", "2025-1", "2025-13", "2025-00", "2025-02-30", "2025-01-27T25:00Z", "2025-01-27T13:33", "2025-01-27 13:33Z",
     " 2025", "2025\n", "0999", "२०२५", "2025-01-27T13:33+08:00"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="“"):
        PartialDate(text)


def test_dates_sort_by_time_and_the_vaguer_first():
    dates = ["2025-01-27T13:33Z", "2025-01-27", "2025", "2024-12-31", "2025-01"]

    assert sorted(dates) == ["2024-12-31", "2025", "2025-01", "2025-01-27", "2025-01-27T13:33Z"]


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024", "2024-01-01T00:00:00", "2024-12-31T23:59:59"),
        ("2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59"),
        ("2024-02-03", "2024-02-03T00:00:00", "2024-02-03T23:59:59"),
        ("2024-02-03T04:05Z", "2024-02-03T04:05:00", "2024-02-03T04:05:59"),
    ],
)
def test_a_date_spans_all_it_can_mean(text, earliest, latest):
    date = PartialDate(text)

    assert date.earliest().isoformat() == f"{earliest}+00:00"
    assert date.latest().isoformat() == f"{latest}+00:00"


def test_minutes_are_converted_to_utc_and_days_are_not():
    evening = dt.datetime(2025, 1, 28, 5, 33, tzinfo=dt.timezone(dt.timedelta(hours=8)))

    assert PartialDate.from_datetime(evening) == "2025-01-27T21:33Z"
    assert PartialDate.from_datetime(evening, DatePrecision.DAY) == "2025-01-28"
