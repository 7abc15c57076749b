"""Asking a WSGI application, as a server does."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers[name.lower()]


def ask(
    application: "WSGIApplication",
    address: str,
    *,
    method: str = "GET",
    extra: Mapping[str, object] | None = None,
    **headers: str,
) -> Answer:
    """Ask for an address; `Accept_Encoding="br"` sends that header, `extra` goes into the environment as it is."""
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        **(extra or {}),
    }
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, pairs: list[tuple[str, str]], exc_info: object = None, /) -> Any:
        said.append((status, pairs))

    chunks: Iterable[bytes] = application(environ, start_response)
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    status, pairs = said[-1]
    assert status.partition(" ")[2] == HTTPStatus(int(status[:3])).phrase
    named = {name.lower(): value for name, value in pairs}
    assert len(named) == len(pairs), f"A header is sent twice: {pairs}"
    return Answer(int(status[:3]), named, body)
