"""The background task that delivers webhooks; whoever works on its queue may run it, and several may at once."""

import threading
from contextvars import ContextVar

from django_tasks import task

from incidents.subscriptions.courier import Courier

QUEUE = "webhooks"

stopping: ContextVar[threading.Event | None] = ContextVar("stopping", default=None)
"""What says that the process is to stop, where there is such a thing."""


@task(queue_name=QUEUE)
def deliver() -> int:
    """Deliver webhooks until none is due.

    Returns:
        how many deliveries were taken up.
    """
    return Courier().run(stopping.get() or threading.Event())
