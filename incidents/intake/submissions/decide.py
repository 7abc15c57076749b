"""What editors do with a submission, each act by one function: take it into review, accept it as a draft, decline it, put it
aside as spam; and what publication does to it."""

import hashlib

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from incidents.audit.record import record_act
from incidents.intake.models import IntakeMark
from incidents.intake.shelf import Shelf
from incidents.intake.submissions.models import LONGEST_NOTE, Submission, SubmissionState
from incidents.intake.submissions.notices import tell_sender
from incidents.intake.submissions.standing import public_id_of
from incidents.intake.submissions.translate import draft_of
from incidents.intake.take_in import keep_unknown_steps
from incidents.intake.write import begin_draft, write_parts
from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed

FORMAT = "submission"
_S = SubmissionState


class SubmissionAct(TextChoices):
    """What can be done, as a button says it."""

    REVIEW = "review", "I am looking at it"
    ACCEPT = "accept", "Accept and begin a draft"
    DECLINE = "decline", "Decline"
    SPAM = "spam", "Spam"


STARTS = {
    SubmissionAct.REVIEW: {_S.RECEIVED},
    SubmissionAct.ACCEPT: {_S.RECEIVED, _S.IN_REVIEW, _S.DECLINED, _S.SPAM},
    SubmissionAct.DECLINE: {_S.RECEIVED, _S.IN_REVIEW, _S.SPAM},
    SubmissionAct.SPAM: {_S.RECEIVED, _S.IN_REVIEW},
}


def possible_acts(submission: Submission, by: AbstractUser) -> list[SubmissionAct]:
    """What this person may do with it as it stands."""
    return [act for act in SubmissionAct if not _why_not(submission, act, by)]


@transaction.atomic
def begin_review(*, submission_id: int, by: AbstractUser) -> Submission:
    """Say that somebody is looking at it.

    Raises:
        NotAllowed: the person may not, or it stands elsewhere by now.
    """
    submission = _open(submission_id, SubmissionAct.REVIEW, by)
    submission.review_began_at = timezone.now()
    return _move(submission, SubmissionAct.REVIEW, _S.IN_REVIEW, by)


@transaction.atomic
def accept(*, submission_id: int, by: AbstractUser) -> Incident:
    """Begin the draft of an incident with what was sent; files stay with the submission until an editor takes them over.

    Raises:
        NotAllowed: the person may not, or it stands elsewhere by now.
        DraftError: what was sent does not fit the record.
    """
    submission = _open(submission_id, SubmissionAct.ACCEPT, by)
    shelf = Shelf()
    draft, unknown = keep_unknown_steps(draft_of(submission), shelf)
    incident = begin_draft(draft, by=by, shelf=shelf)
    write_parts(incident, draft, shelf=shelf, related={})
    digest = hashlib.sha256(f"{submission.title}\0{submission.what_happened}".encode()).hexdigest()
    IntakeMark.objects.create(format=FORMAT, external_id=submission.reference, digest=digest, incident=incident)
    submission.incident, submission.reason, submission.decided_at = incident, "", timezone.now()
    detail: dict[str, object] = {"incident": incident.public_id, "unknown_techniques": unknown}
    _move(submission, SubmissionAct.ACCEPT, _S.ACCEPTED, by, detail)
    _tell_after_commit(submission)
    return incident


@transaction.atomic
def decline(*, submission_id: int, by: AbstractUser, reason: str) -> Submission:
    """Close it, with a reason that its sender reads.

    Raises:
        NotAllowed: the person may not, it stands elsewhere by now, or the reason is missing.
    """
    submission = _open(submission_id, SubmissionAct.DECLINE, by)
    if not reason.strip():
        raise NotAllowed("Give a reason in a sentence or two; the sender reads it.")
    submission.reason, submission.decided_at = reason.strip()[:LONGEST_NOTE], timezone.now()
    _move(submission, SubmissionAct.DECLINE, _S.DECLINED, by, {"reason": submission.reason})
    _tell_after_commit(submission)
    return submission


@transaction.atomic
def put_aside(*, submission_id: int, by: AbstractUser) -> Submission:
    """Put it aside as spam: nobody is written to.

    Raises:
        NotAllowed: the person may not, or it stands elsewhere by now.
    """
    submission = _open(submission_id, SubmissionAct.SPAM, by)
    submission.decided_at = timezone.now()
    return _move(submission, SubmissionAct.SPAM, _S.SPAM, by)


def note_published() -> list[Submission]:
    """Mark accepted submissions whose advisory its sender can read by now, and tell them. Safe to run twice and side by side."""
    waiting = Submission.objects.filter(state=_S.ACCEPTED, incident__released_number__gt=0)
    done = []
    for submission in waiting.select_related("incident", "partner"):
        public_id = public_id_of(submission)
        if not public_id:
            continue
        with transaction.atomic():
            if not Submission.objects.filter(pk=submission.pk, state=_S.ACCEPTED).update(state=_S.PUBLISHED):
                continue
            submission.state = _S.PUBLISHED
            _note(submission, "note_published", None, {"incident": public_id})
            _tell_after_commit(submission)
        done.append(submission)
    return done


def _open(submission_id: int, act: SubmissionAct, by: AbstractUser) -> Submission:
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    if why_not := _why_not(submission, act, by):
        raise NotAllowed(f"{submission.reference}: “{act.label}” is not possible. {why_not}")
    return submission


def _why_not(submission: Submission, act: SubmissionAct, by: AbstractUser) -> str:
    needed = ["incidents.change_submission", *(["incidents.add_incident"] if act is SubmissionAct.ACCEPT else [])]
    if not (by.is_active and by.has_perms(needed)):
        return "Your role does not decide about submissions; ask whoever administers this portal."
    state = SubmissionState(submission.state)
    was_discarded = state is _S.ACCEPTED and submission.incident_id is None
    if state not in STARTS[act] and not (was_discarded and act in (SubmissionAct.ACCEPT, SubmissionAct.DECLINE)):
        return f"It is {state.label.lower()} by now; {submission.handled_by or 'somebody else'} was here before."
    return ""


def _move(
    submission: Submission,
    act: SubmissionAct,
    to: SubmissionState,
    by: AbstractUser,
    detail: dict[str, object] | None = None,
) -> Submission:
    submission.state, submission.handled_by_id = to, by.pk
    submission.save()
    _note(submission, act.value, by, detail)
    return submission


def _note(submission: Submission, act: str, by: AbstractUser | None, detail: dict[str, object] | None = None) -> None:
    record_act(act=act, target_kind="submission", target_id=submission.reference, by=by, detail=detail)


def _tell_after_commit(submission: Submission) -> None:
    transaction.on_commit(lambda: tell_sender(submission))
