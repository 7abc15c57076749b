"""`manage.py forget_submissions`: what was sent in and not taken up is not kept for ever."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from incidents.audit.origin import acting_from
from incidents.intake.submissions.forget import forget_submissions
from incidents.management.commands import ExampleCommand


class Command(ExampleCommand):
    """Forget old submissions and their senders."""

    help = (
        "Remove what was declined or put aside as spam so many days ago, with its files; and from what was taken up then the "
        "sender's name, e-mail address and network address. What still waits is kept."
    )
    examples = """  manage.py forget_submissions
  manage.py forget_submissions --days 30    (from cron, every night)"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--days", type=int, default=180, help="How long after the decision (180).")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: the number of days is none.
        """
        if days < 0:
            raise CommandError("Give a number of days from 0 on.")
        with acting_from("command forget_submissions"):
            removed, senders = forget_submissions(decided_before=timezone.now() - dt.timedelta(days=days))
        self.stdout.write(f"Removed {removed}; forgot the senders of {senders} others.")
