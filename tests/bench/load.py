"""Sending requests with wrk, from the second core, and reading what it says."""

import re
import shutil
import subprocess
from dataclasses import dataclass

from tests.bench.servers import LOAD_CORE, pin

CONNECTIONS = 32
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, order=True)
class Rate:
    """What wrk measured: requests a second, and the latency that half and 99 % of them stayed below, in milliseconds."""

    per_second: float
    half_ms: float
    most_ms: float


def has_wrk() -> bool:
    """Whether wrk is there."""
    return shutil.which("wrk") is not None


def measure(address: str, *, seconds: int) -> Rate:
    """Ask for an address as often as one core can, over some connections that stay open.

    Raises:
        RuntimeError: some answers were not 2xx, or none came.
    """
    command = [*pin(LOAD_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{address} did not answer well:\n{said}")
    return read(said)


def read(said: str) -> Rate:
    """The figures in the output of wrk."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate is not None, said
    return Rate(float(rate[1]), latency(said, "50%"), latency(said, "99%"))


def latency(said: str, share: str) -> float:
    """The latency, in milliseconds, that this share of requests stayed below."""
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)\b", said)
    assert found is not None, said
    return float(found[1]) * MILLISECONDS[found[2]]
