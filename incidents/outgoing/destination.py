"""Reading an address that somebody gave us: one spelling for one thing, everything odd refused."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from incidents.outgoing.addresses import Address, Network, is_reachable

LONGEST_URL = 1000
PORTS = {"https": 443, "http": 80}
LOWEST_FREE_PORT = 1024
"""Ports below belong to mail, file sharing, directories and the like, which an HTTP request may be mistaken at."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PLAIN = re.compile(r"[!-\[\]-~]+")


class Refused(Exception):
    """A request will not be made: its address leads where requests may not go, or is none. The text says why, for whoever
    gave the address."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request goes.

    Attributes:
        is_secure: whether by TLS.
        host: a name in lower case, or an IP address without brackets.
        literal: that IP address, where the host is one.
        port: to connect to.
        target: path and query, as the request line has them.
    """

    is_secure: bool
    host: str
    literal: Address | None
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the header `Host` says (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return host if self.port == PORTS["https" if self.is_secure else "http"] else f"{host}:{self.port}"


def read_destination(url: str) -> Destination:
    """Where an address leads, as far as its text tells; the name is not looked up.

    Raises:
        Refused: it is not an address we send to. There is one way to write each: no name and password, no number for an
            IP address but the usual one, no fragment, nothing outside ASCII.
    """
    if not url or len(url) > LONGEST_URL:
        raise Refused(f"Give an address of at most {LONGEST_URL} characters.")
    if not _PLAIN.fullmatch(url):
        raise Refused(
            "An address has no spaces, backslashes or letters outside ASCII; write a name such as bücher.example as xn--…."
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("This is no address such as https://soc.example.org/hooks.") from None
    scheme = parts.scheme
    if scheme not in (("https", "http") if settings.OUTGOING_ALLOW_HTTP else ("https",)):
        raise Refused(f"Give an address that begins with https://, not {scheme[:20] or 'nothing'}://.")
    if "@" in parts.netloc:
        raise Refused("Leave name and password out of the address: the signature says who is calling.")
    if "#" in url:
        raise Refused("Leave out “#” and what follows: it is never sent.")
    host, literal = _read_host(parts.netloc, parts.hostname or "")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(scheme == "https", host, literal, _read_port(scheme, port), target)


def allowed_networks() -> list[Network]:
    """The networks that the setting OUTGOING_ALLOW lets requests go to, though they are not public."""
    return [ip_network(text) for text in settings.OUTGOING_ALLOW]


def _read_port(scheme: str, given: int | None) -> int:
    port = PORTS[scheme] if given is None else given
    if port not in PORTS.values() and port < LOWEST_FREE_PORT:
        raise Refused(f"Port {port} is not for HTTP: use 443, or one from {LOWEST_FREE_PORT} on.")
    return port


def _read_host(netloc: str, host: str) -> tuple[str, Address | None]:
    if netloc.startswith("["):
        literal: Address | None = _address(IPv6Address, host)
        if literal is None or "%" in host:
            raise Refused(f"[{host}] is no IPv6 address.")
    else:
        literal = _address(IPv4Address, host)
        labels = host.split(".")
        if literal is None and (not all(map(_LABEL.fullmatch, labels)) or _NUMBER.fullmatch(labels[-1])):
            raise Refused(f"“{host}” is no host: write a name, or an IP address as 203.0.113.7 or [2001:db8::7].")
        if len(host) > 253:
            raise Refused("The name of the host is too long.")
    if literal is not None and not is_reachable(literal, allowed_networks()):
        raise Refused(f"{host} is not an address of the public Internet.")
    return host, literal


def _address(kind: type[IPv4Address] | type[IPv6Address], text: str) -> Address | None:
    try:
        return kind(text)
    except ValueError:
        return None
