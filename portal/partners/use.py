"""What partners see of the use of their keys: requests by day, as a small drawing and as a table that says the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from incidents.partners.limits import requests_by_day
from incidents.partners.models import ApiKey

HEIGHT = 40
STEP = 10
BAR = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """One day in the drawing, in its own units."""

    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class KeyUse:
    """The use of one key.

    Attributes:
        key: which.
        days: how many requests on each day, the oldest first; None where that cannot be read now.
    """

    key: ApiKey
    days: dict[date, int] | None

    @property
    def total(self) -> int:
        """Requests on all these days."""
        return sum((self.days or {}).values())

    @property
    def today(self) -> int:
        """Requests on the last of them."""
        return [0, *(self.days or {}).values()][-1]

    @property
    def most(self) -> int:
        """Requests on the busiest of them."""
        return max((self.days or {}).values(), default=0)

    @property
    def bars(self) -> list[Bar]:
        """The drawing: a bar for each day, the busiest as high as there is room; a day without any has none."""
        found = []
        for place, times in enumerate((self.days or {}).values()):
            height = round(HEIGHT * times / self.most, 1) if self.most else 0.0
            if times:
                found.append(Bar(place * STEP, round(HEIGHT - max(height, 1.0), 1), max(height, 1.0)))
        return found

    @property
    def width(self) -> int:
        """Of the drawing."""
        return len(self.days or {}) * STEP - (STEP - BAR)


def uses(keys: Iterable[ApiKey], until: date) -> list[KeyUse]:
    """The use of each key."""
    found = []
    for key in keys:
        days = requests_by_day(key, until)
        found.append(KeyUse(key, None if days is None else dict(days)))
    return found
