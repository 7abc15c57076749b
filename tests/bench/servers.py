"""The servers that are compared, all on the first core; the load comes from the second."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.start.processes import THRIFT, server_command
from tests.run.checks import ROOT
from tests.run.ports import await_port, free_port

SERVER_CORE, LOAD_CORE = "0", "1"
NGINX = "/usr/sbin/nginx"
NGINX_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr crit;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    types {{ text/html html; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {files}; }}
}}
"""


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    """A server on the first core; its process id."""
    pinned = [*pin(SERVER_CORE), *command]
    process = subprocess.Popen(pinned, cwd=ROOT, env={**os.environ, **(environment or {})})
    try:
        await_port(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def pin(core: str) -> list[str]:
    """What makes a command run on one core; nothing where cores cannot be chosen."""
    return ["taskset", "-c", core] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []


@contextmanager
def portal(*, fast_lane: bool) -> Iterator[tuple[int, int]]:
    """The portal with one worker; its port and process id."""
    port = free_port()
    environment = {**THRIFT, "FAST_LANE": str(fast_lane), "PYTHONWARNINGS": "ignore"}
    with running(server_command(host="127.0.0.1", port=port, workers=1), port, environment) as pid:
        yield port, pid


@contextmanager
def bare(files: Path) -> Iterator[tuple[int, int]]:
    """A WSGI application that does nothing but send the same bytes, on the same server; its port and process id."""
    port = free_port()
    *command, _ = server_command(host="127.0.0.1", port=port, workers=1)
    with running([*command, "tests.bench.bare:application"], port, {"BENCH_FILES": str(files)}) as pid:
        yield port, pid


@contextmanager
def nginx(files: Path, folder: Path) -> Iterator[tuple[int, int] | None]:
    """nginx sending the same bytes from files; its port and process id, or None where there is no nginx."""
    program = shutil.which("nginx") or (NGINX if Path(NGINX).exists() else None)
    if program is None:
        yield None
        return
    port = free_port()
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # else root's nginx would read as nobody, who may not
    text = NGINX_CONFIGURATION.format(folder=folder, files=files, port=port, user=user)
    configuration.write_text(text, encoding="ascii")
    with running([program, "-c", str(configuration), "-e", "stderr"], port) as pid:
        yield port, pid
