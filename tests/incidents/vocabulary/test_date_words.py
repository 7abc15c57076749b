"""Dates are written as the language that is spoken writes them."""

import datetime as dt

import pytest
from django.utils import translation

from incidents.templatetags.signs import day, known_date, moment
from incidents.vocabulary.date_words import day_in_words, day_of_year_in_words, month_in_words
from incidents.vocabulary.dates import PartialDate

AT = dt.datetime(2025, 1, 27, 13, 33, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "month", "whole"),
    [
        ("en", "January 2025", "27 January 2025"),
        ("zh-hans", "2025年1月", "2025年1月27日"),
        ("hi", "जनवरी 2025", "27 जनवरी 2025"),
        ("de", "Januar 2025", "27. Januar 2025"),
        ("fr", "janvier 2025", "27 janvier 2025"),
        ("es", "enero de 2025", "27 de enero de 2025"),
        ("ar", "يناير 2025", "27 يناير، 2025"),
    ],
)
def test_a_date_is_written_in_the_language_that_is_spoken(language: str, month: str, whole: str) -> None:
    with translation.override(language):
        assert PartialDate("2025").for_people() == "2025"
        assert PartialDate("2025-01").for_people() == month_in_words(AT) == month
        assert PartialDate("2025-01-27").for_people() == day_in_words(AT) == whole
        assert whole in day(AT)
        assert whole in moment(AT)


def test_a_date_that_was_written_once_is_written_anew_in_another_language() -> None:
    with translation.override("en"):
        english = known_date("2025-01-27")
    with translation.override("de"):
        german = known_date("2025-01-27")

    assert english == '<time datetime="2025-01-27">27 January 2025</time>'
    assert german == '<time datetime="2025-01-27">27. Januar 2025</time>'


def test_instants_are_told_in_utc_and_stay_the_same_for_machines() -> None:
    with translation.override("fr"):
        assert moment(AT) == '<time datetime="2025-01-27T13:33:00Z">27 janvier 2025, 13:33 UTC</time>'


def test_short_dates_leave_room_in_drawings() -> None:
    assert month_in_words(AT, is_short=True) == "Jan 2025"
    assert day_in_words(AT, is_short=True) == "27 Jan 2025"
    assert day_of_year_in_words(AT, is_short=True) == "27 Jan"
    with translation.override("de"):
        assert day_of_year_in_words(AT, is_short=True) == "27. Jan"
