"""The fast lane in a real server with two worker processes: every worker sees a release at once."""

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from incidents.publication.edition import renew_edition
from portal.start.processes import server_command
from tests.factories import make_incident, publish_incident, withdraw_incident
from tests.portal.asking import Answer
from tests.run.checks import ROOT
from tests.run.ports import await_port, free_port


@pytest.fixture
def server(server_environment: dict[str, str]) -> Iterator[int]:
    """The port of a server with two workers on the database that this process uses."""
    port = free_port()
    command = server_command(host="127.0.0.1", port=port, workers=2)
    process = subprocess.Popen(command, cwd=ROOT, env=server_environment)
    try:
        await_port(port, process)
        yield port
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server, by force if it does not listen."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def fetch(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask the server on a new connection, which any of its workers may take."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        said = {name.lower(): value for name, value in response.getheaders() if name.lower() != "date"}
        return Answer(response.status, said, response.read())
    finally:
        connection.close()


def fetch_often(port: int, path: str, times: int = 24, **headers: str) -> list[Answer]:
    """Many connections at once, so that both workers get their share."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: fetch(port, path, **headers), range(times)))


def test_every_worker_sees_a_release_and_a_withdrawal_at_once(server: int) -> None:
    incident = make_incident()
    publish_incident(incident)
    address = f"/incidents/{incident.public_id}.json"
    seen = [{answer.body for answer in fetch_often(server, address)}]

    publish_incident(incident, reason="It was two days.")
    seen.append({answer.body for answer in fetch_often(server, address)})
    withdraw_incident(incident, reason="It was a drill.")
    seen.append({answer.body for answer in fetch_often(server, address)})

    assert [len(bodies) for bodies in seen] == [1, 1, 1]
    assert b"It was two days." in seen[1].pop()
    assert b"It was a drill." in seen[2].pop()


def test_new_address_is_there_at_once_after_it_was_missing(server: int) -> None:
    incident = make_incident()
    address = f"/incidents/{incident.public_id}.json"
    before = {answer.status for answer in fetch_often(server, address)}

    publish_incident(incident)

    assert before == {404}
    assert {answer.status for answer in fetch_often(server, address)} == {200}


def test_readers_see_old_or_new_and_never_an_error_while_releases_come(server: int) -> None:
    incident = make_incident()
    publish_incident(incident)
    address = f"/incidents/{incident.public_id}.json"
    stopped = threading.Event()
    statuses: list[int] = []

    def read() -> None:
        while not stopped.is_set():
            statuses.append(fetch(server, address).status)
            statuses.append(fetch(server, "/schema/advisory-1.json").status)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(5):
        publish_incident(incident)
        renew_edition()
    stopped.set()
    for reader in readers:
        reader.join()

    assert set(statuses) == {200}
    assert b'"number":6' in fetch(server, address).body


def test_server_keeps_the_lanes_headers(server: int) -> None:
    incident = make_incident()
    publish_incident(incident)
    address = f"/incidents/{incident.public_id}.json"

    got, head = fetch(server, address), fetch(server, address, "HEAD")
    known = fetch(server, address, If_None_Match=got["ETag"])
    compressed = {coding: fetch(server, address, Accept_Encoding=coding) for coding in ("gzip", "br")}

    assert got["Content-Length"] == head["Content-Length"] == str(len(got.body))
    assert (head.status, head.headers, head.body) == (200, got.headers, b"")
    assert (known.status, known.body) == (304, b"")
    assert len({answer["ETag"] for answer in (got, *compressed.values())}) == 3
    assert [compressed[coding]["Content-Encoding"] for coding in compressed] == ["gzip", "br"]


def test_lane_is_switched_off_by_a_setting(own_database: str, server_environment: dict[str, str]) -> None:
    program = "from portal.wsgi import application; print(type(application.application).__name__)"
    names = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**server_environment, "FAST_LANE": setting},
            text=True,
            capture_output=True,
            check=True,
        ).stdout.strip()
        for setting in ("true", "false")
    ]

    assert names == ["FastLane", "WSGIHandler"]
