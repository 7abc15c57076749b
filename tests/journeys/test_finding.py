"""A reader looks for something: by a mistyped name, by filters that narrow each other, by keyboard alone, in the past."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.publication.document import ServiceEffect, ServiceRef
from incidents.publication.models import Advisory
from incidents.vocabulary.words import IncidentState, ServiceImpact, Severity
from tests.factories import make_organization, make_service, make_technique
from tests.factories.corpus import involved, release_document, step

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def asked(page: Page) -> dict[str, list[str]]:
    """The parameters of the address one is at."""
    return parse_qs(urlsplit(page.url).query)


def release_incident(title: str, slug: str, severity: Severity, sector: str, technique: str) -> Advisory:
    """An advisory that can be found in several ways."""
    return release_document(
        title,
        severity=severity,
        organizations=(involved(slug, sector=sector),),
        attacks=(step(technique),),
    )


@pytest.fixture
def corpus() -> None:
    """Four advisories that share some of what they can be found by."""
    for external_id, name in (("T1486", "Data Encrypted for Impact"), ("T1566", "Phishing")):
        make_technique(external_id, name)
    make_organization("Harbour Bank", sector="financial-services")
    make_organization("Hill Bank", sector="financial-services")
    make_organization("Valley Clinic", sector="healthcare")
    bank, care = "financial-services", "healthcare"
    release_incident("Ledgers encrypted", "harbour-bank", Severity.CRITICAL, bank, "T1486")
    release_incident("Tellers deceived", "hill-bank", Severity.CRITICAL, bank, "T1566")
    release_incident("Counters closed", "hill-bank", Severity.LOW, bank, "T1486")
    release_incident("Wards encrypted", "valley-clinic", Severity.CRITICAL, care, "T1486")


def test_a_mistyped_name_is_forgiven_and_said(
    live_server: LiveServer, page: Page, corpus: None, complaints: list[str]
) -> None:
    page.goto(f"{live_server.url}/about/")

    page.keyboard.press("/")
    page.keyboard.type("encrpyted")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("Nothing says “encrpyted”. This is what was found for encrypted.")
    expect(page.locator(".row-title")).to_have_text(["Wards encrypted", "Ledgers encrypted"])
    expect(page.get_by_label("Search advisories")).to_have_value("encrypted")
    assert asked(page) == {"q": ["encrpyted"]}


def test_three_filters_are_combined_and_one_is_taken_away(
    live_server: LiveServer, page: Page, corpus: None, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/incidents/")
    filters, rows = page.locator(".filters"), page.locator(".row-title")
    expect(rows).to_have_count(4)

    filters.get_by_role("link", name="Critical").click()
    expect(rows).to_have_text(["Wards encrypted", "Tellers deceived", "Ledgers encrypted"])
    open_group(page, "Sector")
    filters.get_by_role("link", name="Financial services").click()
    expect(rows).to_have_text(["Tellers deceived", "Ledgers encrypted"])
    open_group(page, "Technique")
    filters.get_by_role("link", name="T1486").first.click()
    expect(rows).to_have_text(["Ledgers encrypted"])
    expect(page.locator(".sortings-total")).to_have_text("1 advisory")
    assert asked(page) == {
        "severity": ["critical"],
        "sector": ["financial-services"],
        "technique": ["attack/T1486"],
    }

    page.get_by_role("navigation", name="Active filters").get_by_role("link", name="Sector").click()

    expect(rows).to_have_text(["Wards encrypted", "Ledgers encrypted"])
    assert asked(page) == {"severity": ["critical"], "technique": ["attack/T1486"]}
    page.go_back()
    expect(rows).to_have_text(["Ledgers encrypted"])


def open_group(page: Page, legend: str) -> None:
    """Unfold a group of filters that is folded."""
    group = page.locator("details.group", has=page.locator("summary", has_text=legend))
    if group.count() and group.first.get_attribute("open") is None:
        group.first.locator("summary").click()


def test_suggestions_are_chosen_by_keyboard_alone(
    live_server: LiveServer, page: Page, corpus: None, complaints: list[str]
) -> None:
    page.goto(f"{live_server.url}/about/")
    box = page.get_by_role("combobox", name="Search advisories")

    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("hill")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).not_to_have_attribute("aria-activedescendant", "")

    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = box.get_attribute("aria-activedescendant")
    assert active == options.first.get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("hill")
    expect(box).to_be_focused()

    page.keyboard.type(" b")
    expect(options.first).to_contain_text("Hill Bank")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Hill Bank")


def test_an_empty_line_of_a_service_leads_to_the_days_of_its_last_incident(
    live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    make_service()
    ref = ServiceRef(key="harbour-bank/online-banking", name="Online banking", organization="Harbour Bank")
    effect = ServiceEffect(
        service=ref, impact=ServiceImpact.MAJOR_OUTAGE, occurred_from="2024-05-03", occurred_to="2024-05-04"
    )
    release_document("Out of money", affected_services=(effect,), state=IncidentState.RESOLVED)
    days = page.locator(".service-days")
    page.goto(f"{live_server.url}/services/harbour-bank/online-banking/")
    expect(days.locator(".service-bar")).to_have_count(0)

    days.get_by_role("link", name="Show those 90 days").click()

    expect(days.get_by_role("heading")).to_have_text("90 days to 3 June 2024")
    expect(days.locator(".service-bar")).to_have_count(1)
    expect(days.locator("tbody tr")).to_contain_text(["Major outage"])
    days.get_by_role("link", name="The last 90 days").click()
    expect(days.get_by_role("heading")).to_have_text("The last 90 days")
