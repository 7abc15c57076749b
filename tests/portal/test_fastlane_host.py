"""The one name under which the lane has pages built."""

import pytest

from portal.fastlane.lane import choose_host


@pytest.mark.parametrize(
    ("site_url", "allowed", "host"),
    [
        ("https://advisories.example.org", ["advisories.example.org", "localhost"], "advisories.example.org"),
        ("http://127.0.0.1:8000", ["127.0.0.1"], "127.0.0.1:8000"),
        ("https://advisories.example.org", ["localhost", "127.0.0.1"], "localhost"),
        ("https://advisories.example.org", [".example.com"], "example.com"),
        ("https://advisories.example.org", [".example.org"], "advisories.example.org"),
        ("https://advisories.example.org", ["*"], "advisories.example.org"),
        ("https://advisories.example.org", [], "advisories.example.org"),
    ],
)
def test_pages_are_built_under_the_name_of_the_site_if_it_is_served(
    site_url: str, allowed: list[str], host: str
) -> None:
    assert choose_host(site_url, allowed) == host
