"""`manage.py run_due`: publish what is scheduled and due, once."""

from typing import Any

from django.core.management.base import CommandError

from incidents.audit.origin import acting_from
from incidents.intake.submissions.decide import note_published
from incidents.management.commands import ExampleCommand
from incidents.publication.models import Release
from incidents.publication.publish import publish_due


class Command(ExampleCommand):
    """Publish every scheduled incident whose time has come."""

    help = (
        "Publish every scheduled incident whose time has come, through the same gate as the desk. A refused one goes back to "
        "approved; the reason is printed and kept in the audit log, and the command exits with 1."
    )
    examples = """  manage.py run_due
  * * * * *  manage.py run_due    (from cron, where no worker runs)"""

    def handle(self, *args: Any, **options: Any) -> None:
        """Run.

        Raises:
            CommandError: a scheduled release was refused.
        """
        with acting_from("command run_due"):
            results = publish_due()
            note_published()
        for result in results:
            if isinstance(result, Release):
                self.stdout.write(f"Published {result}.")
        refused = [str(result) for result in results if not isinstance(result, Release)]
        if refused:
            raise CommandError(" ".join(refused))
        if not results:
            self.stdout.write("Nothing is due.")
