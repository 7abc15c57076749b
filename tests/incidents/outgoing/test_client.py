"""INV-OUT: where the client really connects to, and when it stops. Real sockets; names are looked up in a table of ours."""

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from incidents.outgoing.client import Client, secure_context
from incidents.outgoing.destination import Refused
from incidents.outgoing.resolving import Failed

Serve = Callable[..., int]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def serve(settings: Any) -> Iterator[Serve]:
    """Start a server on the loopback that answers connections by a function; its port. It may be connected to."""
    settings.OUTGOING_ALLOW, settings.OUTGOING_ALLOW_HTTP = ["127.0.0.0/8"], True
    listeners: list[socket.socket] = []

    def start(answer: Callable[[socket.socket], None], *, address: str = "127.0.0.1", port: int = 0) -> int:
        listener = socket.create_server((address, port))
        listeners.append(listener)

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    try:
                        answer(peer)
                    except OSError:
                        continue

        threading.Thread(target=accept, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def say(content: bytes, heard: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    """Read a request, and answer with these bytes."""

    def answer(peer: socket.socket) -> None:
        request = peer.recv(65536)
        while b"\r\n\r\nbody" not in request:
            request += peer.recv(65536)
        if heard is not None:
            heard.append(request)
        peer.sendall(content)

    return answer


def client(seconds: float = 5.0, **names: str) -> Client:
    """A client for which names lead where we say; dots in names are written as underscores."""
    table = {name.replace("_", "."): addresses.split() for name, addresses in names.items()}
    return Client(seconds=seconds, resolve=lambda name: table.get(name, []))


def test_a_body_arrives_with_the_name_that_was_asked_for(serve: Serve) -> None:
    heard: list[bytes] = []
    port = serve(say(OK, heard))

    answer = client(soc_example="127.0.0.1").post(f"http://soc.example:{port}/a?b", b"body", {"webhook-id": "msg_1"})

    assert (answer.status, answer.body, answer.is_cut, answer.address) == (200, b"ok", False, "127.0.0.1")
    head = heard[0].decode().split("\r\n")
    assert head[:2] == ["POST /a?b HTTP/1.1", f"Host: soc.example:{port}"]
    assert {"Content-Length: 4", "webhook-id: msg_1", "Connection: close"} < set(head)


@pytest.mark.parametrize("addresses", ["10.0.0.1", "8.8.8.8 10.0.0.1", "::1", "169.254.169.254", "::ffff:192.168.0.1"])
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(serve: Serve, addresses: str) -> None:
    with pytest.raises(Refused, match="not an address of the public Internet"):
        client(soc_example=addresses).post("https://soc.example/", b"body", {})


def test_the_loopback_is_refused_unless_a_setting_allows_it(serve: Serve, settings: Any) -> None:
    heard: list[bytes] = []
    port = serve(say(OK, heard))
    settings.OUTGOING_ALLOW = []

    for url in (f"http://127.0.0.1:{port}/", f"http://soc.example:{port}/"):
        with pytest.raises(Refused):
            client(soc_example="127.0.0.1").post(url, b"body", {})
    with pytest.raises(Refused):
        Client(seconds=5).post(f"http://localhost:{port}/", b"body", {})

    assert heard == []


def test_a_name_that_changes_its_mind_is_connected_to_at_the_address_that_was_checked(serve: Serve) -> None:
    good: list[bytes] = []
    bad: list[bytes] = []
    port = serve(say(OK, good), address="127.0.0.2")
    serve(say(OK, bad), address="127.0.0.3", port=port)
    answers = iter([["127.0.0.2"], ["127.0.0.3"], ["10.0.0.1"]])

    Client(seconds=5, resolve=lambda name: next(answers)).post(f"http://soc.example:{port}/", b"body", {})

    assert (len(good), len(bad)) == (1, 0)
    assert next(answers) == ["127.0.0.3"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_answers_and_are_not_followed(serve: Serve, status: int) -> None:
    inside: list[bytes] = []
    target = serve(say(OK, inside))
    port = serve(
        say(f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:{target}/\r\nContent-Length: 0\r\n\r\n".encode())
    )

    answer = client(soc_example="127.0.0.1").post(f"http://soc.example:{port}/", b"body", {})

    assert (answer.status, inside) == (status, [])


def test_a_receiver_that_sends_a_byte_at_a_time_gains_no_time_by_it(serve: Serve) -> None:
    def drip(peer: socket.socket) -> None:
        peer.recv(65536)
        for sign in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1000:
            peer.sendall(bytes([sign]))
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(Failed, match="No answer within"):
        client(1.0, soc_example="127.0.0.1").post(f"http://soc.example:{serve(drip)}/", b"body", {})

    assert time.monotonic() - began < 3


def test_endless_interim_answers_end(serve: Serve) -> None:
    def go_on(peer: socket.socket) -> None:
        while True:
            peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.01)

    with pytest.raises(Failed, match="No answer within"):
        client(0.5, soc_example="127.0.0.1").post(f"http://soc.example:{serve(go_on)}/", b"body", {})


def test_a_resolver_that_stands_still_is_not_waited_for() -> None:
    def stand_still(name: str) -> list[str]:
        time.sleep(2)
        return []

    began = time.monotonic()
    with pytest.raises(Failed, match="in time"):
        Client(seconds=0.3, resolve=stand_still).post("https://soc.example/", b"body", {})

    assert time.monotonic() - began < 1.5


def test_of_a_long_body_the_beginning_is_read(serve: Serve) -> None:
    def flood(peer: socket.socket) -> None:
        peer.recv(65536)
        peer.sendall(b"HTTP/1.1 500 Oh\r\n\r\n")
        while True:
            peer.sendall(b"x" * 65536)

    answer = client(soc_example="127.0.0.1").post(f"http://soc.example:{serve(flood)}/", b"body", {})

    assert (answer.status, answer.body, answer.is_cut) == (500, b"x" * 2048, True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"\x00\x01\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500,
    ],
)
def test_what_is_no_http_is_a_failure(serve: Serve, content: bytes) -> None:
    with pytest.raises(Failed) as failed:
        client(soc_example="127.0.0.1").post(f"http://soc.example:{serve(say(content))}/", b"body", {})

    assert str(failed.value).isprintable()


def test_what_strangers_say_is_printable(serve: Serve) -> None:
    content = b"HTTP/1.1 200 OK\r\nX-\x01A: b\x00\xff\x85c\r\nX-Long: " + b"y" * 5000 + b"\r\n\r\n"

    answer = client(soc_example="127.0.0.1").post(f"http://soc.example:{serve(say(content))}/", b"body", {})

    assert all(text.isprintable() and len(text) <= 500 for pair in answer.headers.items() for text in pair)


def test_a_second_address_is_tried_when_the_first_is_dead(serve: Serve) -> None:
    port = serve(say(OK), address="127.0.0.5")

    answer = client(soc_example="127.0.0.4 127.0.0.5").post(f"http://soc.example:{port}/", b"body", {})

    assert answer.address == "127.0.0.5"


def test_a_proxy_of_the_environment_is_not_asked(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    proxy = serve(say(OK, asked))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")

    client(soc_example="127.0.0.1").post(f"http://soc.example:{serve(say(OK))}/", b"body", {})

    assert asked == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for soc.example that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "soc.example")]), dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - dt.timedelta(days=1), now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("soc.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


def secured(certificate: Path) -> Callable[[socket.socket], None]:
    """Answer over TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def answer(peer: socket.socket) -> None:
        with context.wrap_socket(peer, server_side=True) as inner:
            read_whole(inner)
            inner.sendall(OK)

    return answer


def read_whole(peer: socket.socket) -> None:
    """Read a request to its end: head and body may come one after the other, and closing on unread bytes resets."""
    received = b""
    while not received.endswith(b"body") and (more := peer.recv(65536)):
        received += more


def test_a_certificate_has_to_be_valid_for_the_name(serve: Serve, certificate: Path) -> None:
    port = serve(secured(certificate))
    trusting = secure_context()
    trusting.load_verify_locations(certificate)
    table = {"soc.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
    known, strange = (Client(seconds=5, resolve=table.__getitem__, tls=tls) for tls in (trusting, secure_context()))

    assert known.post(f"https://soc.example:{port}/", b"body", {}).status == 200
    with pytest.raises(Failed, match="certificate"):
        known.post(f"https://other.example:{port}/", b"body", {})
    with pytest.raises(Failed, match="certificate"):
        strange.post(f"https://soc.example:{port}/", b"body", {})
