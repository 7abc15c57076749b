"""Calling for the task that delivers webhooks, and, where tasks are kept in the database, answering.

A call says that there is something to deliver, not what: that stands in the deliveries, with leases. So a call that is lost with
whoever ran it loses nothing, one too many finds nothing to do, and any number of workers may answer.
"""

import datetime as dt
import logging
import threading
from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus, task_backends
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from incidents.subscriptions.claim import is_one_due
from incidents.subscriptions.enqueue import endpoints_behind
from incidents.subscriptions.tasks import QUEUE, deliver, stopping

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
LOCKED_SECONDS = 0.1
PATIENCE = dt.timedelta(seconds=30)
REMEMBERED = dt.timedelta(days=1)


class Caller:
    """Calls for the task when there is something to deliver; not while an earlier call waits."""

    def __init__(self) -> None:
        self.call: Any = None
        self.has_complained = False

    def look(self) -> bool:
        """Call if need be. Four queries where there is nothing to do.

        Returns:
            whether a call is to be answered, this one or an earlier one.
        """
        now = timezone.now()
        if not (endpoints_behind(now) or is_one_due(now)):
            return False
        if not self.is_waiting(now):
            self.call, self.has_complained = deliver.enqueue(), False
        return True

    def is_waiting(self, now: dt.datetime) -> bool:
        """Whether nobody has answered the last call yet; after a while that is worth a word in the log."""
        try:
            if self.call is None or self._status() != TaskResultStatus.READY:
                return False
        except TaskResultDoesNotExist:
            return False
        if now - self.call.enqueued_at > PATIENCE and not self.has_complained:
            self.has_complained = True
            log.error("Webhooks wait: nobody has worked on the queue %s since %s.", QUEUE, self.call.enqueued_at)
        return True

    def _status(self) -> TaskResultStatus:
        self.call.refresh()
        return TaskResultStatus(self.call.status)


def run_calls(stop: threading.Event) -> None:
    """Call, and answer, until told to stop. A fault is tried again at the next look."""
    stopping.set(stop)
    caller = Caller()
    while not stop.is_set():
        close_old_connections()
        try:
            if caller.look() and isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
                answer_calls()
        except Exception:
            log.exception("Calling for the delivery of webhooks failed; trying again.")
        stop.wait(LOOK_SECONDS)


def answer_calls() -> None:
    """Run what waits in the database's queue, this process's calls and others', until nothing does."""
    Worker(
        queue_names=[QUEUE],
        interval=LOCKED_SECONDS,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    ).run()


def forget_calls(now: dt.datetime) -> int:
    """Forget calls of more than a day ago, those too that nobody has answered or whose worker was killed.

    Returns:
        how many.
    """
    return DBTaskResult.objects.filter(queue_name=QUEUE, enqueued_at__lt=now - REMEMBERED).delete()[0]
