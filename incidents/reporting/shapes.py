"""Submissions as the API is sent them, and as it tells of them."""

from typing import Annotated

import msgspec

from incidents.intake.submissions.files import MOST_FILES
from incidents.intake.submissions.models import LONGEST_IMPACT, LONGEST_TEXT
from incidents.intake.submissions.proposal import LONGEST_ADDRESS, MOST_LINES, TECHNIQUE
from incidents.vocabulary.dates import PARTIAL_DATE_PATTERN
from incidents.vocabulary.language_tags import LANGUAGE_PATTERN
from incidents.vocabulary.tlp import TLP

_HAS_TEXT = msgspec.Meta(pattern=r"[^\s\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_DATE = msgspec.Meta(pattern=PARTIAL_DATE_PATTERN)
_TECHNIQUE = msgspec.Meta(pattern=f"^({TECHNIQUE.pattern})$")
_ADDRESS = msgspec.Meta(max_length=LONGEST_ADDRESS, pattern="^https?://", extra_json_schema={"format": "uri"})


class AttachmentGiven(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is sent in.

    Attributes:
        name: as you call it.
        content: all of it, in base64. Pictures, PDF, text, CSV, JSON, network captures and archives are taken, up to 10 MB.
    """

    name: str
    content: Annotated[str, msgspec.Meta(extra_json_schema={"contentEncoding": "base64"})]


class SubmissionGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proposed incident. It is read by the rules of the page with the same fields; this says them to programs.

    Attributes:
        title: what happened to whom, in one line.
        what_happened: in the order of events; what you saw yourself and what you only heard, without passwords.
        occurred_from: since when, as far as you know it: 2025, 2025-01, 2025-01-27 or 2025-01-27T13:33Z.
        occurred_to: until when; not before the beginning.
        organization: the one concerned.
        service: the one concerned.
        impact: what no longer worked, whose data was seen, what it cost.
        techniques: ids of MITRE ATT&CK or ATLAS.
        sources: web addresses where one can read about it.
        tlp: who may know it; clear unless said.
        language: tag of the language of your text (BCP 47); en unless said.
        contact_name: yours.
        contact_email: yours; editors write there, and nobody else sees it.
        attachments: files that belong to it.
    """

    title: Annotated[str, _HAS_TEXT, msgspec.Meta(max_length=200)]
    what_happened: Annotated[str, _HAS_TEXT, msgspec.Meta(max_length=LONGEST_TEXT)]
    occurred_from: Annotated[str, _DATE] | None = None
    occurred_to: Annotated[str, _DATE] | None = None
    organization: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    service: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    impact: Annotated[str, msgspec.Meta(max_length=LONGEST_IMPACT)] | None = None
    techniques: Annotated[list[Annotated[str, _TECHNIQUE]], msgspec.Meta(max_length=MOST_LINES)] | None = None
    sources: Annotated[list[Annotated[str, _ADDRESS]], msgspec.Meta(max_length=MOST_LINES)] | None = None
    tlp: TLP | None = None
    language: Annotated[str, msgspec.Meta(max_length=35, pattern=LANGUAGE_PATTERN)] | None = None
    contact_name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    contact_email: Annotated[str, msgspec.Meta(max_length=254, extra_json_schema={"format": "email"})] | None = None
    attachments: Annotated[list[AttachmentGiven], msgspec.Meta(max_length=MOST_FILES)] | None = None


class AttachmentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was sent in.

    Attributes:
        name: a harmless form of yours.
        media_type: told by its content.
        size: in bytes.
        sha256: in hexadecimal digits.
    """

    name: str
    media_type: str
    size: int
    sha256: str


class SubmissionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A submission, as its sender is told of it.

    Attributes:
        reference: what to call it in a letter.
        url: where to ask for its state.
        status_url: a secret page that says the same to people, without a key; null where it cannot be told any more.
        state: received, in_review, accepted, published or declined.
        title: as it was sent.
        received_at: an instant in UTC.
        decided_at: when it was accepted or declined.
        reason: why it was declined.
        advisory: address of the advisory that came of it.
        attachments: its files.
    """

    reference: str
    url: str
    status_url: str | None
    state: str
    title: str
    received_at: str
    decided_at: str | None = None
    reason: str | None = None
    advisory: str | None = None
    attachments: tuple[AttachmentAnswer, ...] = ()


EXAMPLE = {
    "title": "Harbour Bank’s payments stand still",
    "what_happened": "Since noon transfers are refused. The bank confirmed an attack on its supplier in a call.",
    "occurred_from": "2025-01-27",
    "organization": "Harbour Bank",
    "techniques": ["T1195.002"],
    "sources": ["https://news.example/harbour-bank"],
    "tlp": "amber",
    "language": "en",
    "contact_email": "soc@partner.example",
    "attachments": [{"name": "notice.txt", "content": "UGF5bWVudHMgYXJlIHN1c3BlbmRlZC4K"}],
}
