"""Building beside the worker, which has scheduled releases to look after: in a process of its own, one at a time, that goes when
the worker goes."""

import atexit
import logging
import subprocess
import sys
import time

from django.utils import timezone

from incidents.representations.api.exporting.building import is_building
from incidents.representations.api.exporting.wanted import due

LOOK_SECONDS = 60.0
COMMAND = [sys.executable, "-m", "django", "export", "--due", "--verbosity", "0"]

log = logging.getLogger(__name__)


class BackgroundBuild:
    """The build that runs beside this process, if one does."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._next_look = 0.0
        atexit.register(self.stop)

    def look(self) -> None:
        """Start a build if one is due and none runs. At most once a minute something is looked up: one query each."""
        if self.is_running or time.monotonic() < self._next_look:
            return
        if self._process is not None and self._process.returncode:
            log.error("Building the exports failed with status %s; trying again.", self._process.returncode)
        self._process = None
        self._next_look = time.monotonic() + LOOK_SECONDS
        if due(timezone.now()) and not is_building():
            self._process = subprocess.Popen(COMMAND)  # noqa: S603  our own command

    @property
    def is_running(self) -> bool:
        """Whether one is being built."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the build; the next one goes on from there."""
        if self._process is not None and self.is_running:
            self._process.terminate()
            self._process.wait()


BACKGROUND_BUILD = BackgroundBuild()
"""The one of this process."""
