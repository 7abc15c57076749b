"""The proof that every release arrives: a receiver that fails, stalls, forgets and comes back; workers killed again and again.

Publishers, workers and receiver are processes of their own, as they would be. Nothing is lost, nothing arrives unsigned, and
each advisory is told in its order.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler

from portal.settings.databases import database_settings
from portal.start.processes import rq_command, worker_command
from tests.conftest import ROOT, making_database, manage
from tests.run.ports import await_port, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KILLS, PUBLISHERS, WORKERS = 8, 2, 2
MOODS = ("well", "failing", "stalling", "forgetful", "well")
MAKE = """
from tests.factories import *
from tests.factories.partners import make_partner
from tests.factories.webhooks import make_webhook
from incidents.vocabulary.tlp import TLP
[make_editor(role) for role in ("Author", "Reviewer", "Publisher")]
print(make_webhook(make_partner(clearance=TLP.GREEN), url="{url}")[1])
"""
ONE_MORE = "from tests.factories import *; print(publish_incident(make_incident('One more')).public_id)"
Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(params=["database", "redis"])
def tasks_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where tasks are kept: in the database, or in a Redis of our own."""
    if request.param == "database":
        yield "database://"
        return
    if shutil.which("redis-server") is None:
        pytest.skip("No redis-server is installed; Debian has it in the package of that name.")
    port = free_port()
    process = subprocess.Popen(["redis-server", "--port", str(port), "--save", "", "--loglevel", "warning"])
    await_port(port, process)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait()


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database that no other test has written to."""
    with making_database(tmp_path) as url:
        yield url


@pytest.fixture
def environment(fresh_database: str, tasks_url: str) -> dict[str, str]:
    """Of processes that work on the database; impatient ones, that may send to this machine."""
    return {
        **os.environ,
        "DATABASE_URL": fresh_database,
        "TEST_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PYTHONWARNINGS": "ignore",
        "TASKS_URL": tasks_url,
        "OUTGOING_ALLOW": "127.0.0.0/8",
        "OUTGOING_ALLOW_HTTP": "true",
        "WEBHOOK_TIMEOUT": "2",
        "WEBHOOK_RETRIES": ",".join(["1s"] * 200),
    }


@pytest.fixture
def ledger(fresh_database: str) -> Iterator[Rows]:
    """Run a query on the portal's database."""
    handler = ConnectionHandler({"default": database_settings(fresh_database, pool=False)})

    def fetch(query: str) -> list[tuple[Any, ...]]:
        with handler["default"].cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    yield fetch
    handler["default"].close()


def set_up(environment: dict[str, str], url: str) -> str:
    """Make the people and the webhook; its secret."""
    os.environ.update({name: environment[name] for name in ("OUTGOING_ALLOW", "OUTGOING_ALLOW_HTTP")})
    try:
        code = MAKE.format(url=url)
        return (
            manage("shell", "-v", "0", "-c", code, database=environment["DATABASE_URL"]).stdout.strip().splitlines()[-1]
        )
    finally:
        del os.environ["OUTGOING_ALLOW"], os.environ["OUTGOING_ALLOW_HTTP"]


@pytest.fixture
def receiver(environment: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    """A receiver at work, which a webhook leads to; the folder it writes to."""
    port = free_port()
    secret = set_up(environment, f"http://127.0.0.1:{port}/hook")
    (tmp_path / "mood").write_text("well")
    module = "tests.incidents.subscriptions.receiving_process"
    process = subprocess.Popen([sys.executable, "-m", module, str(port), secret, str(tmp_path)], cwd=ROOT)
    await_port(port, process)
    yield tmp_path
    process.kill()
    process.wait()


@pytest.fixture
def publishers(receiver: Path, environment: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Some that publish at the same time, all at work."""
    command = [sys.executable, "-m", "tests.incidents.following.publishing_process"]
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }
    started = [
        subprocess.Popen([*command, f"Publisher {number}"], cwd=ROOT, env=environment, **pipes)
        for number in range(PUBLISHERS)
    ]
    for publisher in started:
        assert publisher.stdout is not None
        publisher.stdout.readline()
    yield started
    for publisher in started:
        publisher.kill()
        publisher.communicate()


class Workers:
    """Workers side by side, that can be killed and are replaced."""

    def __init__(self, environment: dict[str, str], errors: Path) -> None:
        self.environment, self.errors = environment, errors
        commands = [worker_command()] * WORKERS
        if environment["TASKS_URL"].startswith("redis"):
            commands += [rq_command()] * WORKERS
        self.running: list[subprocess.Popen[bytes]] = [self.start(command) for command in commands]

    def start(self, command: Any) -> subprocess.Popen[bytes]:
        """Start one."""
        with self.errors.open("a") as errors:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=errors)

    def kill_one(self, chance: random.Random) -> None:
        """End one without warning, and start another."""
        worker = chance.choice(self.running)
        worker.kill()
        worker.wait()
        self.running[self.running.index(worker)] = self.start(worker.args)

    def stop(self) -> list[int]:
        """Ask them to stop; their exit statuses."""
        for worker in self.running:
            worker.terminate()
        return [worker.wait(timeout=60) for worker in self.running]


def lines(path: Path) -> list[list[Any]]:
    """What the receiver wrote."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def await_that(question: Callable[[], bool], *, seconds: float) -> bool:
    """Wait until it is so; whether it is."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def in_order(accepted: list[list[Any]]) -> bool:
    """Whether the first arrivals about each advisory are in the order of its releases."""
    seen: dict[str, list[int]] = {}
    for _, _, public_id, number in accepted:
        if number not in seen.setdefault(public_id, []):
            seen[public_id].append(number)
    return all(numbers == sorted(numbers) for numbers in seen.values())


def test_every_release_arrives_whatever_happens_to_receiver_and_workers(
    receiver: Path, publishers: list[subprocess.Popen[str]], environment: dict[str, str], ledger: Rows, tmp_path: Path
) -> None:
    chance = random.Random(8)
    workers = Workers(environment, tmp_path / "errors")
    for turn in range(KILLS):
        (receiver / "mood").write_text(MOODS[turn % len(MOODS)])
        time.sleep(chance.uniform(2, 4))
        workers.kill_one(chance)
    (receiver / "mood").write_text("well")
    assert await_that(lambda: len(ledger("SELECT 1 FROM incidents_release")) > 20, seconds=120)
    for publisher in publishers:
        assert publisher.stdin is not None
        publisher.stdin.close()
        publisher.stdin = None
        publisher.communicate(timeout=120)
    visible = "r.tlp_rank <= 1 AND a.tlp_rank <= 1"
    joined = "FROM incidents_release r JOIN incidents_advisory a ON a.public_id = r.public_id"
    released = {tuple(row) for row in ledger(f"SELECT r.public_id, r.number {joined} WHERE {visible}")}

    def arrived() -> set[tuple[str, int]]:
        return {(public_id, number) for _, _, public_id, number in lines(receiver / "accepted")}

    ends = await_that(lambda: arrived() >= released, seconds=120)
    more = (
        manage("shell", "-v", "0", "-c", ONE_MORE, database=environment["DATABASE_URL"]).stdout.strip().splitlines()[-1]
    )
    published_at = time.monotonic()
    await_that(lambda: (more, 1) in arrived(), seconds=30)
    seconds = time.monotonic() - published_at
    await_that(lambda: not ledger("SELECT 1 FROM incidents_delivery WHERE state = 'waiting'"), seconds=60)
    statuses = workers.stop()

    accepted = lines(receiver / "accepted")
    assert ends, released - arrived()
    assert arrived() == {*released, (more, 1)}
    assert lines(receiver / "refused") == []
    assert in_order(accepted)
    assert len({(public_id, number): key for key, _, public_id, number in accepted}) == len(
        {key for key, *_ in accepted}
    )
    assert seconds < 5
    assert ledger("SELECT DISTINCT state FROM incidents_delivery") == [("delivered",)]
    assert set(statuses) == {0}
