"""What is forgotten of submissions, and when."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.intake.submissions import decide
from incidents.intake.submissions.models import SendingAddress, Submission
from tests.factories import make_editor
from tests.factories.submissions import make_submission

pytestmark = pytest.mark.django_db


def forget(*options: str) -> str:
    out = StringIO()
    call_command("forget_submissions", *options, stdout=out)
    return out.getvalue()


def test_what_was_not_taken_up_goes_after_a_time_and_of_the_rest_the_sender() -> None:
    editor = make_editor("Author")
    sender: dict[str, Any] = {"contact_email": "ada@example.org", "contact_name": "Ada", "address": "192.0.2.1"}
    with time_machine.travel(timezone.now() - dt.timedelta(days=200)):
        waiting, declined, spam, accepted = (make_submission(one, **sender) for one in "abcd")
        decide.decline(submission_id=declined.pk, by=editor, reason="No.")
        decide.put_aside(submission_id=spam.pk, by=editor)
        decide.accept(submission_id=accepted.pk, by=editor)
    recent = make_submission("e", **sender)
    decide.decline(submission_id=recent.pk, by=editor, reason="No.")

    assert forget() == "Removed 2; forgot the senders of 1 others.\n"

    left = dict(Submission.objects.values_list("title", "contact_email"))
    assert left == {"a": "ada@example.org", "d": "", "e": "ada@example.org"}
    accepted.refresh_from_db()
    assert (accepted.contact_name, accepted.origin, accepted.sent_from, accepted.what_happened) == (
        "",
        "",
        None,
        waiting.what_happened,
    )
    assert AuditEntry.objects.filter(act="forget").count() == 2
    assert SendingAddress.objects.count() == 1
    assert forget() == "Removed 0; forgot the senders of 0 others.\n"


def test_a_file_goes_with_the_last_submission_that_has_it() -> None:
    editor = make_editor("Author")
    one, other = (make_submission(title, files={"a.txt": b"shared"}) for title in ("one", "other"))
    name = str(one.files.get().file.name)

    decide.put_aside(submission_id=one.pk, by=editor)
    forget("--days", "0")
    assert default_storage.exists(name)
    decide.put_aside(submission_id=other.pk, by=editor)
    forget("--days", "0")
    assert not default_storage.exists(name)


def test_a_number_of_days_is_needed() -> None:
    with pytest.raises(CommandError):
        forget("--days", "-1")
