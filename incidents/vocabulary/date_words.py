"""Instants in the words of the language that is spoken: “27 January 2025”, “27. Januar 2025”, “2025年1月27日”.

How a language writes a date is Django's knowledge; for English, this site has its own choice.
"""

import datetime as dt
from functools import lru_cache

from django.utils.dateformat import format as in_format
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext

_ENGLISH = {"DATE_FORMAT": "j F Y", "YEAR_MONTH_FORMAT": "F Y", "MONTH_DAY_FORMAT": "j F"}


def month_in_words(at: dt.date, *, is_short: bool = False) -> str:
    """`January 2025`, or `Jan 2025`."""
    return _in_words("YEAR_MONTH_FORMAT", is_short, dt.date(at.year, at.month, at.day), get_language())


def day_in_words(at: dt.date, *, is_short: bool = False) -> str:
    """`27 January 2025`, or `27 Jan 2025`."""
    return _in_words("DATE_FORMAT", is_short, dt.date(at.year, at.month, at.day), get_language())


def day_of_year_in_words(at: dt.date, *, is_short: bool = False) -> str:
    """`27 January`, or `27 Jan`."""
    return _in_words("MONTH_DAY_FORMAT", is_short, dt.date(at.year, at.month, at.day), get_language())


def minute_in_words(at: dt.datetime) -> str:
    """`27 January 2025, 13:33 UTC`, of an instant in UTC."""
    return gettext("%(date)s, %(time)s UTC") % {"date": day_in_words(at), "time": f"{at:%H:%M}"}


@lru_cache(maxsize=1024)
def _in_words(kind: str, is_short: bool, day: dt.date, language: str | None) -> str:
    """A date in the language that is spoken, remembered: a page has dozens of them, and many are the same."""
    return in_format(day, _pattern(kind, is_short))


def _pattern(kind: str, is_short: bool) -> str:
    """Django's pattern for the language, in which `F` stands for the name of the month, and `M` for a short one."""
    pattern = _ENGLISH[kind] if get_language() == "en" else str(get_format(kind))
    return pattern.replace("F", "M") if is_short else pattern
