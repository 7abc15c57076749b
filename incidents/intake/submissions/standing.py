"""What a sender may know of their submission: where it stands, and why. Never what editors write."""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS

from incidents.intake.submissions.link import TOKEN, digest_of
from incidents.intake.submissions.models import Submission, SubmissionState
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a submission stands, for its sender.

    Attributes:
        state: received, in review, accepted, published or declined; spam is declined, without a word.
        reason: why it was declined.
        public_id: of the advisory, once the sender can read it.
    """

    state: SubmissionState
    reason: str = ""
    public_id: str = ""


def standing_of(submission: Submission) -> Standing:
    """Where it stands now."""
    state = SubmissionState(submission.state)
    if state is SubmissionState.SPAM:
        return Standing(SubmissionState.DECLINED)
    if state is SubmissionState.DECLINED:
        return Standing(state, reason=submission.reason)
    public_id = public_id_of(submission)
    if public_id:
        return Standing(SubmissionState.PUBLISHED, public_id=public_id)
    return Standing(SubmissionState.ACCEPTED if state is SubmissionState.PUBLISHED else state)


def public_id_of(submission: Submission) -> str:
    """The id of the advisory that came of it, if its sender can read that: the public, or a partner with a clearance."""
    if submission.incident is None or submission.state not in (SubmissionState.ACCEPTED, SubmissionState.PUBLISHED):
        return ""
    audience = submission.partner.audience if submission.partner else PUBLIC
    advisories = Advisory.objects.using(DEFAULT_DB_ALIAS).visible_to(audience)
    return advisories.filter(public_id=submission.incident.public_id).values_list("public_id", flat=True).first() or ""


def find_by_token(token: str) -> Submission | None:
    """The submission that a secret link opens. It is looked up by a digest, so that the time it takes tells nothing."""
    if not TOKEN.fullmatch(token):
        return None
    known = Submission.objects.using(DEFAULT_DB_ALIAS).select_related("incident", "partner")
    return known.filter(link_digest=digest_of(token)).first()
