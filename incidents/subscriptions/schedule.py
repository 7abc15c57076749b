"""When to try again, when to let an endpoint rest, and when to give up."""

import datetime as dt
import random
import re

from django.conf import settings

UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
JITTER = 0.2
FAILURES_BEFORE_REST = 5
FIRST_REST = dt.timedelta(seconds=30)
LONGEST_REST = dt.timedelta(hours=1)
LONGEST_RETRY_AFTER = dt.timedelta(hours=6)

_PAUSE = re.compile(r"([0-9]{1,6})([smh])")


def read_pause(text: str) -> dt.timedelta:
    """A pause as the settings write it: `5s`, `10m`, `2h`.

    Raises:
        ValueError: it is none.
    """
    found = _PAUSE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"“{text}” is no time such as 30s, 10m or 2h.")
    return dt.timedelta(**{UNITS[found[2]]: int(found[1])})


def pause_after(attempts: int, *, retry_after: str = "") -> dt.timedelta | None:
    """How long to wait after so many attempts; None where it was the last.

    Args:
        attempts: how many there were.
        retry_after: what the receiver said (RFC 9110, section 10.2.3), in seconds; heeded where it is longer.
    """
    pauses = settings.WEBHOOK_RETRIES
    if attempts > len(pauses):
        return None
    pause = read_pause(pauses[attempts - 1]) * (1 + random.uniform(-JITTER, JITTER))  # noqa: S311  spreads load
    if retry_after.isascii() and retry_after.isdigit():
        pause = max(pause, min(dt.timedelta(seconds=int(retry_after[:9])), LONGEST_RETRY_AFTER))
    return pause


def rest_after(failures: int) -> dt.timedelta | None:
    """How long an endpoint rests after so many failures in a row, whatever else waits for it; None for too few of them.

    Then one message goes to see how it is (a circuit breaker that is half open)."""
    beyond = failures - FAILURES_BEFORE_REST
    if beyond < 0:
        return None
    rest: dt.timedelta = min(FIRST_REST * 2 ** min(beyond, 10), LONGEST_REST)
    return rest * (1 + random.uniform(-JITTER, JITTER))  # noqa: S311  spreads load
