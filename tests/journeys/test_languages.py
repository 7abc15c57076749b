"""A reader changes the language of a page, with nothing but links, and stays in it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories import make_published

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_reader_changes_the_language_and_stays_in_it(
    page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    advisory = make_published("Harbour Bank locked out of its ledgers", full=True, severity="high")
    page.goto(f"{live_server.url}/incidents/?severity=high")

    page.get_by_role("link", name="Language: English").press("Enter")
    page.get_by_role("link", name="Deutsch").press("Enter")

    expect(page).to_have_url(f"{live_server.url}/de/incidents/?severity=high")
    expect(page.locator("html")).to_have_attribute("lang", "de")

    page.get_by_role("link", name=advisory.title).click()

    expect(page).to_have_url(f"{live_server.url}/de/incidents/{advisory.public_id}/")
    expect(page.get_by_role("heading", level=1)).to_have_attribute("lang", "en")

    page.get_by_role("link", name="العربية").click()

    expect(page).to_have_url(f"{live_server.url}/ar/incidents/{advisory.public_id}/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("link", name="Tocsin").first).to_have_attribute("href", "/ar/")


def test_suggestions_lead_to_pages_in_the_language(page: Page, live_server: LiveServer, complaints: list[str]) -> None:
    advisory = make_published("Harbour Bank locked out of its ledgers")
    page.goto(f"{live_server.url}/es/")

    page.get_by_role("combobox").first.press_sequentially("harbour")
    page.get_by_role("option", name=advisory.title).click()

    expect(page).to_have_url(f"{live_server.url}/es/incidents/{advisory.public_id}/")
