"""Dates as they are known: ISO 8601 with reduced precision (ISO 8601-1:2019, 5.2.2.2), never a made-up first of the month.

A partial date is kept as its text: `2025`, `2025-01`, `2025-01-27` or `2025-01-27T13:33Z` (UTC). The text sorts in time
order, says its own precision and goes unchanged into every representation.
"""

import calendar
import datetime as dt
import re
from typing import Self

from django.db.models import TextChoices

from incidents.vocabulary.date_words import day_in_words, minute_in_words, month_in_words

PARTIAL_DATE_PATTERN = (
    r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\dZ)?)?)?$"  # year, month, day, minute
)
_FORMATS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d", 17: "%Y-%m-%dT%H:%MZ"}


class DatePrecision(TextChoices):
    """How exactly a date is known."""

    YEAR = "year", "Year"
    MONTH = "month", "Month"
    DAY = "day", "Day"
    MINUTE = "minute", "Minute"


_PRECISIONS = {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY, 17: DatePrecision.MINUTE}


class PartialDate(str):
    """An instant in UTC known to the year, month, day or minute; an ordinary string otherwise.

    Raises:
        ValueError: the text is no partial date, or names a day that does not exist.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if not re.fullmatch(PARTIAL_DATE_PATTERN, text, re.ASCII):
            raise ValueError(
                f"“{text}” is not a date we can keep. Write 2025, 2025-01, 2025-01-27 or 2025-01-27T13:33Z, as far as "
                "it is known."
            )
        try:
            if len(text) >= 10:
                dt.date.fromisoformat(text[:10])
        except ValueError:
            raise ValueError(f"“{text}” is not a day of the calendar.") from None
        return super().__new__(cls, text)

    @classmethod
    def from_datetime(cls, moment: dt.datetime, precision: DatePrecision = DatePrecision.MINUTE) -> "PartialDate":
        """The partial date of an aware datetime; only minutes are converted to UTC, a day stays the day it was."""
        if precision is DatePrecision.MINUTE:
            return cls(moment.astimezone(dt.UTC).strftime(_FORMATS[17]))
        length = {value: key for key, value in _PRECISIONS.items()}[precision]
        return cls(moment.strftime(_FORMATS[length]))

    @property
    def precision(self) -> DatePrecision:
        """How exactly this date is known."""
        return _PRECISIONS[len(self)]

    @property
    def year(self) -> int:
        """The calendar year."""
        return int(self[:4])

    def earliest(self) -> dt.datetime:
        """The first instant this date can mean, in UTC."""
        return dt.datetime.strptime(self, _FORMATS[len(self)]).replace(tzinfo=dt.UTC)

    def latest(self) -> dt.datetime:
        """The last instant (to the second) this date can mean, in UTC."""
        start = self.earliest()
        end = {
            DatePrecision.YEAR: start.replace(month=12, day=31, hour=23, minute=59, second=59),
            DatePrecision.MONTH: start.replace(
                day=calendar.monthrange(start.year, start.month)[1], hour=23, minute=59, second=59
            ),
            DatePrecision.DAY: start.replace(hour=23, minute=59, second=59),
            DatePrecision.MINUTE: start.replace(second=59),
        }
        return end[self.precision]

    def for_people(self) -> str:
        """As people write it in the language that is spoken: `2025`, `January 2025`, `27 January 2025, 13:33 UTC`."""
        moment = self.earliest()
        match self.precision:
            case DatePrecision.YEAR:
                return f"{moment:%Y}"
            case DatePrecision.MONTH:
                return month_in_words(moment)
            case DatePrecision.DAY:
                return day_in_words(moment)
            case _:
                return minute_in_words(moment)


def month_of(known: str) -> str:
    """A partial date to the month, or to the year where no more is known."""
    return known[:7]


def day_of(known: str) -> str:
    """A partial date to the day, as far as it is known."""
    return known[:10]
