"""A process that sends from several threads at once: `python -m tests.incidents.intake.sending_process KEY THREADS`.

With a key all threads send the same under it; without one (`-`) each sends its own. Says line by line what came of it.
"""

import os
import sys
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")


def main(key: str, threads: int) -> None:
    """Send from all threads at the same moment."""
    from django.db import connection

    from incidents.intake.submissions.proposal import Proposal
    from incidents.intake.submissions.receive import InProgress, Once, Sender, TooMany, take_in_submission

    begin = threading.Barrier(threads)
    once = None if key == "-" else Once("partner 1", key, "a" * 64)

    def send() -> None:
        begin.wait()
        try:
            sender = Sender(None, "192.0.2.77")
            proposal = Proposal(title="At once", what_happened="Text")
            said = take_in_submission(proposal=proposal, sender=sender, once=once).reference
        except InProgress:
            said = "409"
        except TooMany:
            said = "429"
        finally:
            connection.close()
        sys.stdout.write(f"{said}\n")  # at once: lines of several threads do not run into each other

    running = [threading.Thread(target=send) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], int(sys.argv[2]))
