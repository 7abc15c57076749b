"""Which ninety days the line of a service shows: those up to today, or up to a day that the reader chose."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext

from incidents.representations.html.service_spells import Spell

DAYS = 90
EARLIEST = dt.date(1990, 1, 1)
_AFTERWARDS = dt.timedelta(days=30)
"""How much of the time after an incident is shown where a link leads to it."""


class UnreadableDayError(Exception):
    """A day that cannot be shown; its words are for the reader."""


@dataclass(frozen=True, slots=True)
class Window:
    """Ninety days in UTC.

    Attributes:
        last: the last of them.
        today: the day on which they are looked at.
    """

    last: dt.date
    today: dt.date

    @property
    def begins(self) -> dt.datetime:
        """Its first instant."""
        return _midnight(self.last) - dt.timedelta(days=DAYS - 1)

    @property
    def ends(self) -> dt.datetime:
        """The first instant after it."""
        return _midnight(self.last) + dt.timedelta(days=1)

    @property
    def is_now(self) -> bool:
        """Whether it is the time up to today."""
        return self.last == self.today

    @property
    def earlier(self) -> str:
        """The address of the ninety days before; empty where that is too long ago."""
        last = self.begins.date() - dt.timedelta(days=1)
        return self.address(last) if last >= EARLIEST else ""

    @property
    def later(self) -> str:
        """The address of the ninety days after; empty where they are not over yet."""
        last = self.last + dt.timedelta(days=DAYS)
        return self.address(last) if last < self.today else ""

    def around(self, spell: Spell) -> str:
        """The address of ninety days in which a spell lies, or at least its end."""
        return self.address(spell.ends.date() + _AFTERWARDS)

    def address(self, last: dt.date) -> str:
        """The address of the ninety days up to a day, relative to the service's page; `.` for those up to today."""
        return f"?{urlencode({'until': last.isoformat()})}" if last < self.today else "."

    def begins_after(self, spells: Iterable[Spell]) -> bool:
        """Whether any of the spells began before it."""
        return any(spell.begins < self.begins for spell in spells)

    def last_before(self, spells: Iterable[Spell]) -> Spell | None:
        """The spell that ended last before the window begins."""
        return max((spell for spell in spells if spell.ends < self.begins), key=lambda spell: spell.ends, default=None)


def read_window(until: str, today: dt.date) -> Window:
    """The window up to a day as an address names it, such as `2025-03-31`; up to today where it names none.

    Raises:
        UnreadableDayError: it is no day, lies in the future or too long ago.
    """
    if not until:
        return Window(today, today)
    try:
        last = dt.date.fromisoformat(until)
    except ValueError:
        raise UnreadableDayError(gettext("The last of the 90 days has to be a day such as 2025-03-31.")) from None
    if not EARLIEST <= last <= today:
        limit = gettext("The last of the 90 days has to lie between %(year)s and today.")
        raise UnreadableDayError(limit % {"year": EARLIEST.year})
    return Window(last, today)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
