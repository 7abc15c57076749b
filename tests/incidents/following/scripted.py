"""A small HTTP server that answers what a test has written down for it, one answer after the other."""

import hashlib
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple


class Reply(NamedTuple):
    """What is answered: a status, a body, and headers."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = {}
    cut: int = 0
    """How many bytes at the end of the body are promised and not sent."""


class Script:
    """What to answer: what stands for a path in `at`, else one reply after the other, the last again. And what was asked, with
    what stood in `Authorization`.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.replies: list[Reply] = []
        self.at: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.keys: list[str | None] = []

    def next(self, path: str) -> Reply:
        """The reply to the next request."""
        self.asked.append(path)
        if path in self.at:
            return self.at[path]
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def scripted_server() -> Iterator[Script]:
    """A server that is gone afterwards."""
    script = Script("")
    with answering(script) as server:
        script.address = f"http://127.0.0.1:{server.server_port}"
        yield script


@contextmanager
def encrypted_server(script: Script, certificate: Path) -> Iterator[str]:
    """The address of a server that answers the same by TLS, with the certificate and the key in a file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with answering(script, context) as server:
        yield f"https://127.0.0.1:{server.server_port}/"


@contextmanager
def answering(script: Script, context: ssl.SSLContext | None = None) -> Iterator[ThreadingHTTPServer]:
    """A server at work."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script.keys.append(self.headers["Authorization"])
            reply = script.next(self.path)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) - reply.cut])

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with Server(("127.0.0.1", 0), Answering) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Server(ThreadingHTTPServer):
    """A server that says nothing of clients that go away."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


def index(name: str = "https://advisories.example.org") -> Reply:
    """The index of the API of a portal that calls itself by this name."""
    return Reply(body=json.dumps({"changes": f"{name}/api/v1/changes/"}).encode())


def told(public_id: str, number: int = 1, event: str = "created", **more: object) -> dict[str, object]:
    """A release as `changes` tells it."""
    document = {"id": public_id, "number": number}
    values = {"kind": "initial", "significance": "material", "reason": "", "released_at": "2025-01-27T13:33:00Z"}
    sha256 = hashlib.sha256(json.dumps(document, separators=(",", ":")).encode()).hexdigest()
    rest = {"tlp": "clear", "changed": [], "merged_into": "", "sha256": sha256, "document": document}
    return {"id": public_id, "number": number, "event": event, **values, **rest, **more}


def changes(*rows: dict[str, object], after: str = "cursor", end: bool = True) -> Reply:
    """A page of `changes`."""
    return Reply(body=json.dumps({"data": rows, "next": after, "end": end}, separators=(",", ":")).encode())


def slim(*rows: dict[str, object], after: str = "cursor", end: bool = True) -> Reply:
    """A page of `changes` without documents."""
    return changes(*({k: v for k, v in row.items() if k != "document"} for row in rows), after=after, end=end)


def problem(status: int, name: str, title: str) -> Reply:
    """An error of the API."""
    kind = f"https://advisories.example.org/api/problems/{name}/"
    return Reply(status, json.dumps({"type": kind, "title": title, "status": status, "detail": "So it is."}).encode())
