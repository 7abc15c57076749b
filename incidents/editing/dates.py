"""Dates as editors write them: read in their own time zone, kept as far as they are known, shown back in their zone."""

import datetime as dt
import re
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.vocabulary.dates import DatePrecision, PartialDate

HOW_TO_WRITE = "as far as it is known: 2025, January 2025, 27 January 2025 or 2025-01-27 21:33"
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMBER_OF = {name: number for number, name in enumerate(_MONTHS, 1)} | {
    short: number for number, name in enumerate(_MONTHS, 1) for short in (name[:3], name[:4])
}
_WITH_TIME = re.compile(
    r"(?P<day>.+?)(?:T|,? at |,? )(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<second>:\d{2}(?:\.\d+)?)? ?"
    r"(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_NAME = r"(?P<name>[a-z]{3,9})\.?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        _YEAR,
        f"{_YEAR}-{_MONTH}",
        f"{_YEAR}-{_MONTH}-{_DAY}",
        f"{_NAME} {_YEAR}",
        f"{_DAY}\\.? {_NAME},? {_YEAR}",
        f"{_NAME} {_DAY},? {_YEAR}",
    )
)


class _Clock(NamedTuple):
    hour: int
    minute: int
    zone: dt.tzinfo | None


def read_partial_date(text: str, *, zone: dt.tzinfo) -> PartialDate:
    """What an editor in `zone` means by a date; a time of day is turned into UTC, anything less exact stays as it is.

    Raises:
        ValueError: it cannot be read, or can be read in two ways; the text says what to write instead.
    """
    written = " ".join(text.split())
    clock, day = _split_off_time(written)
    year, month, number = _read_day(day, whole=written)
    if clock is None:
        return PartialDate("-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, number) if part)]))
    if not (month and number):
        raise ValueError(f"“{written}” has a time of day but no day.")
    PartialDate(f"{year:04d}-{month:02d}-{number:02d}")
    try:
        naive = dt.datetime(year, month, number, clock.hour, clock.minute)  # noqa: DTZ001  the zone follows
    except ValueError:
        raise ValueError(f"“{written}” has no time between 00:00 and 23:59.") from None
    moment = naive.replace(tzinfo=clock.zone) if clock.zone else _on_the_clock(naive, zone)
    return PartialDate.from_datetime(moment)


def show_partial_date(date: PartialDate, *, zone: dt.tzinfo) -> str:
    """The date as an editor in `zone` would write it; reading it again gives the same date."""
    if date.precision is not DatePrecision.MINUTE:
        return str(date)
    local = date.earliest().astimezone(zone)
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():  # the hour that comes twice in autumn
        return f"{date.earliest():%Y-%m-%d %H:%M} UTC"
    return f"{local:%Y-%m-%d %H:%M}"


def _split_off_time(written: str) -> tuple[_Clock | None, str]:
    found = _WITH_TIME.fullmatch(written)
    if not found:
        return None, written
    if found["second"]:
        raise ValueError("Times are kept to the minute; leave out the seconds.")
    zone = _read_zone(found["zone"]) if found["zone"] else None
    return _Clock(int(found["hour"]), int(found["minute"]), zone), found["day"]


def _read_zone(text: str) -> dt.tzinfo:
    if text.upper() in {"Z", "UTC"}:
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(f"“{text}” is no distance from UTC.")
    distance = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-distance if text[0] == "-" else distance)


def _read_day(day: str, *, whole: str) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is not given."""
    for shape in _SHAPES:
        if found := shape.fullmatch(day):
            parts = found.groupdict()
            named = parts.get("name")
            month = _NUMBER_OF.get(named.lower(), -1) if named else int(parts.get("month") or 0)
            if month == -1:
                raise ValueError(f"“{named}” is not the name of a month.")
            return int(parts["year"]), month, int(parts.get("day") or 0)
    if re.fullmatch(r"\d{1,4}[./]\d{1,2}([./]\d{1,4})?", day):
        raise ValueError(
            f"“{whole}” can be read in two ways. Write the month as a word, or the year first: 2025-01-27."
        )
    raise ValueError(f"“{whole}” is not a date we can read. Write it {HOW_TO_WRITE}.")


def _on_the_clock(naive: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    moment = naive.replace(tzinfo=zone)
    if moment.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise ValueError(
            f"The clocks in {zone} skipped {naive:%H:%M} on that day. Write the time in UTC: 2025-01-27 13:33 UTC."
        )
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise ValueError(
            f"{naive:%H:%M} came twice in {zone} on that day. Write the time in UTC: 2025-01-27 13:33 UTC."
        )
    return moment


class PartialDateInput(forms.CharField):
    """A form field for a date as far as it is known, read and shown in the zone that is active."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_length=None, strip=True, empty_value="")
        super().__init__(*args, **kwargs)
        self.widget.attrs.update({"class": "partial-date", "autocomplete": "off", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        """The partial date, or the empty text.

        Raises:
            ValidationError: it cannot be read; the message says what to write instead.
        """
        text = super().to_python(value) or ""
        if not text or isinstance(text, PartialDate):
            return text
        try:
            return read_partial_date(text, zone=timezone.get_current_timezone())
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """A date of the record in the editor's zone; what somebody typed stays as it was typed."""
        if isinstance(value, PartialDate):
            return show_partial_date(value, zone=timezone.get_current_timezone())
        return value
