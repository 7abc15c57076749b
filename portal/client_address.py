"""Who is calling: the address of the client, seen through the proxies that we trust, and noted for the audit log."""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from incidents.audit.origin import acting_from

Network = IPv4Network | IPv6Network


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
    """The address nearest to us in `chain` (client first, nearest proxy last) that is no trusted proxy of ours."""
    addresses = [entry.strip() for entry in chain if is_address(entry.strip())]
    for address in reversed(addresses):
        if not is_within(address, trusted):
            return address
    return addresses[0] if addresses else ""


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_within(text: str, networks: list[Network]) -> bool:
    """Whether `text` is an address inside one of `networks`."""
    return is_address(text) and any(ip_address(text) in network for network in networks)
