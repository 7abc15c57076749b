"""Forgetting: what was not taken up goes after a time with its files, and of the rest whoever sent it."""

import datetime as dt

from django.db import transaction

from incidents.audit.record import record_act
from incidents.intake.submissions.models import SendingAddress, SentFile, Submission, SubmissionState

NOT_TAKEN_UP = (SubmissionState.DECLINED, SubmissionState.SPAM)
_NOBODY = {"contact_name": "", "contact_email": "", "origin": "", "sent_from": None}


def forget_submissions(*, decided_before: dt.datetime) -> tuple[int, int]:
    """Remove what was declined or put aside before a time, and from what was taken up before it the sender's name and addresses.

    Returns:
        How many were removed, and of how many the sender was.
    """
    old = Submission.objects.filter(decided_at__lt=decided_before)
    removed = 0
    for submission in old.filter(state__in=NOT_TAKEN_UP):
        removed += _remove(submission, decided_before)
    senders = old.exclude(state__in=NOT_TAKEN_UP).exclude(**_NOBODY).update(**_NOBODY)
    SendingAddress.objects.filter(submissions=None).delete()
    return removed, senders


def _remove(submission: Submission, decided_before: dt.datetime) -> int:
    """Remove one, unless an editor was quicker."""
    with transaction.atomic():
        held = Submission.objects.select_for_update().filter(pk=submission.pk, decided_at__lt=decided_before)
        if not held.filter(state__in=NOT_TAKEN_UP).exists():
            return 0
        files = list(submission.files.all())
        submission.delete()
        record_act(act="forget", target_kind="submission", target_id=submission.reference, by=None)
    for file in files:
        if not SentFile.objects.filter(sha256=file.sha256).exists():
            file.file.storage.delete(str(file.file.name))
    return 1
