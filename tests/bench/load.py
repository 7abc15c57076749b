"""Sending requests with wrk, from the second core, and reading what it says."""

import re
import shutil
import subprocess
from dataclasses import dataclass

from tests.bench.processes import processor_seconds
from tests.bench.servers import LOAD_CORE, pin

CONNECTIONS = 32
PATIENCE_SECONDS = 30
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, order=True)
class Rate:
    """What was measured: requests a second, the latency that half and 99 % of them stayed below, in milliseconds, and the
    processor time that the server took for one, in microseconds."""

    per_second: float
    half_ms: float
    most_ms: float
    cpu_us: float


def has_wrk() -> bool:
    """Whether wrk is there."""
    return shutil.which("wrk") is not None


def measure(address: str, *, server: int, seconds: int) -> Rate:
    """Ask for an address as often as one core can, over some connections that stay open.

    Args:
        address: what to ask for.
        server: process id of the server, whose children work.
        seconds: how long.

    Raises:
        RuntimeError: some answers were not 2xx, or none came.
    """
    patience = ["--timeout", f"{PATIENCE_SECONDS}s"]
    command = [*pin(LOAD_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *patience, "--latency", address]
    before = processor_seconds(server)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = processor_seconds(server) - before
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{address} did not answer well:\n{said}")
    return read(said, used)


def read(said: str, used: float) -> Rate:
    """The figures in the output of wrk, given the processor time used meanwhile, in seconds."""
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    assert rate is not None, said
    assert count is not None, said
    return Rate(float(rate[1]), latency(said, "50%"), latency(said, "99%"), used / max(1, int(count[1])) * 1e6)


def latency(said: str, share: str) -> float:
    """The latency, in milliseconds, that this share of requests stayed below."""
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)\b", said)
    assert found is not None, said
    return float(found[1]) * MILLISECONDS[found[2]]
