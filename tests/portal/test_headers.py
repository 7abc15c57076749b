"""Security and cache headers of what Django answers."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

from portal.headers import CONTENT_SECURITY_POLICY, OWN_SECTIONS, HeadersMiddleware, is_public
from tests.factories import make_editor

# First parts of addresses that are nobody's but the visitor's, or the server's own.
PRIVATE_SECTIONS = {"accounts", "admin", "healthz", "partners", "readyz", "static"}


def answer(path: str, response: HttpResponse | None = None, *, secure: bool = False, **request: str) -> HttpResponse:
    """What leaves the middleware when a view answers so."""
    given = HttpResponse("text") if response is None else response
    asked = RequestFactory().get(path, headers=request, secure=secure)
    passed = HeadersMiddleware(lambda _: given)(asked)
    assert isinstance(passed, HttpResponse)
    return passed


def test_public_page_says_what_browsers_may_do_with_it() -> None:
    assert dict(answer("/incidents/").items()) == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Vary": "Accept-Encoding",
        "ETag": '"982d9e3eb996f559e633f4d194def376"',
        "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), "
        "payment=(), usb=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def test_nothing_unsafe_is_allowed_anywhere() -> None:
    for path in ("/", "/admin/", "/accounts/login/"):
        assert "unsafe" not in answer(path)["Content-Security-Policy"]


def test_private_page_is_kept_by_nobody() -> None:
    response = answer("/admin/")

    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response


def test_own_choice_of_a_view_stands() -> None:
    chosen = {"Cache-Control": "public, max-age=86400", "Content-Security-Policy": "sandbox"}

    response = answer("/robots.txt", HttpResponse("text", headers=chosen))

    assert {name: response[name] for name in chosen} == chosen


def test_page_with_a_cookie_is_kept_by_nobody() -> None:
    given = HttpResponse("yours")
    given.set_cookie("seen", "1")

    assert answer("/incidents/", given)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("status", "kept"), [(200, True), (301, True), (404, True), (410, True), (400, False), (500, False)]
)
def test_failure_is_kept_by_nobody(status: int, kept: bool) -> None:
    response = answer("/incidents/", HttpResponse(status=status))

    assert response["Cache-Control"].startswith("public") is kept


def test_known_page_is_not_sent_again() -> None:
    etag = answer("/incidents/")["ETag"]

    response = answer("/incidents/", if_none_match=etag)

    assert response.status_code == 304
    assert (response["ETag"], response["Cache-Control"]) == (etag, "public, max-age=0, must-revalidate")
    assert response["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_browsers_insist_on_https_where_they_came_by_it(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 3600

    assert answer("/", secure=True)["Strict-Transport-Security"] == "max-age=3600"
    assert "Strict-Transport-Security" not in answer("/")


def test_static_files_get_the_headers_too(client: Client) -> None:
    response = client.get("/static/js/passkey-error.js")

    response.getvalue()

    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"


def test_card_may_be_framed_by_anybody_and_do_nothing_there() -> None:
    response = answer("/incidents/INC-2025-0001/card/")

    assert "X-Frame-Options" not in response
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
    )


def test_card_that_is_known_already_may_still_be_framed() -> None:
    etag = answer("/incidents/INC-2025-0001/card/")["ETag"]

    response = answer("/incidents/INC-2025-0001/card/", if_none_match=etag)

    assert (response.status_code, "X-Frame-Options" in response) == (304, False)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/incidents/INC-2025-0001/", 200),
        ("/incidents/INC-2025-0001/card", 200),
        ("/incidents/INC-2025-0001/card/more/", 200),
        ("/incidents/x/INC-2025-0001/card/", 200),
        ("/organizations/x/card/", 200),
        ("/incidents/INC-2025-0001/card/", 404),
        ("/incidents/INC-2025-0001/card/", 500),
    ],
)
def test_nothing_else_may_be_framed(path: str, status: int) -> None:
    response = answer(path, HttpResponse(status=status))

    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_admin_is_private_and_framed_by_itself_alone(client: Client) -> None:
    client.force_login(make_editor("Author"))

    response = client.get("/admin/")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]


def test_every_address_is_known_to_be_public_or_private() -> None:
    sections = {section for section in first_parts() if not is_public(f"/{section}")}

    assert sections <= PRIVATE_SECTIONS | OWN_SECTIONS, "Say in portal/headers.py or here who may keep these."


def first_parts() -> Iterator[str]:
    """The first part of every address in the URL configuration."""
    for pattern in get_resolver().url_patterns:
        for route in routes(pattern):
            yield route.partition("/")[0]


def routes(pattern: URLPattern | URLResolver) -> Iterator[str]:
    """The route of a pattern; those inside where it has no text of its own."""
    route = str(pattern.pattern).removeprefix("^").replace("\\", "")
    if route or isinstance(pattern, URLPattern):
        yield route
        return
    for inner in pattern.url_patterns:
        yield from routes(inner)
