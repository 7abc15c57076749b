import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from portal.accounts.models import User
from portal.start import prepare
from portal.start.processes import Company, count_workers
from tests.run.checks import ROOT

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


@contextmanager
def company(server: list[str], worker: list[str]) -> Iterator[Company]:
    """Two child processes, stopped at the end; the test's own answers to signals are put back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    made = Company({"server": server, "worker": worker}, folder=str(ROOT), environment=dict(os.environ))
    made.start()
    try:
        yield made
    finally:
        made.stop()
        for number, answer in before.items():
            signal.signal(number, answer)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_named_with_a_way_out(taken_port: int) -> None:
    with pytest.raises(prepare.StartError) as problem:
        prepare.require_free_port("127.0.0.1", taken_port)

    assert str(problem.value) == f"Port {taken_port} is taken: choose another, for example PORT={taken_port + 1}."


def test_a_port_beyond_the_last_is_refused() -> None:
    with pytest.raises(prepare.StartError, match="from 1 to 65535"):
        prepare.require_free_port("127.0.0.1", 70_000)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(prepare.StartError, match="cannot be written"):
        prepare.require_writable(tmp_path / "file" / "var")


def test_a_folder_that_can_be_written_is_left_empty(tmp_path: Path) -> None:
    prepare.require_writable(tmp_path / "var")

    assert list((tmp_path / "var").iterdir()) == []


def test_static_files_are_collected_when_they_changed_and_not_again(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "collected"

    seen = [prepare.has_new_static_files()]
    prepare.collect_static_files()
    seen.append(prepare.has_new_static_files())
    (source / "a.css").write_text("a { color: red }")
    seen.append(prepare.has_new_static_files())
    prepare.collect_static_files()

    assert seen == [True, False, True]
    assert (tmp_path / "collected" / "a.css").read_text() == "a { color: red }"


@pytest.mark.django_db
def test_a_migrated_database_needs_nothing() -> None:
    assert prepare.prepare_database() is False


@pytest.mark.django_db
def test_the_first_two_accounts_can_show_four_eyes_and_are_made_once() -> None:
    made = prepare.prepare_accounts()

    assert [(user.email, user.check_password(password)) for user, password in made] == [
        ("editor@localhost", True),
        ("reviewer@localhost", True),
    ]
    assert prepare.prepare_accounts() == []
    assert User.objects.count() == 2


@pytest.mark.parametrize(("wanted", "cores", "count"), [(3, 8, 3), (0, 2, 2), (0, 64, 4), (0, None, 1)])
def test_one_process_a_core_up_to_four(
    monkeypatch: pytest.MonkeyPatch, wanted: int, cores: int | None, count: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)

    assert count_workers(wanted) == count


def test_a_wish_to_stop_ends_every_process_with_success() -> None:
    with company(SLEEPER, SLEEPER) as both:
        os.kill(os.getpid(), signal.SIGTERM)

        assert both.watch() == 0
        assert all(child.poll() is not None for child in both.children.values())


def test_a_server_that_dies_takes_the_worker_with_it_and_is_a_failure() -> None:
    with company([sys.executable, "-c", "raise SystemExit(3)"], SLEEPER) as both:
        assert both.watch() == 1
        assert both.children["worker"].poll() is not None


def test_who_does_not_listen_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.start.processes.PATIENCE_SECONDS", 0.5)

    with company(STUBBORN, SLEEPER) as both:
        time.sleep(0.5)
        both.stop()

        assert both.children["server"].returncode == -signal.SIGKILL


def test_a_worker_that_dies_is_started_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("portal.start.processes.RESTART_SECONDS", 0.1)
    marks = tmp_path / "marks"
    note = f"from pathlib import Path; import os; marks = Path({str(marks)!r}); marks.open('a').write('x')"
    tell = f"len(marks.read_text()) < 2 or os.kill({os.getpid()}, 15)"

    with company(SLEEPER, [sys.executable, "-c", f"{note}; {tell}"]) as both:
        assert both.watch() == 0

    assert marks.read_text() == "xx"


def serve(port: int, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """`manage.py serve` on this port, with a database of its own."""
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}", "PORT": str(port)}
    return subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env={**os.environ, **database, "DJANGO_SETTINGS_MODULE": "portal.settings.dev"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_taken_port_gives_one_line_and_a_failure(taken_port: int, tmp_path: Path) -> None:
    outcome = serve(taken_port, tmp_path)

    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert outcome.stderr.splitlines() == [
        f"CommandError: Port {taken_port} is taken: choose another, for example PORT={taken_port + 1}."
    ]
