"""Receivers in this process, and a courier that works in turns."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from incidents.outgoing.client import Client
from incidents.subscriptions.courier import Courier


@dataclass
class Heard:
    """One message as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A receiver on the loopback that answers with the statuses it is given, one after the other, the last for ever.

    Attributes:
        statuses: to answer with.
        heard: what came in.
        stall: seconds before each answer.
        headers: of each answer.
    """

    statuses: list[int] = field(default_factory=lambda: [204])
    heard: list[Heard] = field(default_factory=list)
    stall: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""

    @property
    def ids(self) -> list[str]:
        """The `webhook-id` of each message."""
        return [one.headers["webhook-id"] for one in self.heard]


@pytest.fixture
def receivers(settings: Any) -> Iterator[Callable[[], Receiver]]:
    """Start receivers; requests to the loopback are allowed."""
    settings.OUTGOING_ALLOW, settings.OUTGOING_ALLOW_HTTP = ["127.0.0.0/8"], True
    servers: list[ThreadingHTTPServer] = []

    def start() -> Receiver:
        receiver = Receiver()

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.heard.append(Heard(self.path, headers, body))
                time.sleep(receiver.stall)
                status = receiver.statuses.pop(0) if len(receiver.statuses) > 1 else receiver.statuses[0]
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if status >= 300:
                    self.wfile.write(b"no \x00 thanks")

            def log_message(self, *_: object) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        return receiver

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def receiver(receivers: Callable[[], Receiver]) -> Receiver:
    """One of them."""
    return receivers()


@pytest.fixture
def deliver() -> Iterator[Callable[..., None]]:
    """Let a courier take turns until it has nothing to do; `seconds` is the time a receiver has."""
    with ThreadPoolExecutor(max_workers=4) as pool:

        def run(*, seconds: float = 5.0) -> None:
            courier = Courier(Client(seconds=seconds))
            courier.turn(pool)
            while courier.in_flight:
                time.sleep(0.01)
                courier.turn(pool)

        yield run
