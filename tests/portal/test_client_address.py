import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from incidents.audit.origin import current_origin
from portal.client_address import ClientAddressMiddleware


def see(**meta: str) -> dict[str, str]:
    """What a view sees of a request that arrived with these CGI variables."""
    seen: dict[str, str] = {}

    def view(request: HttpRequest) -> HttpResponse:
        seen["address"] = request.META["REMOTE_ADDR"]
        seen["scheme"] = request.META.get("HTTP_X_FORWARDED_PROTO", "")
        seen["origin"] = current_origin()
        return HttpResponse()

    ClientAddressMiddleware(view)(RequestFactory().get("/", **meta))  # type: ignore[arg-type]
    return seen


@pytest.fixture
def proxies(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "2001:db8::1"]


def test_without_proxies_the_connection_tells_the_address() -> None:
    assert see(REMOTE_ADDR="203.0.113.7")["address"] == "203.0.113.7"


def test_a_stranger_cannot_claim_another_address(proxies: None) -> None:
    assert see(REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="192.0.2.1")["address"] == "203.0.113.7"


def test_a_stranger_cannot_claim_a_secure_connection(proxies: None) -> None:
    assert see(REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_PROTO="https")["scheme"] == ""


def test_a_trusted_proxy_tells_the_address_and_the_scheme(proxies: None) -> None:
    seen = see(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="192.0.2.1", HTTP_X_FORWARDED_PROTO="https")

    assert (seen["address"], seen["scheme"]) == ("192.0.2.1", "https")


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("192.0.2.1, 10.9.9.9", "192.0.2.1"),
        ("192.0.2.1, 2001:db8::1, 10.9.9.9", "192.0.2.1"),
        ("2001:db8:1::5", "2001:db8:1::5"),
        ("nonsense, 192.0.2.1", "192.0.2.1"),
        ("192.0.2.1, <script>", "192.0.2.1"),
        ("", "10.1.2.3"),
        ("10.5.5.5", "10.5.5.5"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy_of_ours(proxies: None, forwarded: str, address: str) -> None:
    assert see(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR=forwarded)["address"] == address


def test_acts_are_marked_with_the_address() -> None:
    assert see(REMOTE_ADDR="203.0.113.7")["origin"] == "203.0.113.7"


def test_the_mark_ends_with_the_request() -> None:
    see(REMOTE_ADDR="203.0.113.7")

    assert current_origin() == ""
