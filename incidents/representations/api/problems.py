"""What can go wrong at the API, as values: each kind of problem has a name, an address that explains it, and a status.

An answer that is an error is a problem document (RFC 9457): `type`, `title`, `status`, `detail`, and where parameters are
wrong `errors`, one for each.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from django.conf import settings
from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"
CURSOR_PATTERN = "[A-Za-z0-9_-]{22,1000}"
"""How cursors are written; whether one opens anything, only the portal can tell."""

CHALLENGE = 'Bearer realm="api"'
"""How to show who one is (RFC 9110, section 11.6.1; RFC 6750, section 3)."""

NO_PLACE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem.

    Attributes:
        name: the last part of its address, for ever.
        status: the HTTP status it comes with.
        title: what it is, in a few words that do not vary.
        meaning: what has happened, for the page that explains it.
        remedy: what whoever wrote the program does about it.
    """

    name: str
    status: int
    title: str
    meaning: str
    remedy: str

    @property
    def path(self) -> str:
        """The address of the page that explains it, which is its `type`."""
        return f"/api/problems/{self.name}/"


KINDS: dict[str, Kind] = {}


def _kind(name: str, status: HTTPStatus, title: str, *, meaning: str, remedy: str) -> Kind:
    KINDS[name] = Kind(name, status.value, title, meaning, remedy)
    return KINDS[name]


INVALID_PARAMETERS = _kind(
    "invalid-parameters",
    HTTPStatus.BAD_REQUEST,
    "Some parameters cannot be understood",
    meaning="A parameter has a name that this address does not know, or a value that it cannot have. Nothing is ignored "
    "silently, because an answer to another question than the one you asked would look right.",
    remedy="Read “errors”: each names the parameter, says what is wrong, lists what is allowed where that is a list, and "
    "gives what is nearest to what you wrote.",
)
INVALID_CURSOR = _kind(
    "invalid-cursor",
    HTTPStatus.BAD_REQUEST,
    "This is no cursor",
    meaning="A cursor is a sealed text of at least 22 letters, digits, “-” and “_”. What was given cannot be one.",
    remedy="Use cursors as you received them: “next” and “previous” of an answer, or “after” of an export.",
)
UNKNOWN_CURSOR = _kind(
    "unknown-cursor",
    HTTPStatus.CONFLICT,
    "This cursor opens nothing here",
    meaning="It is written as cursors are. But it was changed or cut on its way, belongs to another list or another order, or "
    "was made under a secret that the portal has given up.",
    remedy="Use cursors as you received them, with the parameters you received them for. If a cursor of “changes” is refused "
    "that you have kept as it was, start again with “released_since” set to the time of the last release you have: "
    "advisory and release number tell you what you know already.",
)
CLEARANCE_RAISED = _kind(
    "clearance-raised",
    HTTPStatus.CONFLICT,
    "You may see more now than when this cursor was made",
    meaning="The cursor was given to a caller with a lower clearance. Going on from it would leave out what was released "
    "before and only you may see.",
    remedy="Start “changes” again without “after”, and replace your copy by what comes.",
)
HISTORY_REPLACED = _kind(
    "history-replaced",
    HTTPStatus.CONFLICT,
    "This cursor is of a history that the portal no longer has",
    meaning="The release at which the cursor stands is not in the ledger, or another one is in its place. The portal was set "
    "back to an older backup, so you may hold releases that it does not know, and it may have told others since.",
    remedy="Start “changes” again without “after”, or with a new export, and replace your copy by what comes.",
)
RANGE_NOT_SATISFIABLE = _kind(
    "range-not-satisfiable",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    "The file has no such part",
    meaning="The header “Range” asks for a part that begins behind the end of the file.",
    remedy="Read the length of the file from “Content-Range” in this answer, or from “bytes” in the list of exports.",
)
BAD_REQUEST = _kind(
    "bad-request",
    HTTPStatus.BAD_REQUEST,
    "The request cannot be understood",
    meaning="Something about the request itself is not as HTTP wants it, such as its host, its length or its encoding.",
    remedy="Compare the request with the examples in the documentation.",
)
NOT_AUTHENTICATED = _kind(
    "not-authenticated",
    HTTPStatus.UNAUTHORIZED,
    "The key opens nothing here",
    meaning="There is no key where one is needed, or the one in the header “Authorization” is unknown, has expired, was revoked, "
    "or may not be used from where you call.",
    remedy="Read “detail”. Send the key as “Authorization: Bearer”, or as the password of Basic. Without the header you are "
    "answered as the public.",
)
INSUFFICIENT_SCOPE = _kind(
    "insufficient-scope",
    HTTPStatus.FORBIDDEN,
    "Your key is not made for this",
    meaning="The key is good, and does not have the scope that this address asks for.",
    remedy="Use or make a key with the scope that “detail” names.",
)
RATE_LIMITED = _kind(
    "rate-limited",
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many requests in a short time",
    meaning="More requests came than the limit lets pass: with your key, or without one from your address. “violated-policies” "
    "names the limit, and “RateLimit-Policy” says how many requests pass (q) in how many seconds (w).",
    remedy="Wait as many seconds as “Retry-After” says, then go on where you were: nothing is lost, cursors stay valid. "
    "“RateLimit” in every answer says how many requests are left (r), and for how long (t). A copy needs few requests: ask "
    "“changes” with “limit=200”, or begin with an export.",
)
NOT_FOUND = _kind(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "There is nothing at this address",
    meaning="Nothing has this address, or nothing that you may know of: what is above your clearance does not exist for "
    "you. An advisory that was published does not vanish; a withdrawn one stays and says so.",
    remedy="Take addresses from answers instead of making them up, and mind the slash at the end.",
)
METHOD_NOT_ALLOWED = _kind(
    "method-not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "This address does not take that method",
    meaning="The address exists, and can be asked by the methods in the header “Allow” only.",
    remedy="Use one of those.",
)
UNSUPPORTED_MEDIA_TYPE = _kind(
    "unsupported-media-type",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The body is of a kind that is not read here",
    meaning="The header “Content-Type” names something else than this address reads.",
    remedy="Send JSON, and say so in that header.",
)
CONTENT_TOO_LARGE = _kind(
    "content-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    meaning="What you sent is larger than this address takes. It was not read.",
    remedy="Send fewer or smaller attachments; “detail” says how much is taken.",
)
INVALID_BODY = _kind(
    "invalid-body",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Some of what you sent is not fit",
    meaning="The body is JSON, and a field of it is missing, has a name that is not known, or a value that it cannot have. "
    "Nothing was stored.",
    remedy="Read “errors”: each names the field in “parameter” and says what is wrong. All of them are named at once.",
)
IDEMPOTENCY_KEY_REUSED = _kind(
    "idempotency-key-reused",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "This Idempotency-Key was used for something else",
    meaning="Your organization has sent another body under the same key. Nothing was stored.",
    remedy="Give each thing you send a key of its own, such as a UUID, and repeat a request with the body it had at first.",
)
IDEMPOTENCY_IN_PROGRESS = _kind(
    "idempotency-in-progress",
    HTTPStatus.CONFLICT,
    "The same is being worked on at this moment",
    meaning="A request with this Idempotency-Key has come and is not answered yet.",
    remedy="Wait a second and repeat the request as it is: you are given the answer of the first.",
)
NOT_PERMITTED = _kind(
    "not-permitted",
    HTTPStatus.FORBIDDEN,
    "This is not open to you",
    meaning="The request is understood, and whoever sent it may not do this.",
    remedy="Ask whoever runs the portal.",
)
NO_PLACE = _kind(
    "no-place-to-listen",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Too many are listening already",
    meaning="A stream of events keeps a place as long as it lasts. All places are taken, or you have as many as one caller may.",
    remedy="Try again after the seconds that “Retry-After” gives, or ask “changes” now and then.",
)
LIMIT_REACHED = _kind(
    "limit-reached",
    HTTPStatus.CONFLICT,
    "There is no room for more of this",
    meaning="A partner may have so many of these and no more, or this is more than can be done at once.",
    remedy="Read “detail”: it says how many there may be. Remove what is no longer needed, or ask for less at a time.",
)
SERVER_ERROR = _kind(
    "server-error",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "A fault on our side",
    meaning="The portal failed while answering. The details are in its log.",
    remedy="Try again in a while; reading twice does no harm.",
)


class ParameterError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong with one parameter.

    Attributes:
        parameter: its name, as it was given.
        detail: what is wrong, in a sentence.
        allowed: what it may be instead, where that is a list.
        nearest: which of those is nearest to what was given; empty where none is near.
    """

    parameter: str
    detail: str
    allowed: tuple[str, ...] = ()
    nearest: str = ""


class Problem(Exception):
    """Raised anywhere in the API to answer with a problem document.

    Args:
        kind: what kind of problem.
        detail: what is the matter this time, in a sentence that may be shown.
        errors: what is wrong with parameters.
        said: further members of the document (RFC 9457, section 3.2).
    """

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        errors: tuple[ParameterError, ...] = (),
        said: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail or kind.title)
        self.kind, self.detail, self.errors, self.said = kind, detail, errors, said or {}


def cursor_problem(cursor: str, *errors: ParameterError) -> Problem:
    """The problem with a cursor that cannot be used: it is none, or none of ours."""
    return Problem(UNKNOWN_CURSOR if re.fullmatch(CURSOR_PATTERN, cursor) else INVALID_CURSOR, errors=errors)


class ProblemDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an error of the API says (RFC 9457).

    Attributes:
        type: the kind of problem, for ever; the address of the page that explains it.
        title: what it is, in a few words that do not vary.
        status: the HTTP status.
        detail: what is the matter this time, in a sentence.
        errors: what is wrong with parameters.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    errors: tuple[ParameterError, ...] = ()


def document_of(problem: Problem, base_url: str) -> ProblemDocument:
    """The problem document of a problem, at a portal with this address."""
    kind = problem.kind
    return ProblemDocument(
        type=base_url + kind.path, title=kind.title, status=kind.status, detail=problem.detail, errors=problem.errors
    )


def problem_answer(problem: Problem) -> HttpResponse:
    """The problem document as an answer (RFC 9457, section 3)."""
    kind = problem.kind
    said = msgspec.to_builtins(document_of(problem, settings.SITE_URL)) | problem.said
    answer = HttpResponse(msgspec.json.encode(said), status=kind.status, content_type=MEDIA_TYPE)
    if kind is NOT_AUTHENTICATED:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    if kind is NO_PLACE:
        answer.headers["Retry-After"] = str(NO_PLACE_SECONDS)
    return answer
