"""What processes take, as Linux tells in /proc."""

import os
from collections.abc import Iterator
from pathlib import Path

STARTED_BY, USER_TICKS, SYSTEM_TICKS = 1, 11, 12
"""Where these stand after the name in /proc/…/stat (proc(5))."""


def family(pid: int) -> Iterator[list[str]]:
    """The figures of a process and of those that it started."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it is gone
            continue
        figures = stat.rpartition(")")[2].split()
        if pid in (int(folder.name), int(figures[STARTED_BY])):
            yield [folder.name, *figures]


def processor_seconds(pid: int) -> float:
    """The processor time that a process and those it started have taken, in seconds."""
    ticks = sum(int(figures[USER_TICKS + 1]) + int(figures[SYSTEM_TICKS + 1]) for figures in family(pid))
    return ticks / os.sysconf("SC_CLK_TCK")


def worker_megabytes(pid: int) -> float:
    """The memory in RAM of the largest process that a server started, in MB."""
    return max(resident_megabytes(figures[0]) for figures in family(pid) if figures[0] != str(pid))


def resident_megabytes(pid: str) -> float:
    """The memory of a process that is in RAM, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1000
