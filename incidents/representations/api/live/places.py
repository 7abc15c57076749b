"""Places to wait: so many in a process, and no more than a share of them for one caller."""

import threading
from collections import Counter
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from rest_framework.request import Request

from incidents.representations.api.caller import Caller

SHARE = 4
"""One caller has at most the fourth part of the places."""
IPV6_NETWORK = 64
"""In bits: what one customer is usually given, who can call from each address in it."""


class Places:
    """The places of this process. LIVE_FOLLOWERS says how many there are."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken: Counter[str] = Counter()

    def take(self, holder: str) -> "Place | None":
        """A place for somebody; None if all are taken, or they have their share."""
        most: int = settings.LIVE_FOLLOWERS
        with self.lock:
            if self.taken.total() >= most or self.taken[holder] >= max(1, most // SHARE):
                return None
            self.taken[holder] += 1
        return Place(self, holder)

    def leave(self, holder: str) -> None:
        """Somebody waits no more."""
        with self.lock:
            self.taken[holder] -= 1
            self.taken += Counter()  # keeps only those who still have a place


class Place:
    """A place that somebody has, until they leave it."""

    def __init__(self, places: Places, holder: str) -> None:
        self.places = places
        self.holder = holder
        self.is_taken = True

    def leave(self) -> None:
        """Let somebody else have it. Doing so again does nothing."""
        if self.is_taken:
            self.is_taken = False
            self.places.leave(self.holder)


def holder_of(request: Request, caller: Caller) -> str:
    """Who it is whose places are counted together: a partner, or the network of somebody in public."""
    if caller.key is not None:
        return f"partner {caller.key.partner_id}"
    told = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(told)
    except ValueError:
        return str(told)
    return str(ip_network((address, IPV6_NETWORK), strict=False)) if isinstance(address, IPv6Address) else str(address)


PLACES = Places()
