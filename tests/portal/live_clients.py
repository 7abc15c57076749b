"""Servers with those who wait, and clients of their streams."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from portal.start.processes import THRIFT, server_command
from tests.portal.test_fastlane_server import stop
from tests.run.checks import ROOT
from tests.run.ports import await_port, free_port

ATTEMPTS = 20
CHANGES, STREAM = "/api/v1/changes/", "/api/v1/changes/stream/"


@dataclass
class Server:
    """A server that can be started anew at the same port."""

    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    workers: int = 1

    def start(self) -> None:
        """Start it."""
        command = server_command(host="127.0.0.1", port=self.port, workers=self.workers)
        environment = {**self.environment, **THRIFT}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        await_port(self.port, self.process)

    def kill(self) -> None:
        """End it and its workers without a warning."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(environment: dict[str, str], *, workers: int = 1, **settings: str) -> Iterator[Server]:
    """A server that believes what X-Forwarded-For says of the client, so that clients can have addresses of their own."""
    server = Server({**environment, "TRUSTED_PROXIES": "127.0.0.1", **settings}, workers=workers)
    server.start()
    try:
        yield server
    finally:
        stop(server.process)


@dataclass
class Asked:
    """A request in a thread of its own: the answer, and how many seconds it took."""

    status: int = 0
    body: bytes = b""
    seconds: float = 0.0
    thread: threading.Thread = field(default_factory=threading.Thread)

    def result(self) -> Any:
        """What the answer says."""
        self.thread.join(90)
        return json.loads(self.body)


def connect(port: int, path: str, *, address: str = "192.0.2.1", **headers: str) -> http.client.HTTPConnection:
    """A connection on which this was asked, by a client at this address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"X-Forwarded-For": address, **named})
    return connection


def refusal(port: int, path: str, **headers: str) -> tuple[int, str, str]:
    """How a request is refused: the status, the kind of problem, and when to try again."""
    with closing(connect(port, path, **headers)) as connection:
        response = connection.getresponse()
        kind = json.loads(response.read())["type"].rstrip("/").rpartition("/")[2]
        return response.status, kind, response.headers.get("Retry-After", "")


def ask(port: int, path: str, **headers: str) -> Asked:
    """Ask, and go on meanwhile."""
    asked = Asked()

    def run() -> None:
        begun = time.monotonic()
        with closing(connect(port, path, **headers)) as connection:
            response = connection.getresponse()
            asked.status, asked.body = response.status, response.read()
        asked.seconds = time.monotonic() - begun

    asked.thread = threading.Thread(target=run, daemon=True)
    asked.thread.start()
    return asked


class Listener:
    """A client of the stream, as a browser is one: it keeps the id of the last event, and can connect anew."""

    def __init__(self, port: int, *, address: str = "192.0.2.1", key: str = "", **parameters: str) -> None:
        self.port = port
        self.path = f"{STREAM}?{urlencode(parameters)}" if parameters else STREAM
        self.headers = {"address": address} | ({"Authorization": f"Bearer {key}"} if key else {})
        self.last_id = ""
        self.raw = b""
        self.told: list[tuple[Any, float]] = []
        self.connect()

    def connect(self) -> None:
        """Connect, with patience, from the last event on if there was one, and listen."""
        more = {"Last_Event_ID": self.last_id} if self.last_id else {}
        for _ in range(ATTEMPTS):
            try:
                self.connection = connect(self.port, self.path, **self.headers, **more)
                self.socket = self.connection.sock
                self.response = self.connection.getresponse()
                break
            except (http.client.HTTPException, OSError):  # a server that just starts; a browser tries again too
                self.connection.close()
                time.sleep(0.5)
        self.thread = threading.Thread(target=self._listen, args=(self.connection, self.response), daemon=True)
        self.thread.start()

    def names(self) -> list[tuple[str, int]]:
        """The releases told."""
        return [(one["id"], one["number"]) for one, _ in self.told]

    def is_let_in(self) -> bool:
        """Whether there was a place; else it tries again."""
        if self.response.status != HTTPStatus.OK:
            self.connect()
        return self.response.status == HTTPStatus.OK

    def _listen(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> None:
        last_id, data = "", b""
        try:
            while line := response.readline():
                self.raw += line
                name, _, value = line.rstrip(b"\n").partition(b": ")
                if name == b"id":
                    last_id = value.decode()
                elif name == b"data":
                    data = value
                elif not line.strip():
                    self.last_id = last_id or self.last_id
                    if data:
                        self.told.append((json.loads(data), time.monotonic()))
                    data = b""
        except (http.client.HTTPException, OSError):
            pass  # cut off
        finally:
            response.close()
            connection.close()

    def hang_up(self) -> None:
        """Go away without a word."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)


def until(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
