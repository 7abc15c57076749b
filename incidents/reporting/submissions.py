"""`/api/v1/submissions/`: partners send proposed incidents in, and ask what became of them."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, ClassVar

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DEFAULT_DB_ALIAS
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.request import Request

from incidents.intake.submissions.files import MOST_FILES, Inspected, inspect_files
from incidents.intake.submissions.models import (
    LONGEST_KEY,
    Submission,
    SubmissionState,
)
from incidents.intake.submissions.notices import status_path
from incidents.intake.submissions.proposal import Proposal, ProposalForm
from incidents.intake.submissions.receive import (
    InProgress,
    KeyReused,
    Once,
    Sender,
    find_earlier,
    take_in_submission,
)
from incidents.intake.submissions.standing import standing_of
from incidents.partners.models import ApiKey
from incidents.partners.scopes import Scope
from incidents.reporting.shapes import EXAMPLE, AttachmentAnswer, SubmissionAnswer, SubmissionGiven
from incidents.representations.api.acts import Act, header
from incidents.representations.api.answer import MEDIA_TYPE, json_answer
from incidents.representations.api.problems import (
    BAD_REQUEST,
    CONTENT_TOO_LARGE,
    IDEMPOTENCY_IN_PROGRESS,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_BODY,
    UNSUPPORTED_MEDIA_TYPE,
    ParameterError,
    Problem,
)
from incidents.representations.api.view import ApiView

LISTS = ("techniques", "sources")
FILES = "attachments"
FIELDS = (*ProposalForm.base_fields, FILES)
KEY = re.compile(
    rf'(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{{1,{LONGEST_KEY}}})"|([\x21\x23-\x5b\x5d-\x7e]{{1,{LONGEST_KEY}}}))'
)
"""A string of RFC 9651, section 3.3.3; without its quotes too, because many clients leave them out."""

IDEMPOTENCY = header(
    "Idempotency-Key",
    "Makes it safe to send again when no answer came: for the same key and body you are given the first answer. A text in "
    "quotes, such as a UUID.",
    KEY,
    example='"8e03978e-40d5-43e8-bc93-6894a57f9324"',
)


class SubmissionList(ApiView):
    """Where submissions are sent."""

    scope: ClassVar[Scope] = Scope.SUBMIT
    acts: ClassVar[Mapping[str, Act]] = {
        "post": Act(
            name="send_submission",
            body=SubmissionGiven,
            example=EXAMPLE,
            status=HTTPStatus.CREATED,
            shape=SubmissionAnswer,
            has_location=True,
            headers=(IDEMPOTENCY,),
            problems=(
                UNSUPPORTED_MEDIA_TYPE,
                CONTENT_TOO_LARGE,
                INVALID_BODY,
                IDEMPOTENCY_KEY_REUSED,
                IDEMPOTENCY_IN_PROGRESS,
            ),
        )
    }

    def post(self, request: Request) -> HttpResponseBase:
        """Send a proposed incident in. Editors look at it; its reference is the way to ask what became of it. For the same
        `Idempotency-Key` the same answer comes again.
        """
        self.read(request)
        key = _key_of(self.caller.key)
        body = read_body(request)
        once = read_once(request, key, body)
        try:
            submission = find_earlier(once) if once else None
            if submission is None:
                proposal, files = read_proposal(body)
                sender = Sender(key, request.META.get("REMOTE_ADDR", ""))
                submission = take_in_submission(proposal=proposal, sender=sender, files=files, once=once)
        except KeyReused:
            raise Problem(IDEMPOTENCY_KEY_REUSED) from None
        except InProgress:
            raise Problem(IDEMPOTENCY_IN_PROGRESS) from None
        told = describe(submission, SubmissionState.RECEIVED)
        answer = HttpResponse(msgspec.json.encode(told), status=HTTPStatus.CREATED, content_type=MEDIA_TYPE)
        answer.headers["Location"] = told.url
        return answer


class SubmissionOne(ApiView):
    """What became of something that your organization has sent in."""

    scope: ClassVar[Scope] = Scope.SUBMIT
    shape: ClassVar[Any] = SubmissionAnswer

    def get(self, request: Request, reference: str) -> HttpResponseBase:
        """Where it stands.

        Raises:
            Http404: the caller's organization has sent none with this reference.
        """
        self.read(request)
        own = Submission.objects.using(DEFAULT_DB_ALIAS).select_related("incident", "partner")
        submission = own.filter(reference=reference, partner=_key_of(self.caller.key).partner).first()
        if submission is None:
            raise Http404("You have sent nothing with this reference.")
        return json_answer(request, msgspec.json.encode(describe(submission)))


def describe(submission: Submission, state: SubmissionState | None = None) -> SubmissionAnswer:
    """What its sender is told.

    Args:
        submission: what was sent.
        state: as it stood when it came, for an answer that shall not change; as it stands now if None.
    """
    standing, path = standing_of(submission), status_path(submission)
    is_now = state is None
    decided_at = submission.decided_at.isoformat() if is_now and submission.decided_at else None
    advisory = reverse("advisories:detail", args=[standing.public_id]) if is_now and standing.public_id else ""
    return SubmissionAnswer(
        reference=submission.reference,
        url=settings.SITE_URL + reverse("api:submission", args=[submission.reference]),
        status_url=settings.SITE_URL + path if path else None,
        state=(state or standing.state).value,
        title=submission.title,
        received_at=submission.received_at.isoformat(),
        decided_at=decided_at,
        reason=(standing.reason or None) if is_now else None,
        advisory=settings.SITE_URL + advisory if advisory else None,
        attachments=tuple(
            AttachmentAnswer(name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256)
            for file in submission.files.all()
        ),
    )


def read_body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        Problem: it is too large, or none.
    """
    if request.content_type.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Problem(UNSUPPORTED_MEDIA_TYPE, f"Send “Content-Type: {MEDIA_TYPE}”.")
    try:
        body = msgspec.json.decode(request._request.body)
    except RequestDataTooBig:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_048_576
        raise Problem(CONTENT_TOO_LARGE, f"At most {most} MB are taken, attachments in base64 included.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Problem(BAD_REQUEST, f"The body is no JSON: {fault}") from None
    if not isinstance(body, dict):
        raise Problem(INVALID_BODY, "The body has to be a JSON object.")
    return body


def read_once(request: Request, key: ApiKey, body: dict[str, Any]) -> Once | None:
    """What the header `Idempotency-Key` says; None where there is none. Keys are the partner's, so that they outlive an API key.

    Raises:
        Problem: it cannot be read.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    spelled = KEY.fullmatch(given.strip())
    if spelled is None:
        detail = f"“Idempotency-Key” is a text of up to {LONGEST_KEY} visible signs in quotes, such as a UUID."
        raise Problem(BAD_REQUEST, detail)
    fingerprint = hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()
    return Once(f"partner {key.partner_id}", spelled[1] or spelled[2], fingerprint)


def read_proposal(body: dict[str, Any]) -> tuple[Proposal, list[Inspected]]:
    """The proposal and the files that a body holds.

    Raises:
        Problem: some of it is not fit; all of it is named.
    """
    errors = [
        ParameterError(
            parameter=name[:80],
            detail=f"There is no field “{name[:80]}”.",
            allowed=FIELDS,
            nearest=next(iter(get_close_matches(name.lower()[:60], FIELDS, n=1)), ""),
        )
        for name in body
        if name not in FIELDS
    ]
    texts: dict[str, str] = {}
    for name in ProposalForm.base_fields:
        value = body.get(name)
        if name in LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
            texts[name] = "\n".join(one.replace("\n", " ") for one in value)
        elif name not in LISTS and isinstance(value, str):
            texts[name] = value
        elif value is not None:
            wanted = "a list of texts" if name in LISTS else "a text"
            errors.append(ParameterError(parameter=name, detail=f"“{name}” has to be {wanted}."))
    form = ProposalForm(texts)
    refused = {error.parameter for error in errors}
    errors += [
        ParameterError(parameter=name, detail=str(sentence), allowed=_allowed(name))
        for name, sentences in form.errors.items()
        if name not in refused
        for sentence in sentences
    ]
    files, problems = _read_files(body.get(FILES))
    errors += [ParameterError(parameter=FILES, detail=problem) for problem in problems]
    if errors:
        raise Problem(INVALID_BODY, errors=tuple(errors))
    return form.proposal, files


def _read_files(given: object) -> tuple[list[Inspected], list[str]]:
    if given is None:
        return [], []
    shape = f"“{FILES}” has to be a list of up to {MOST_FILES} objects with “name” and “content” (base64)."
    if not isinstance(given, list) or len(given) > MOST_FILES:
        return [], [shape]
    found: list[tuple[str, bytes]] = []
    for number, one in enumerate(given):
        try:
            name, content = one["name"], one["content"]
            found.append((str(name), base64.b64decode(content, validate=True)))
        except (TypeError, KeyError, ValueError, binascii.Error):
            return [], [f"{FILES}[{number}]: {shape}"]
    return inspect_files(found)


def _allowed(name: str) -> tuple[str, ...]:
    choices = getattr(ProposalForm.base_fields.get(name), "choices", ())
    return tuple(str(value) for value, _ in choices)


def _key_of(key: ApiKey | None) -> ApiKey:
    assert key is not None  # noqa: S101  for the type checker: nobody has the scope without a key
    return key
