"""`manage.py worker`: what has to happen at its time, for as long as it runs."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, close_old_connections

from incidents.audit.origin import acting_from
from incidents.intake.submissions.decide import note_published
from incidents.management.commands import ExampleCommand
from incidents.publication.publish import publish_due
from incidents.representations.api.exporting.background import BACKGROUND_BUILD
from incidents.subscriptions.calling import run_calls
from incidents.subscriptions.errands import run_errands

log = logging.getLogger(__name__)


class Command(ExampleCommand):
    """Publish scheduled incidents at their time, deliver webhooks and tell the hub, until told to stop."""

    help = (
        "Publish scheduled incidents at their time, deliver webhooks, and tell the WebSub hub of releases, until it is stopped "
        "with Ctrl-C or SIGTERM. Several may run side by side."
    )
    examples = """  manage.py worker
  manage.py worker --every 1"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--every",
            type=float,
            default=5.0,
            metavar="SECONDS",
            help="Pause between two looks for what is scheduled (5).",
        )

    def handle(self, *args: Any, every: float, **options: Any) -> None:
        """Run."""
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        beside = [
            threading.Thread(target=run_calls, args=(stop,), name="calls"),
            threading.Thread(target=run_errands, args=(stop,), name="errands"),
        ]
        for thread in beside:
            thread.start()
        while not stop.is_set():
            self.turn()
            stop.wait(every)
        for thread in beside:
            thread.join()

    def turn(self) -> None:
        """One look: publish what is due, and tell senders what came of theirs. A database that is away for a moment is tried
        again at the next turn."""
        close_old_connections()
        try:
            with acting_from("worker"):
                results = publish_due()
                note_published()
            BACKGROUND_BUILD.look()
        except DatabaseError:
            log.exception("The database did not answer; trying again.")
            return
        for result in results:
            self.stdout.write(f"Scheduled: {result}")
