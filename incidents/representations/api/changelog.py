"""What changed for those who use the API, as data: `/api/changelog/` shows it. Add to the top whatever a program could notice."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a change asks of programs."""

    ADDED = "Added"
    CHANGED = "Changed"
    DEPRECATED = "Deprecated"
    REMOVED = "Removed"


@dataclass(frozen=True, slots=True)
class ApiChange:
    """A change of the API.

    Attributes:
        on: the day from which it holds.
        effect: what it asks of programs.
        what: what changed, in a sentence or two; paths and names stand between backticks.
    """

    on: dt.date
    effect: Effect
    what: str


API_CHANGES = (
    ApiChange(
        dt.date(2026, 11, 27),
        Effect.ADDED,
        "Keys for partners: `Authorization: Bearer`, or Basic with the key as password, shows what your clearance allows. "
        "Members manage their keys at `/partners/`.",
    ),
    ApiChange(
        dt.date(2026, 11, 27),
        Effect.ADDED,
        "Limits on requests, with the headers `RateLimit` and `RateLimit-Policy` in answers, and the problem `rate-limited` "
        "(429) with `Retry-After`. `/.well-known/api-policy.json` says which limits hold.",
    ),
    ApiChange(
        dt.date(2026, 11, 27),
        Effect.ADDED,
        "The first version, `/api/v1/`: advisories and their releases, `changes`, `exports`, `facets` and the catalogue.",
    ),
)
"""The newest first."""
