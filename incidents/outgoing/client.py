"""One request to elsewhere, and its answer: to a checked address, within a time, up to a length, following nothing.

Python's own `http.client` does the talking; what is ours is where it connects to and when it stops. A proxy named in the
environment is not asked, because what it would connect to could not be checked.
"""

import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from incidents.outgoing.addresses import Address
from incidents.outgoing.destination import Destination, read_destination
from incidents.outgoing.resolving import Failed, Resolver, ask_system, reachable_addresses

MOST_BYTES = 2048
MOST_HEADERS = 50
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: by their names in lower case; the first of several; cut where they are long.
        body: its beginning.
        is_cut: whether there was more of it.
        address: of the network, that answered.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool
    address: str


def secure_context() -> ssl.SSLContext:
    """Certificates verified, for the name asked for, from TLS 1.2 on."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests.

    Attributes:
        seconds: in which a request has its answer, from looking up the name to the last byte.
        most_bytes: how much of a body is read; the rest is not waited for.
        resolve: looks names up.
        tls: how connections are secured.
    """

    seconds: float
    most_bytes: int = MOST_BYTES
    resolve: Resolver = ask_system
    tls: ssl.SSLContext = field(default_factory=secure_context)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body, once. Redirects are answers like others (INV-OUT).

        Raises:
            Refused: the address may not be reached, or is none.
            Failed: there was no answer, or none that can be understood, in time.
        """
        deadline = time.monotonic() + self.seconds
        destination = read_destination(url)
        addresses = reachable_addresses(destination, resolve=self.resolve, deadline=deadline)
        connection = _Connection(destination, addresses, deadline, self.tls)
        try:
            connection.putrequest("POST", destination.target, skip_host=True, skip_accept_encoding=True)
            sent = {"Host": destination.authority, "Connection": "close", "Content-Length": str(len(body)), **headers}
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            return self._read(connection.getresponse(), connection.address)
        except TimeoutError:
            raise Failed(f"No answer within {self.seconds:g} seconds.") from None
        except ssl.SSLCertVerificationError as fault:
            raise Failed(f"The certificate of {destination.host} is not valid: {fault.verify_message}.") from None
        except (OSError, HTTPException, ValueError) as fault:
            raise Failed(f"The connection failed: {_printable(str(fault)) or type(fault).__name__}.") from None
        finally:
            connection.hang_up()

    def _read(self, response: HTTPResponse, address: str) -> Answer:
        try:
            body = response.read(self.most_bytes + 1)
        except (OSError, HTTPException):
            body = b""  # the status has come, which is what counts
        headers: dict[str, str] = {}
        for name, value in response.getheaders()[:MOST_HEADERS]:
            headers.setdefault(_printable(name.lower()), _printable(value))
        is_cut = len(body) > self.most_bytes
        return Answer(response.status, headers, body[: self.most_bytes], is_cut, address)


class _Connection(HTTPConnection):
    """A connection to one of some addresses that were checked, under the name that was asked for."""

    sock: Any

    def __init__(
        self, destination: Destination, addresses: list[Address], deadline: float, tls: ssl.SSLContext
    ) -> None:
        super().__init__(destination.host, destination.port)
        self.destination, self.addresses, self.deadline, self.tls = destination, addresses, deadline, tls
        self.address = ""
        self.inner: socket.socket | None = None

    def connect(self) -> None:
        """Connect, and shake hands where it is TLS: the certificate has to be one for the name (RFC 9110, section 4.3.4)."""
        self.inner = self._connect_to_first()
        if self.destination.is_secure:
            self.inner.settimeout(_left(self.deadline))
            self.inner = self.tls.wrap_socket(self.inner, server_hostname=self.destination.host)
        self.sock = _Timed(self.inner, self.deadline)

    def hang_up(self) -> None:
        """End the connection."""
        if self.inner is not None:
            self.inner.close()

    def _connect_to_first(self) -> socket.socket:
        fault = OSError("no address")
        for tried, address in enumerate(self.addresses, 1):
            # Each address has its share of the time, so that a dead one leaves some for the next.
            share = _left(self.deadline) / (len(self.addresses) - tried + 1)
            try:
                found = socket.create_connection((str(address), self.destination.port), timeout=share)
            except OSError as refusal:
                fault = refusal
            else:
                self.address = str(address)
                return found
        raise fault


class _Timed:
    """A socket whose every read and write ends at one deadline: a peer that sends a byte a second gains nothing by it."""

    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self.inner, self.deadline = inner, deadline

    def sendall(self, content: bytes) -> None:
        """Send it all."""
        self.inner.settimeout(_left(self.deadline))
        self.inner.sendall(content)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What is read from it."""
        return io.BufferedReader(_Reading(self.inner, self.deadline))

    def close(self) -> None:
        """Nothing: `http.client` closes before the body has been read; see `hang_up`."""


class _Reading(io.RawIOBase):
    def __init__(self, inner: socket.socket, deadline: float) -> None:
        super().__init__()
        self.inner, self.deadline = inner, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.inner.settimeout(_left(self.deadline))
        return self.inner.recv_into(buffer)


def _printable(text: str) -> str:
    """What strangers say, cut, and without signs that a log or a database stumbles over."""
    return "".join(sign for sign in text if sign.isprintable())[:LONGEST_TEXT]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
