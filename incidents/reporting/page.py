"""The pages `/report/` and `/report/<token>/`. They read nothing of a visitor but what they send, and set no cookie."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from incidents.intake.submissions.models import Submission, SubmissionState
from incidents.intake.submissions.notices import status_path
from incidents.intake.submissions.proposal import ProposalForm
from incidents.intake.submissions.receive import InProgress, Sender, TooMany, take_in_submission
from incidents.intake.submissions.standing import Standing, find_by_token, standing_of
from incidents.reporting.form import ReportForm
from incidents.reporting.stamp import is_from_elsewhere
from incidents.representations.html.page import page
from incidents.vocabulary.date_words import minute_in_words

LARGEST_BODY = 64 * 1024 * 1024
"""In bytes: five files of the largest size, and much text. What is larger is not even read."""
ASKED_AGAIN = ("title", "occurred_from", "occurred_to", "organization", "service", "what_happened", "impact")
_STATES = {
    SubmissionState.RECEIVED: _("Received"),
    SubmissionState.IN_REVIEW: _("Being read"),
    SubmissionState.ACCEPTED: _("Taken up"),
    SubmissionState.PUBLISHED: _("Published"),
    SubmissionState.DECLINED: _("Declined"),
}


@csrf_exempt  # see `stamp.py`: there is no cookie that another site could make use of
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form; what is sent goes to the inbox, and its sender to the secret link."""
    if request.method != "POST":
        return _form_page(request, ReportForm(), status=200)
    if _length(request) > LARGEST_BODY:
        context = {"page_title": gettext("Too large"), "robots": "noindex"}
        return page(request, "report/too_large.html", context, status=413)
    form = ReportForm(request.POST, request.FILES)
    if is_from_elsewhere(request):
        form.add_error(None, gettext("Another site sent this form. If it was you, look it over and send it from here."))
        return _form_page(request, form, status=403)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    return _take_in(request, form)


@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Where a report stands, for whoever has its link.

    Raises:
        Http404: no report has this link.
    """
    submission = find_by_token(token)
    if submission is None:
        raise Http404("No report has this link.")
    standing = standing_of(submission)
    context = {
        "page_title": gettext("Report %(reference)s") % {"reference": submission.reference},
        "robots": "noindex, nofollow",
        "submission": submission,
        "standing": standing,
        "steps": _steps(submission, standing),
        "said": _said(submission),
        "files": list(submission.files.all()),
        "state": _STATES[standing.state],
    }
    return page(request, "report/status.html", context)


def _form_page(request: HttpRequest, form: ReportForm, *, status: int) -> HttpResponse:
    title = gettext("Report an incident")
    context = {
        "page_title": gettext("Error: %(title)s") % {"title": title} if form.errors else title,
        "page_description": gettext("Tell the editors of a cyber incident. You need no account."),
        "canonical_path": reverse("report:form"),
        "form": form,
    }
    return page(request, "report/form.html", context, status=status)


def _take_in(request: HttpRequest, form: ReportForm) -> HttpResponse:
    sender = Sender(None, request.META.get("REMOTE_ADDR", ""))
    try:
        submission = take_in_submission(proposal=form.proposal, sender=sender, files=form.inspected, once=form.once)
    except TooMany as refusal:
        minutes = -(-refusal.retry_after // 60)
        told = ngettext(
            "A lot has come from your address. More is taken in %(number)d minute.",
            "A lot has come from your address. More is taken in %(number)d minutes.",
            minutes,
        )
        form.add_error(None, told % {"number": minutes})
        response = _form_page(request, form, status=429)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    except InProgress:
        form.add_error(None, gettext("This report is being received already. Wait a moment and send it once more."))
        return _form_page(request, form, status=409)
    return HttpResponse(status=303, headers={"Location": status_path(submission)})


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way of a report; without a time it is still to come, or was passed over."""

    label: Any
    at: datetime | None
    is_now: bool

    @property
    def time(self) -> str:
        """When it was reached, in words."""
        return minute_in_words(self.at.astimezone(UTC)) if self.at else ""


def _steps(submission: Submission, standing: Standing) -> list[Step]:
    state = standing.state
    steps = [Step(_STATES[SubmissionState.RECEIVED], submission.received_at, state is SubmissionState.RECEIVED)]
    if submission.review_began_at:
        now = state is SubmissionState.IN_REVIEW
        steps.append(Step(_STATES[SubmissionState.IN_REVIEW], submission.review_began_at, now))
    if state in (SubmissionState.ACCEPTED, SubmissionState.PUBLISHED):
        now = state is SubmissionState.ACCEPTED
        steps.append(Step(_STATES[SubmissionState.ACCEPTED], submission.decided_at, now))
    if state in (SubmissionState.PUBLISHED, SubmissionState.DECLINED):
        steps.append(Step(_STATES[state], submission.decided_at if state is SubmissionState.DECLINED else None, True))
    return steps


def _said(submission: Submission) -> list[tuple[Any, str]]:
    """What the sender wrote, under the names that the form asked for it by."""
    labels = {name: field.label for name, field in ProposalForm.base_fields.items()}
    said = [(labels[name], str(getattr(submission, name))) for name in ASKED_AGAIN if getattr(submission, name)]
    lists = [(labels[name], "\n".join(getattr(submission, name))) for name in ("sources", "techniques")]
    return said + [(label, lines) for label, lines in lists if lines] + [(labels["tlp"], submission.get_tlp_display())]


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0
