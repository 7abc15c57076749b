"""What somebody sends in."""

from typing import Any

from incidents.intake.submissions.files import inspect_file
from incidents.intake.submissions.models import Submission
from incidents.intake.submissions.notices import status_path
from incidents.intake.submissions.proposal import Proposal
from incidents.intake.submissions.receive import Sender, take_in_submission
from incidents.partners.models import ApiKey


def make_submission(
    title: str = "Harbour Bank’s payments stand still",
    *,
    key: ApiKey | None = None,
    address: str = "192.0.2.7",
    files: dict[str, bytes] | None = None,
    **fields: Any,
) -> Submission:
    """A submission from the public form, or with a partner's key."""
    proposal = Proposal(title=title, **{"what_happened": "Since this morning no payment arrives.", **fields})
    inspected = [inspect_file(name, content) for name, content in (files or {}).items()]
    return take_in_submission(proposal=proposal, sender=Sender(key, address), files=inspected)


def link_of(submission: Submission) -> str:
    """The secret link of a submission."""
    return status_path(submission)
