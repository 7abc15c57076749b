"""The server and the worker as child processes: started together, watched, stopped together."""

import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_SECONDS = 15.0
WATCH_SECONDS = 0.2
RESTART_SECONDS = 5.0
THREADS = 2
THRIFT = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "16384"}
"""For the environment of the server: with one arena for all its threads, and thresholds that stay where they are, glibc gives
back what building pages took. Else a worker grows by some 50 MB, and is no faster for it, as one thread runs Python at a time."""


def server_command(*, host: str, port: int, workers: int) -> list[str]:
    """How granian is started."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "--backlog", "2048"),
        *("--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10"),
        *("--log-level", "warning", "portal.wsgi:application"),
    ]


def worker_command() -> list[str]:
    """How the worker is started, which publishes what is due."""
    return [sys.executable, "manage.py", "worker"]


def rq_command() -> list[str]:
    """How the worker of RQ is started, which runs tasks where they are kept in Redis."""
    return [sys.executable, "manage.py", "rqworker", "webhooks", "--verbosity", "0"]


def count_workers(wanted: int) -> int:
    """How many processes serve: as many as wanted, or, for 0, one a core, up to four."""
    return wanted or min(4, os.cpu_count() or 1)


class Company:
    """The child processes. They live in sessions of their own, so that Ctrl-C reaches them through us alone.

    Args:
        commands: by name; the one named server is whom the others work for.
        folder: to run them in.
        environment: to run them with.
    """

    def __init__(self, commands: dict[str, list[str]], *, folder: str, environment: dict[str, str]) -> None:
        self.commands = commands
        self.folder = folder
        self.environment = environment
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.is_stopping = False

    def start(self) -> None:
        """Start them all, and listen for the wish to stop."""
        for stop_signal in STOP_SIGNALS:
            signal.signal(stop_signal, self._note_stop)
        for name in self.commands:
            self._spawn(name)

    def watch(self) -> int:
        """Keep the company running until somebody wants it to stop or the server dies.

        A worker that dies is started again.

        Returns:
            The exit status: 0 when asked to stop, 1 when the server stopped by itself.
        """
        while not self.is_stopping:
            if self.children["server"].poll() is not None:
                self.stop()
                return 1
            if ended := [name for name in self.commands if name != "server" and self.children[name].poll() is not None]:
                self._sleep(RESTART_SECONDS)
                for name in ended if not self.is_stopping else []:
                    self._spawn(name)
            time.sleep(WATCH_SECONDS)
        self.stop()
        return 0

    def stop(self) -> None:
        """Ask every child to stop, wait, and end by force those who do not listen."""
        running = [child for child in self.children.values() if child.poll() is None]
        for child in running:
            child.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in running:
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def await_server(self, *, host: str, port: int, seconds: float = 60.0) -> bool:
        """Wait until the server answers.

        Returns:
            Whether it does; not when it died, took too long, or somebody wants to stop.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_stopping and self.children["server"].poll() is None:
            if answers(host, port):
                return True
            time.sleep(0.1)
        return False

    def _spawn(self, name: str) -> None:
        self.children[name] = subprocess.Popen(  # noqa: S603  our own commands
            self.commands[name], cwd=self.folder, env=self.environment, start_new_session=True
        )

    def _sleep(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_stopping:
            time.sleep(WATCH_SECONDS)

    def _note_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True


def answers(host: str, port: int) -> bool:
    """Whether the portal at this address is alive."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
