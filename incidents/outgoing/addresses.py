"""Which addresses of the network may be reached: the public Internet, and what a setting allows besides."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_BESIDES = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network (RFC 1122); some systems take 0.0.0.0 for themselves
        "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); the metadata service of one cloud is there
        "168.63.129.16/32",  # public by its number, and the host of every machine in one cloud
        "192.0.0.0/24",  # protocol assignments (RFC 6890); the metadata service of another cloud is there
        "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
        "198.18.0.0/15",  # benchmarks (RFC 2544)
        "240.0.0.0/4",  # reserved (RFC 1112)
        "::/96",  # IPv4-compatible (RFC 4291, section 2.5.5.1)
        "64:ff9b::/96",  # NAT64 (RFC 6052): an IPv4 address in disguise
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "100::/64",  # discarded (RFC 6666)
        "2001::/23",  # protocol assignments, Teredo among them (RFC 4380)
        "2002::/16",  # 6to4 (RFC 3056): an IPv4 address in disguise
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
        "fec0::/10",  # site-local (RFC 3879)
    )
)
"""What Python's `is_global` lets pass, in one version or another, and nobody receives webhooks at."""


def is_reachable(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether a request may go to an address: a public one, or one in the networks that are allowed besides.

    An IPv4 address that is written as an IPv6 one (`::ffff:127.0.0.1`) counts as what it is.
    """
    plain: Address = (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
    if any(plain in network for network in allowed):
        return True
    if isinstance(plain, IPv6Address) and plain.scope_id:
        return False
    if not plain.is_global or plain.is_multicast or plain.is_reserved:
        return False
    return not any(plain in network for network in _REFUSED_BESIDES)
