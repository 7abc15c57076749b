"""How much a caller may ask: by the tier of their partner for each key, by the tier `public` for each address without one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from django.conf import settings

from incidents.partners.meter.meter import the_meter
from incidents.partners.models import ApiKey

PUBLIC_TIER, COMMON_TIER = "public", "standard"
NETWORK_BITS = 64
"""Of an IPv6 address: what follows them, whoever has the network chooses freely (RFC 6177)."""

DAYS_SHOWN = 30
KEPT_SECONDS = (DAYS_SHOWN + 1) * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on requests.

    Attributes:
        tier: its name.
        quota: how many pass in one window.
        window: in seconds; it opens with the first request.
    """

    tier: str
    quota: int
    window: int

    @property
    def policy(self) -> str:
        """The limit as the header `RateLimit-Policy` says it (draft-ietf-httpapi-ratelimit-headers-10, section 3)."""
        return f'"{self.tier}";q={self.quota};w={self.window}'

    def __str__(self) -> str:
        return f"{self.quota:,} requests in {self.window} seconds"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands with a limit after a request.

    Attributes:
        limit: which holds for them.
        times: how often they have asked in this window.
        seconds_left: until the window closes, in whole seconds.
    """

    limit: Limit
    times: int
    seconds_left: int

    @property
    def is_exceeded(self) -> bool:
        """Whether this request is one too many."""
        return self.times > self.limit.quota

    @property
    def headers(self) -> dict[str, str]:
        """What an answer says about it (the same draft, sections 3 and 4; RFC 9110, section 10.2.3)."""
        left = max(0, self.limit.quota - self.times)
        said = {
            "RateLimit-Policy": self.limit.policy,
            "RateLimit": f'"{self.limit.tier}";r={left};t={self.seconds_left}',
        }
        return {**said, "Retry-After": str(self.seconds_left)} if self.is_exceeded else said


def limits() -> dict[str, Limit]:
    """Every tier of this installation, by name; none where nothing is limited."""
    return {tier: Limit(tier, quota, window) for tier, (quota, window) in settings.API_LIMITS.items()}


def limit_of(key: ApiKey | None) -> Limit | None:
    """The limit for a key, or for somebody without one. A tier that the settings know no longer counts as the common one."""
    known = limits()
    return known.get(PUBLIC_TIER) if key is None else known.get(key.partner.tier, known.get(COMMON_TIER))


def take(key: ApiKey | None, address: str) -> Standing | None:
    """Count a request, and say where the caller stands; None where no limit holds for them, or nobody can count.

    Args:
        key: the key they showed, if it opens something.
        address: the IP address they call from; where it cannot be read there is nobody to count.
    """
    limit = limit_of(key)
    name = f"key:{key.pk}" if key else _name_of(address)
    if limit is None or not name:
        return None
    counted = the_meter().count(f"{name}:{limit.window}", limit.window)
    return Standing(limit, counted.times, max(1, ceil(counted.seconds_left))) if counted else None


def note_request(key: ApiKey, on: date) -> None:
    """Count a request for what partners see of the use of their keys."""
    the_meter().count(_day(key, on), KEPT_SECONDS)


def requests_by_day(key: ApiKey, until: date) -> Mapping[date, int] | None:
    """How often a key was used on each of the last DAYS_SHOWN days, the oldest first; None while that cannot be read."""
    days = [until - timedelta(days=ago) for ago in reversed(range(DAYS_SHOWN))]
    found = the_meter().read([_day(key, day) for day in days])
    return None if found is None else {day: found.get(_day(key, day), 0) for day in days}


def _day(key: ApiKey, day: date) -> str:
    return f"use:{key.prefix}:{day.isoformat()}"


def _name_of(address: str) -> str:
    """Whom requests from an address count for. It is kept as a keyed hash: the meter needs no list of who reads."""
    try:
        caller = ip_address(address)
    except ValueError:
        return ""
    caller = getattr(caller, "ipv4_mapped", None) or caller
    whose = ip_network((caller, NETWORK_BITS), strict=False) if isinstance(caller, IPv6Address) else caller
    secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    return f"address:{hashlib.blake2b(str(whose).encode(), key=secret, digest_size=16).hexdigest()}"
