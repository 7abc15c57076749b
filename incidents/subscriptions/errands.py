"""What the worker does beside deliveries, and may take its time for: telling the hub, sending notices, forgetting what is old,
keeping the search index in one piece.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from incidents.outgoing.client import Client
from incidents.publication.fulltext.merging import PAUSE_SECONDS, merge_index
from incidents.subscriptions.calling import forget_calls
from incidents.subscriptions.hub import tell_hub
from incidents.subscriptions.notices import send_notices
from incidents.subscriptions.tidying import tidy

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


def run_errands(stop: threading.Event) -> None:
    """Do each errand at its time, until told to stop."""
    client = Client(seconds=settings.WEBHOOK_TIMEOUT)
    errands: list[tuple[float, Callable[[], object]]] = [
        (1.0, lambda: tell_hub(client, timezone.now())),
        (60.0, send_notices),
        (3600.0, lambda: tidy(timezone.now())),
        (3600.0, lambda: forget_calls(timezone.now())),
        (86_400.0, lambda: merge_index(is_over=lambda: stop.wait(PAUSE_SECONDS))),
    ]
    done_at = [float("-inf")] * len(errands)
    while not stop.is_set():
        for place, (pause, errand) in enumerate(errands):
            if time.monotonic() - done_at[place] >= pause:
                done_at[place] = time.monotonic()
                _do(errand)
        stop.wait(LOOK_SECONDS)


def _do(errand: Callable[[], object]) -> None:
    close_old_connections()
    try:
        errand()
    except Exception:
        log.exception("An errand failed; trying again at its next time.")
