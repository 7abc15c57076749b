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
        ("", "10.1.2.3"),
        ("10.5.5.5", "10.5.5.5"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy_of_ours(proxies: None, forwarded: str, address: str) -> None:
    assert see(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR=forwarded)["address"] == address


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("203.0.113.7:51234", "203.0.113.7"),
        ('"203.0.113.7:51234"', "203.0.113.7"),
        ('"203.0.113.7"', "203.0.113.7"),
        ("[2001:db8:1::5]:443", "2001:db8:1::5"),
        ("[2001:db8:1::5]", "2001:db8:1::5"),
        ('"[2001:db8:1::5]"', "2001:db8:1::5"),
        ('"[2001:db8:1::5]:443"', "2001:db8:1::5"),
        ("2001:DB8:1:0::5", "2001:db8:1::5"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:8080", "203.0.113.7"),
    ],
)
def test_an_address_is_read_in_every_spelling_of_proxies(proxies: None, spelling: str, address: str) -> None:
    assert see(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR=spelling)["address"] == address


def test_proxies_of_ours_are_known_by_every_spelling(proxies: None) -> None:
    chain = "203.0.113.7:51234, [2001:db8::1]:443, ::ffff:10.4.4.4, 10.9.9.9:80"

    assert see(REMOTE_ADDR="::ffff:10.1.2.3", HTTP_X_FORWARDED_FOR=chain)["address"] == "203.0.113.7"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.66, 203.0.113.7:51234", "203.0.113.7"),
        ("192.0.2.66, 10.5.5.5, 203.0.113.7:51234, 10.9.9.9", "203.0.113.7"),
        ('"192.0.2.66, 203.0.113.7:51234', "203.0.113.7"),
    ],
)
def test_what_a_client_puts_before_its_address_does_not_count(proxies: None, forwarded: str, address: str) -> None:
    assert see(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR=forwarded)["address"] == address


@pytest.mark.parametrize(
    "garbage",
    [
        *("<script>", "unknown", "_hidden", "", " ", "203.0.113.7:", "203.0.113.7:port", "203.0.113.7:123456"),
        *("203.0.113.7:80:80", "203.0.113", "203.0.113.007", "[203.0.113.7", "203.0.113.7]", "[]:80", '"203.0.113.7'),
        *(
            "fe80::1%<script>",
            "[fe80::1%25eth0]:80",
            "203.0.113.7 192.0.2.1",
            "\u0662\u0660\u0663.0.113.7",
            "3405803783",
        ),
    ],
)
def test_behind_an_entry_that_cannot_be_read_nothing_is_believed(proxies: None, garbage: str) -> None:
    chain = f"192.0.2.66, {garbage}, 10.9.9.9"

    assert see(REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR=chain)["address"] == "10.9.9.9"


def test_acts_are_marked_with_the_address() -> None:
    assert see(REMOTE_ADDR="203.0.113.7")["origin"] == "203.0.113.7"


def test_the_mark_ends_with_the_request() -> None:
    see(REMOTE_ADDR="203.0.113.7")

    assert current_origin() == ""
