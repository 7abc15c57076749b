"""Every security and cache header the portal sends, for stored pages and for what Django answers alike.

Public addresses are those listed here; whatever is not listed counts as private, so that a forgotten address is slow
rather than leaked. A public page varies by nothing but its address: it may be kept by anybody, but has to be asked for
again each time (which costs a 304), so that a release or a withdrawal is seen at once.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe

from incidents.vocabulary.languages import split_language

PUBLIC_SECTIONS = frozenset(
    {
        *(
            "",
            "about",
            "incidents",
            "organizations",
            "services",
            "techniques",
            "mitigations",
            "actors",
            "tags",
            "insights",
            "api",
        ),
        *("schema", "sitemap.xml", "opensearch.xml", "robots.txt", "favicon.ico", ".well-known"),
    }
)
"""First parts of public addresses: `incidents` for all below `/incidents/`, nothing for the front page."""

OWN_SECTIONS = frozenset({"report"})
"""First parts of addresses that anybody may ask, whose answers are the visitor's own: kept by nobody, never from a replica."""
SECRET_LINK = re.compile(r"/report/[^/]+/")

PUBLIC_CACHE = "public, max-age=0, must-revalidate"
PRIVATE_CACHE = "private, no-store"
NEVER_STORED = ("private", "no-store", "no-cache")

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
# Private pages may frame each other, for the editors' preview, and show the QR code of a second factor as a data: image.
PRIVATE_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; img-src 'self' data:; "
    "object-src 'none'"
)
# The card of an advisory is made to be framed by anybody. It has no script, no form and no cookie, and its links open pages
# of their own that nobody can frame: a page laid over it can steal no more than a click on “read this advisory”.
CARD_PATH = re.compile(r"/incidents/[^/]+/card/")
CARD_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
# Scripts of other sites may read what everybody may read, without credentials: a key has no place in a page's script.
API_PATH = re.compile(r"/api/(?:v[0-9]+|schema)/.*", re.DOTALL)
CORS_HEADERS = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Deprecation, ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, Sunset",
    ),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
PREFLIGHT_HEADERS = (
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "If-Modified-Since, If-None-Match, Last-Event-ID"),
    ("Access-Control-Max-Age", "86400"),
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("browsing-topics", "camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)

Header = tuple[str, str]


@lru_cache(maxsize=256)
def is_public(path: str) -> bool:
    """Whether the address at this path is one that anybody may read and keep, in whichever language."""
    _, path = split_language(path)
    section = path[1:].partition("/")[0]
    return section in PUBLIC_SECTIONS or (section.startswith("sitemap-") and section.endswith(".xml"))


@lru_cache(maxsize=256)
def is_own(path: str) -> bool:
    """Whether anybody may ask this address, and nobody may keep what it answers."""
    return split_language(path)[1][1:].partition("/")[0] in OWN_SECTIONS


def secret_headers(path: str) -> tuple[Header, ...]:
    """What keeps a secret link out of search engines, and out of what other sites are told."""
    if SECRET_LINK.fullmatch(split_language(path)[1]) is None:
        return ()
    return (("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex, nofollow"))


def is_api(path: str) -> bool:
    """Whether the address is one of the API, which programs ask."""
    return API_PATH.fullmatch(path) is not None


def is_by_key(request: HttpRequest) -> bool:
    """Whether somebody asks the API with a key, right or wrong: such an answer is nobody else's."""
    return is_api(request.path_info) and "Authorization" in request.headers


def cors_headers(request: HttpRequest) -> tuple[Header, ...]:
    """What lets scripts of other sites read an answer of the API to somebody without credentials (Fetch, section 3.2)."""
    if not is_api(request.path_info) or is_by_key(request):
        return ()
    return CORS_HEADERS + PREFLIGHT_HEADERS if request.method == "OPTIONS" else CORS_HEADERS


def is_card(path: str, status: int) -> bool:
    """Whether an answer is the card of an advisory: the one kind that other sites may frame. A refusal is none."""
    return status in (200, 304) and CARD_PATH.fullmatch(path) is not None


@lru_cache(maxsize=8)
def security_headers(*, public: bool, hsts_seconds: int, card: bool = False) -> tuple[Header, ...]:
    """The security headers of an answer.

    Args:
        public: whether it answers a public address.
        card: whether it is the card of an advisory, which other sites may frame.
        hsts_seconds: how long browsers shall insist on https; 0 where the client did not come by it (RFC 6797, section 7.2).
    """
    policy = CONTENT_SECURITY_POLICY if public else PRIVATE_CONTENT_SECURITY_POLICY
    headers = [
        ("Content-Security-Policy", CARD_CONTENT_SECURITY_POLICY if card else policy),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", PERMISSIONS_POLICY),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if not card:
        headers.append(("X-Frame-Options", "DENY" if public else "SAMEORIGIN"))
    if hsts_seconds:
        headers.append(("Strict-Transport-Security", f"max-age={hsts_seconds}"))
    return tuple(headers)


@lru_cache(maxsize=4)
def public_headers(*, hsts_seconds: int) -> tuple[Header, ...]:
    """Everything that a public page says besides its type, length, coding and validators."""
    shared = (("Cache-Control", PUBLIC_CACHE), ("Vary", "Accept-Encoding"))
    return (*shared, *security_headers(public=True, hsts_seconds=hsts_seconds))


def may_be_stored(headers: Iterable[Header]) -> bool:
    """Whether an answer with these headers is the same for everybody: no cookie, no reserve, nothing it varies by."""
    for name, value in headers:
        match name.lower():
            case "set-cookie" | "content-encoding":
                return False
            case "cache-control" if any(word in value.lower() for word in NEVER_STORED):
                return False
            case "vary" if value.lower() not in ("", "accept-encoding"):
                return False
    return True


class HeadersMiddleware:
    """Gives each of Django's answers its security and cache headers; a view's own choice stands.

    A good answer at a public address also gets an ETag, and 304 or 412 where the client's conditions say so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and add the headers."""
        response = self.get_response(request)
        public = is_public(request.path_info)
        shared = public and is_for_everybody(response) and not is_by_key(request)
        response.headers.setdefault("Cache-Control", PUBLIC_CACHE if shared else PRIVATE_CACHE)
        if public:
            patch_vary_headers(response, ["Accept-Encoding"])
        if shared and isinstance(response, HttpResponse):
            response = answer_conditions(request, response)
        hsts_seconds = settings.SECURE_HSTS_SECONDS if request.is_secure() else 0
        card = is_card(request.path_info, response.status_code)
        own = (*cors_headers(request), *secret_headers(request.path_info))
        strict = public or is_own(request.path_info)
        for name, value in (*own, *security_headers(public=strict, hsts_seconds=hsts_seconds, card=card)):
            response.headers.setdefault(name, value)
        return response


def is_for_everybody(response: HttpResponseBase) -> bool:
    """Whether a response is no failure and the same for everybody."""
    says_something = response.status_code < 400 or response.status_code in (404, 410)
    return says_something and not response.cookies and may_be_stored(response.items())


def answer_conditions(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response with a validator, or 304 or 412 in its place (RFC 9110, section 13.2)."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    if "ETag" not in response.headers:
        response.headers["ETag"] = make_etag(response.content)
    modified = response.headers.get("Last-Modified")
    answer = get_conditional_response(
        request,
        etag=response.headers["ETag"],
        last_modified=parse_http_date_safe(modified) if modified else None,
        response=response,
    )
    return answer or response


def make_etag(body: bytes) -> str:
    """A strong validator for exactly these bytes (RFC 9110, section 8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
