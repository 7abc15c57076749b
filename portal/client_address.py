"""Who is calling: the address of the client, seen through the proxies that we trust, and noted for the audit log."""

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from incidents.audit.origin import acting_from

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# `203.0.113.7`, `203.0.113.7:51234`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`, each perhaps in quotes
ENTRY = re.compile(
    r'(?P<quote>"?)'
    r"(?:\[(?P<bracketed>[0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|(?P<with_port>[0-9.]+):[0-9]{1,5}|(?P<plain>[0-9A-Fa-f:.]+))"
    r"(?P=quote)"
)


class ClientAddressMiddleware:
    """Puts the client's own address into REMOTE_ADDR, and marks every act of the request as coming from it.

    `X-Forwarded-For` and `X-Forwarded-Proto` count only when the connection comes from one of TRUSTED_PROXIES;
    from anybody else they are removed, so that nobody can claim another address or a secure connection.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = read_networks(settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under the client's address."""
        peer = request.META.get("REMOTE_ADDR", "")
        if is_within(peer, self.trusted):
            chain = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), peer]
            request.META["REMOTE_ADDR"] = client_of(chain, trusted=self.trusted)
        else:
            request.META.pop("HTTP_X_FORWARDED_FOR", None)
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        with acting_from(request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)


def read_networks(entries: list[str]) -> list[Network]:
    """The networks that `entries` name, each an address or a network such as `10.0.0.0/8`.

    Raises:
        ValueError: an entry is neither.
    """
    return [ip_network(entry, strict=False) for entry in entries]


def client_of(chain: list[str], *, trusted: list[Network]) -> str:
    """The address nearest to us in `chain` (client first, nearest proxy last) that is no trusted proxy of ours.

    Each proxy vouches for the entry before its own. So nothing counts behind one that cannot be read: whoever wrote it
    may have written all that stands before it. The last proxy of ours then stands for the client.
    """
    nearest = ""
    for entry in reversed(chain):
        address = read_address(entry)
        if address is None:
            break
        nearest = str(address)
        if not is_within(nearest, trusted):
            break
    return nearest


def read_address(entry: str) -> Address | None:
    """The address in an entry of `X-Forwarded-For`, which may have a port, brackets and quotes; None for anything else."""
    spelled = ENTRY.fullmatch(entry.strip())
    if spelled is None:
        return None
    try:
        address = ip_address(spelled["bracketed"] or spelled["with_port"] or spelled["plain"])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_within(text: str, networks: list[Network]) -> bool:
    """Whether `text` is an address inside one of `networks`."""
    address = read_address(text)
    return address is not None and any(address in network for network in networks)
