from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings


def test_robots_may_read_all_but_the_editors_pages(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://tocsin.example"

    assert client.get("/robots.txt").content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /accounts/\nDisallow: /partners/\n\nSitemap: https://tocsin.example/sitemap.xml\n"
    )


@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("security@tocsin.example", "mailto:security@tocsin.example"),
        ("https://tocsin.example/report", "https://tocsin.example/report"),
    ],
)
@time_machine.travel(datetime(2026, 1, 1, 15, 30, tzinfo=UTC), tick=False)
def test_security_txt_names_contact_and_end(client: Client, settings: Settings, contact: str, uri: str) -> None:
    settings.SITE_URL = "https://tocsin.example"
    settings.SECURITY_CONTACT = contact

    assert client.get("/.well-known/security.txt").content.decode() == (
        f"Contact: {uri}\n"
        "Expires: 2026-06-30T00:00:00Z\n"
        "Preferred-Languages: en\n"
        "Canonical: https://tocsin.example/.well-known/security.txt\n"
    )


def test_without_a_contact_there_is_no_security_txt(client: Client, settings: Settings, db: None) -> None:
    settings.SECURITY_CONTACT = ""

    assert client.get("/.well-known/security.txt").status_code == 404


def test_small_texts_set_no_cookie_and_vary_by_their_coding_only(client: Client) -> None:
    answer = client.get("/robots.txt")

    assert (answer.cookies, answer.headers.get("Vary")) == ({}, "Accept-Encoding")
