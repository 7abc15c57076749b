"""From the name of a host to addresses that may be reached. A name is looked up once; what is checked is what is connected to."""

import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from incidents.outgoing.addresses import Address, is_reachable
from incidents.outgoing.destination import Destination, Refused, allowed_networks

MOST_ADDRESSES = 4
Resolver = Callable[[str], Sequence[str]]
"""Gives the IP addresses of a name; raises OSError where there are none."""


class Failed(Exception):
    """A request was made, or begun, and there is no answer. The text says why, for whoever receives such requests."""


def ask_system(name: str) -> list[str]:
    """What the system's resolver says, which knows DNS and the hosts file."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def reachable_addresses(destination: Destination, *, resolve: Resolver, deadline: float) -> list[Address]:
    """The addresses to connect to, in the order to try them.

    Args:
        destination: where a request goes.
        resolve: looks names up.
        deadline: when to give up, by the monotonic clock.

    Raises:
        Refused: a name leads to an address that may not be reached; one such among others is enough.
        Failed: the name is not known, or was not answered in time.
    """
    if destination.literal is not None:
        return [destination.literal]
    allowed = allowed_networks()
    texts = _look_up(destination.host, resolve, deadline)
    addresses = [ip_address(text) for text in texts[:MOST_ADDRESSES]]
    for address in map(ip_address, texts):
        if not is_reachable(address, allowed):
            raise Refused(f"{destination.host} leads to {address}, which is not an address of the public Internet.")
    return addresses


def _look_up(name: str, resolve: Resolver, deadline: float) -> Sequence[str]:
    """Ask in a thread of its own: the system's resolver cannot be told when to stop."""
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(name))
        except (OSError, UnicodeError) as fault:
            answers.put(OSError(str(fault)))

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        found = answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise Failed(f"The name {name} was not answered in time.") from None
    if isinstance(found, OSError) or not found:
        raise Failed(f"The name {name} is not known.")
    return found
