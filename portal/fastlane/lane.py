"""Who answers: the lane from stored bytes, or Django. Whatever is unusual goes to Django."""

import logging
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import ip_network
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from incidents.publication.filters import AdvisoryFilter
from incidents.representations.api.urls import parameter_names
from portal.client_address import is_within
from portal.fastlane.negotiate import IDENTITY, check_conditions, choose_coding, encode_body, etag_of, may_have
from portal.fastlane.pages import Page, PageCache
from portal.fastlane.stored import Stored, UnreadableError
from portal.headers import Header, is_api, is_public, make_etag, may_be_stored, public_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLAIN_PATH = re.compile(r"/(?:[A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*")
EXPORT_FILE = re.compile(r"/api/v[0-9]+/exports/[^/]+")
"""Streams, of which parts may be asked for: Django answers them."""
LIVE = re.compile(r"/api/v[0-9]+/changes/(?:stream/|\?(?:.*&)?wait=)")
"""Answers that wait for the next release, found by their path and query: Django answers them too."""
LONGEST_PATH = 300
LONGEST_QUERY = 1000
MOST_FIELDS = 40
LARGEST_PAGE = 8_000_000
"""In bytes; what is larger is passed on as it comes."""

PARAMETERS = frozenset(AdvisoryFilter.base_filters)
API_PARAMETERS = parameter_names()
"""Names that a query string may hold for its page, or its answer of the API, to be kept."""

# All that Django learns of the visitor of a public page; so the page cannot depend on anything else.
TOLD = frozenset({"HTTP_ACCEPT", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"})
SET_BY_THE_LANE = frozenset({"content-type", "content-length", "etag", "last-modified"})
ONLY_WITH_CONTENT = frozenset({"accept-ranges", "content-disposition", "content-language", "link"})
OF_ONE_CALLER = frozenset({"ratelimit"})
"""What stands in the answer to whoever had the page built, and in no other."""
STATUS_LINES = {200: "200 OK", 304: "304 Not Modified", 412: "412 Precondition Failed"}

logger = logging.getLogger(__name__)


class FastLane:
    """A WSGI application in front of Django's."""

    def __init__(self, django: "WSGIApplication") -> None:
        self.django = django
        self.stored = Stored()
        room_bytes = settings.PAGE_CACHE_MB * 1_000_000
        self.pages = PageCache(room_bytes * 3 // 4)
        self.at_hand = PageCache(room_bytes // 4)
        self.hosts = tuple(settings.ALLOWED_HOSTS)
        self.host = choose_host(settings.SITE_URL, settings.ALLOWED_HOSTS)
        self.hsts_seconds: int = settings.SECURE_HSTS_SECONDS
        self.https_header: tuple[str, str] | None = settings.SECURE_PROXY_SSL_HEADER
        self.proxies = [ip_network(entry, strict=False) for entry in settings.TRUSTED_PROXIES]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not is_public(environ["PATH_INFO"]):
            return self.django(environ, start_response)
        if not is_usual(environ) or not is_served(environ.get("HTTP_HOST", ""), self.hosts):
            environ.pop("HTTP_COOKIE", None)
            return self.django(environ, start_response)
        try:
            return self.answer(environ, start_response)
        except UnreadableError as problem:
            logger.warning("The fast lane cannot read the database: %s", problem)
            environ.pop("HTTP_COOKIE", None)
            return self.django(environ, start_response)

    def answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a usual request for a public page: from a rendition, from memory, or with what Django builds now.

        Raises:
            UnreadableError: the database did not answer.
        """
        edition = self.stored.edition()
        coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        page = self.find_rendition(environ, coding, edition)
        names = API_PARAMETERS if is_api(environ["PATH_INFO"]) else PARAMETERS
        query = canonical_query(environ["QUERY_STRING"], names)
        if page is None and query is not None:
            page = self.find_page(self.key_of(environ, query), coding, edition)
        if page is not None:
            return send(page, coding, environ, start_response)
        if query is None:
            return self.build(environ, start_response, coding, query=environ["QUERY_STRING"], edition=None)
        return self.build(environ, start_response, coding, query=query, edition=edition)

    def find_rendition(self, environ: "WSGIEnvironment", coding: str, edition: int) -> Page | None:
        """The stored rendition at an address, whatever its query string; those asked for often are at hand.

        Raises:
            UnreadableError: the database did not answer.
        """
        path, is_secure = environ["PATH_INFO"], self.is_secure(environ)
        key = (path, coding, "https" if is_secure else "http")
        page = self.at_hand.get(key, edition)
        if page is None:
            found = self.stored.rendition(path, coding)
            if found is None:
                return None
            media_type, body, has_coding, etag, modified = found
            headers = public_headers(hsts_seconds=self.hsts_seconds if is_secure else 0)
            page = Page(media_type, headers, etag, modified, {has_coding: body})
            self.at_hand.put(key, page, edition)
        return page

    def find_page(self, key: tuple[str, ...], coding: str, edition: int) -> Page | None:
        """The page kept under a key; where nobody has asked for it in this coding yet, it is kept in this one too."""
        page = self.pages.get(key, edition)
        if page is None:
            return None
        encoded = with_coding(page, coding)
        if encoded is not page:
            self.pages.put(key, encoded, edition)
        return encoded

    def build(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        coding: str,
        *,
        query: str,
        edition: int | None,
    ) -> Iterable[bytes]:
        """Let Django build the page for a visitor without qualities, and keep it under the edition read before, if any."""
        status, headers, chunks = ask_django(self.django, anonymous(environ, query, self.host))
        if not status.startswith("200 ") or not may_be_stored(headers) or length_of(headers) > LARGEST_PAGE:
            start_response(status, headers)
            if environ["REQUEST_METHOD"] == "HEAD":
                close(chunks)
                return []
            return chunks
        page = with_coding(make_page(headers, read_all(chunks)), coding)
        if edition is not None:
            self.pages.put(self.key_of(environ, query), page, edition)
        own = tuple(header for header in headers if header[0].lower() in OF_ONE_CALLER)
        return send(page._replace(headers=page.headers + own), coding, environ, start_response)

    def key_of(self, environ: "WSGIEnvironment", query: str) -> tuple[str, ...]:
        """What a page is kept under: its address and scheme; it is the same under every name of ours."""
        scheme = "https" if self.is_secure(environ) else "http"
        return scheme, environ["PATH_INFO"], query

    def is_secure(self, environ: "WSGIEnvironment") -> bool:
        """Whether the client came by https, directly or through a proxy that we trust; as Django sees it."""
        if environ["wsgi.url_scheme"] == "https":
            return True
        if self.https_header is None:
            return False
        name, secure = self.https_header
        told = environ.get(name, "").partition(",")[0].strip()
        return told == secure and is_within(environ.get("REMOTE_ADDR", ""), self.proxies)


def is_usual(environ: "WSGIEnvironment") -> bool:
    """Whether the lane understands all of a request for a public page; it leaves the rest to Django."""
    path = environ["PATH_INFO"]
    return (
        len(path) <= LONGEST_PATH
        and PLAIN_PATH.fullmatch(path) is not None
        and not environ.get("SCRIPT_NAME")
        and "HTTP_AUTHORIZATION" not in environ
        and not EXPORT_FILE.fullmatch(path)
        and not (is_api(path) and LIVE.match(f"{path}?{environ['QUERY_STRING']}"))
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
        and "HTTP_TRANSFER_ENCODING" not in environ
    )


@lru_cache(maxsize=256)
def is_served(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a Host header names us; Django answers 400 to the others."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, list(allowed))


def choose_host(site_url: str, allowed: Sequence[str]) -> str:
    """The one name under which Django builds pages: that of the site, or the first served where that one is not."""
    site = urlsplit(site_url)
    if not allowed or validate_host((site.hostname or "").lower(), allowed):
        return site.netloc
    return allowed[0].removeprefix(".")


@lru_cache(maxsize=1024)
def canonical_query(query: str, names: frozenset[str] = PARAMETERS) -> str | None:
    """A query string in the one spelling under which its page is kept; None if such a page is not to be kept.

    The parameters are sorted by name, the values of one name stay in order, empty ones go. Names that no page knows,
    such as those of campaigns, would fill the memory with copies of the same page.
    """
    if not query:
        return ""
    if len(query) > LONGEST_QUERY or not query.isascii():
        return None
    try:
        fields = parse_qsl(query, max_num_fields=MOST_FIELDS, keep_blank_values=True)
    except ValueError:
        return None
    if any(name not in names or "\0" in value for name, value in fields):
        return None
    return urlencode(sorted((field for field in fields if field[1]), key=lambda field: field[0]))


def anonymous(environ: "WSGIEnvironment", query: str, host: str) -> "WSGIEnvironment":
    """The request as anybody could have made it: GET, no cookies, no conditions, no preferences, a name of our choice."""
    told = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in TOLD}
    return {**told, "REQUEST_METHOD": "GET", "QUERY_STRING": query, "HTTP_HOST": host}


def ask_django(django: "WSGIApplication", environ: "WSGIEnvironment") -> tuple[str, list[Header], Iterable[bytes]]:
    """What Django answers: status, headers, body."""
    said: list[tuple[str, list[Header]]] = []

    def note(status: str, headers: list[Header], exc_info: object = None, /) -> object:
        said.append((status, headers))
        return None

    chunks = django(environ, note)  # type: ignore[arg-type]  # Django never calls what start_response returns
    status, headers = said[-1]
    return status, headers, chunks


def length_of(headers: list[Header]) -> float:
    """The length of a body that is not streamed, in bytes; infinite for one that is."""
    return next((int(value) for name, value in headers if name.lower() == "content-length"), float("inf"))


def read_all(chunks: Iterable[bytes]) -> bytes:
    """The whole body; Django is told that it was sent."""
    try:
        return b"".join(chunks)
    finally:
        close(chunks)


def close(chunks: Iterable[bytes]) -> None:
    """Tell Django that nobody waits for the body any more (PEP 3333)."""
    if hasattr(chunks, "close"):
        chunks.close()


def make_page(headers: list[Header], body: bytes) -> Page:
    """A page from Django's good answer."""
    said = {name.lower(): value for name, value in headers}
    media_type = said.get("content-type", "application/octet-stream")
    return Page(
        media_type=media_type,
        headers=tuple(header for header in headers if header[0].lower() not in SET_BY_THE_LANE | OF_ONE_CALLER),
        etag=said.get("etag") or make_etag(body),
        modified=said.get("last-modified", ""),
        bodies={IDENTITY: body},
    )


def with_coding(page: Page, coding: str) -> Page:
    """A page that has its bytes in a coding too, where that is worth while. Only what is asked for is compressed."""
    body = page.bodies[IDENTITY]
    if coding in page.bodies or not may_have(coding, body, page.media_type):
        return page
    return page._replace(bodies={**page.bodies, coding: encode_body(body, coding)})


def send(page: Page, coding: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Send a page in a coding it has, or say that the client has it already (RFC 9110, section 15.4.5)."""
    if coding not in page.bodies:
        coding = IDENTITY
    etag = etag_of(page.etag, coding)
    validators = [("ETag", etag), ("Last-Modified", page.modified)] if page.modified else [("ETag", etag)]
    status = check_conditions(environ, etag, page.modified)
    if status != 200:
        kept = [header for header in page.headers if header[0].lower() not in ONLY_WITH_CONTENT]
        start_response(STATUS_LINES[status], kept + validators)
        return []
    body = page.bodies[coding]
    headers = [("Content-Type", page.media_type), ("Content-Length", str(len(body))), *page.headers, *validators]
    if coding:
        headers.append(("Content-Encoding", coding))
    start_response(STATUS_LINES[200], headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
