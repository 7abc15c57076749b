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
        "Webhooks: `/api/v1/webhooks/` with the scope `webhooks`. Messages are signed by the Standard Webhooks scheme.",
    ),
    ApiChange(
        dt.date(2026, 11, 27),
        Effect.ADDED,
        "`POST /api/v1/submissions/` takes proposed incidents, with the scope `submit` and an `Idempotency-Key`.",
    ),
    ApiChange(
        dt.date(2026, 11, 27),
        Effect.ADDED,
        "`changes` takes `wait` and answers as soon as there is something; `/api/v1/changes/stream/` sends events. The problem "
        "`history-replaced` (409) says that the portal was restored from an older backup.",
    ),
    ApiChange(
        dt.date(2026, 11, 27),
        Effect.ADDED,
        "Exports in four formats and under two compressions, for each clearance; every release as `….stix.json`.",
    ),
    ApiChange(
        dt.date(2026, 11, 27),
        Effect.ADDED,
        "OpenAPI 3.1 at `/api/schema/`, to read and to try at `/api/docs/`.",
    ),
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
