"""Letters about submissions: to editors that one came, to its sender what was decided.

The sender's address is not proved to be theirs. So nothing is written to it before an editor has decided, and a letter repeats
nothing of what was sent: it cannot be used to send one's own words to somebody else.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from incidents.intake.submissions.link import find_token
from incidents.intake.submissions.models import Submission, SubmissionState
from incidents.intake.submissions.standing import standing_of
from incidents.vocabulary.languages import DEFAULT, LANGUAGES

log = logging.getLogger(__name__)


def tell_editors(submission: Submission) -> None:
    """Write to those who watch the inbox that something came; what it says stays at the desk."""
    if settings.INBOX_NOTICES_TO:
        place = reverse("admin:incidents_submission_change", args=[submission.pk])
        sender = f"a partner, {submission.partner}" if submission.partner else "the public form"
        text = f"{submission.reference} came in through {sender}.\n\n{settings.SITE_URL}{place}\n"
        _send(f"[{settings.SITE_NAME}] {submission.reference} came in", text, list(settings.INBOX_NOTICES_TO))


def tell_sender(submission: Submission) -> None:
    """Write to the sender, if there is an address, where their submission stands."""
    if not submission.contact_email:
        return
    with translation.override(_language_of(submission)):
        standing = standing_of(submission)
        subject = gettext("Your report %(reference)s") % {"reference": submission.reference}
        text = "\n\n".join(
            filter(None, [_sentence(standing.state), standing.reason, _address(submission, standing.public_id)])
        )
    _send(f"[{settings.SITE_NAME}] {subject}", f"{text}\n", [submission.contact_email])


def status_path(submission: Submission) -> str:
    """The path of the secret link, in the language that is active; empty if it cannot be told any more."""
    token = find_token(submission.seed, submission.link_digest)
    return reverse("report:status", args=[token]) if token else ""


def _address(submission: Submission, public_id: str) -> str:
    path = reverse("advisories:detail", args=[public_id]) if public_id else status_path(submission)
    return f"{settings.SITE_URL}{path}" if path else ""


def _sentence(state: SubmissionState) -> str:
    match state:
        case SubmissionState.PUBLISHED:
            return gettext("An advisory came of your report. You can read it here.")
        case SubmissionState.DECLINED:
            return gettext("We have read your report and shall not publish it. This is why.")
    return gettext("We have taken up your report and are working on it. Nothing is published yet.")


def _language_of(submission: Submission) -> str:
    first = submission.language.lower()
    known = [language.code for language in LANGUAGES]
    return first if first in known else next((code for code in known if code == first.partition("-")[0]), DEFAULT.code)


def _send(subject: str, text: str, to: list[str]) -> None:
    """A letter that cannot be sent is noted in the log and holds up nothing."""
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, to)
    except (OSError, SMTPException, ValueError):
        log.exception("A notice could not be sent.")
