"""The archive: advisories by the year, month and day in which the incident happened, as far as that is known."""

import calendar
import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_safe

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory
from incidents.publication.occurrence import (
    count_by_day,
    count_by_month,
    in_month,
    known_to_the_year,
)
from incidents.publication.paging import BadCursor, Order, Page, cut_page
from incidents.representations.html.indexes import address
from incidents.representations.html.page import page
from incidents.vocabulary.date_words import day_of_year_in_words
from incidents.vocabulary.dates import PartialDate

BY_DATE = Order("archive", "Date of the incident", ("known_on", "public_id"), is_descending=False)
ARCHIVE_SIZE = 60
_SIZES = ((1, "3.5"), (2, "4.5"), (5, "5.5"), (15, "6.5"))  # from how many on, and the radius of the dot in pixels
_COLUMNS = 31


@dataclass(frozen=True, slots=True)
class Dot:
    """A day with advisories on the line of its month: where it lies (in per cent), how large it is, what it says."""

    day: int
    place: str
    radius: str
    text: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month on its line: the dots of its days, how many advisories, and of how many the day is not known."""

    year: int
    month: int
    name: str
    dots: tuple[Dot, ...]
    total: int
    dayless: int

    @property
    def full_name(self) -> str:
        """The month with its year."""
        return PartialDate(f"{self.year:04d}-{self.month:02d}").for_people()

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("advisories:month", args=[self.year, self.month])


@dataclass(frozen=True, slots=True)
class Year:
    """A year: how many advisories it has, and how many of each month."""

    year: int
    total: int
    months: tuple[tuple[str, str, str], ...]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("advisories:year", args=[self.year])


@dataclass(frozen=True, slots=True)
class Dated:
    """An advisory in the archive; `note` says what it is dated by where that is not the incident itself."""

    advisory: Advisory
    note: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """Advisories with the same date, as far as it is known."""

    known: str
    title: str
    listed: tuple[Dated, ...]


@require_safe
def year_list(request: HttpRequest) -> HttpResponse:
    """Every year that has advisories."""
    counts = count_by_month(PUBLIC)
    years = sorted({known[:4] for known in counts}, reverse=True)
    context = {
        "page_title": gettext("Calendar"),
        "page_description": gettext("Every advisory by the year, month and day in which the incident happened."),
        "section": "incidents",
        "canonical_path": request.path,
        "years": [_year(int(year), counts) for year in years],
    }
    return page(request, "archive/years.html", context)


@require_safe
def year_page(request: HttpRequest, year: int) -> HttpResponse:
    """A year: a line for each month with a dot for each day, and the advisories of which only the year is known."""
    counts, by_day = count_by_month(PUBLIC), count_by_day(year, PUBLIC)
    if not by_day:
        raise Http404(f"No advisory is dated {year}.")
    rows = known_to_the_year(Advisory.objects.visible_to(PUBLIC).standing(), year)
    years = sorted({int(known[:4]) for known in counts})
    context = {
        **_listing(request, rows),
        "page_title": gettext("Incidents of %(time)s") % {"time": year},
        "page_description": gettext("Advisories about incidents that happened in %(year)d, by month and day.")
        % {"year": year},
        "year": year,
        "total": sum(by_day.values()),
        "yearly": by_day.get(f"{year:04d}", 0),
        "months": [month_line(year, month, by_day) for month in range(1, 13)],
        "before": max((one for one in years if one < year), default=None),
        "after": min((one for one in years if one > year), default=None),
    }
    return page(request, "archive/year.html", context, status=400 if context["problem"] else 200)


@require_safe
def month_page(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """A month: its line, and its advisories day by day."""
    counts, by_day = count_by_month(PUBLIC), count_by_day(year, PUBLIC)
    line = month_line(year, month, by_day)
    if not line.total:
        raise Http404(f"No advisory is dated {year}-{month:02d}.")
    months = sorted(known for known in counts if len(known) == 7)
    this = f"{year:04d}-{month:02d}"
    context = {
        **_listing(request, in_month(Advisory.objects.visible_to(PUBLIC).standing(), year, month)),
        "page_title": gettext("Incidents of %(time)s") % {"time": line.full_name},
        "page_description": gettext("Advisories about incidents that happened in %(month)s, day by day.")
        % {"month": line.full_name},
        "line": line,
        "yearly": by_day.get(f"{year:04d}", 0),
        "before": _link(max((known for known in months if known < this), default="")),
        "after": _link(min((known for known in months if known > this), default="")),
    }
    return page(request, "archive/month.html", context, status=400 if context["problem"] else 200)


def month_line(year: int, month: int, by_day: dict[str, int]) -> Month:
    """A month with a dot for each of its days that has advisories."""
    known = f"{year:04d}-{month:02d}"
    days = range(1, calendar.monthrange(year, month)[1] + 1)
    counted = {day: by_day.get(f"{known}-{day:02d}", 0) for day in days}
    name, dayless = date_format(dt.date(year, month, 1), "F"), by_day.get(known, 0)
    dots = tuple(_dot(dt.date(year, month, day), count) for day, count in counted.items() if count)
    return Month(year, month, name, dots, sum(counted.values()) + dayless, dayless)


def gather_days(rows: list[Any]) -> list[Day]:
    """Rows that know their date, gathered by day; those of which the day is not known stand under their month or year."""
    grouped = groupby(rows, key=lambda row: str(row.known_on)[:10])
    return [Day(known, _title(known), tuple(Dated(row, _basis(row)) for row in found)) for known, found in grouped]


def _listing(request: HttpRequest, rows: Any) -> dict[str, object]:
    """One page of advisories by date, and what the template needs to lead to the others."""
    cursor, problem = request.GET.get("cursor", ""), ""
    found: Page[Advisory] = Page([])
    try:
        found = cut_page(rows, BY_DATE, cursor=cursor, size=ARCHIVE_SIZE)
    except BadCursor as bad:
        problem = str(bad)
    return {
        "section": "incidents",
        "canonical_path": "" if cursor else request.path,
        "robots": "noindex, follow" if cursor else "",
        "days": gather_days(found.rows),
        "first": request.path,
        "previous": address(request, found.previous),
        "next": address(request, found.next),
        "is_later": bool(cursor),
        "problem": problem,
    }


def _year(year: int, counts: dict[str, int]) -> Year:
    text = f"{year:04d}"
    months = [(number, counts.get(f"{text}-{number:02d}", 0)) for number in range(1, 13)]
    dots = tuple((_place(number, 12), _radius(count), _words(count)) for number, count in months if count)
    return Year(year, counts.get(text, 0) + sum(count for _, count in months), dots)


def _dot(day: dt.date, count: int) -> Dot:
    said = {"day": day_of_year_in_words(day), "advisories": _words(count)}
    text = pgettext("a day in the calendar", "%(day)s: %(advisories)s") % said
    return Dot(day.day, _place(day.day, _COLUMNS), _radius(count), text)


def _words(count: int) -> str:
    text = ngettext("%(number)s advisory", "%(number)s advisories", count)
    return text % {"number": number_format(count, force_grouping=True)}


def _place(number: int, columns: int) -> str:
    return f"{100 * (number - 0.5) / columns:.1f}"


def _radius(count: int) -> str:
    return [radius for least, radius in _SIZES if count >= least][-1]


def _link(known: str) -> tuple[str, str] | None:
    """The address and the name of a month."""
    if not known:
        return None
    return reverse("advisories:month", args=[int(known[:4]), int(known[5:])]), PartialDate(known).for_people()


def _title(known: str) -> str:
    text = PartialDate(known).for_people()
    match len(known):
        case 4:
            return gettext("Some time in %(year)s") % {"year": text}
        case 7:
            return gettext("In %(month)s, the day is not known") % {"month": text}
        case _:
            return text


def _basis(row: Any) -> str:
    if row.occurred_from:
        return ""
    return gettext("Dated by its disclosure.") if row.disclosed else gettext("Dated by its first release.")
