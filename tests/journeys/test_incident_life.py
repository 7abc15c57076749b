"""The life of an incident: written, reviewed by somebody else, published, read, corrected, withdrawn."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.catalogue.models import Service
from portal.accounts.models import User
from tests.factories import make_mitigation, make_organization, make_service, make_tactic, make_technique
from tests.factories.people import PASSWORD, make_editor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TITLE = "DeepSeek limits new registrations after “large-scale malicious attacks”"


@pytest.fixture
def registration() -> Service:
    """The catalogue as it is before the incident is written."""
    deepseek = make_organization("DeepSeek", sector="artificial-intelligence", country="CN")
    flood = make_technique("T1498", "Network Denial of Service", tactics=[make_tactic()])
    make_mitigation("M1037", "Filter Network Traffic", flood)
    return make_service("Registration", deepseek)


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Page:
    """A browser at the door of this portal's desk."""
    page.set_default_timeout(15_000)
    page.goto(live_server.url + "/admin/")
    return page


def become(page: Page, person: User) -> None:
    """Sign in as somebody else, once the page that may still ask for previews is gone."""
    sign_in = re.sub(r"(//[^/]+)/.*", r"\1/accounts/login/?next=/admin/", page.url)
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto(sign_in)
    page.get_by_label("E-mail").or_(page.get_by_label("Email")).first.fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin/")


def choose(field: Locator, page: Page, words: str, answer: str) -> None:
    """Search in an autocomplete field and take an answer."""
    field.locator("css=+ .select2-container .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=answer).first.click()


def add(page: Page, prefix: str) -> None:
    """Add a row to a part of the incident."""
    page.locator(f"#{prefix}-group .add-row a").click()


def write_incident(page: Page) -> None:
    page.get_by_role("link", name="Write an incident").click()
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill(
        "DeepSeek says its services are under attack and has limited the registration of new accounts."
    )
    page.locator("#id_severity").select_option("medium")
    choose(page.locator("#id_organization"), page, "deep", "DeepSeek")
    page.locator("#id_occurred_from").fill("27 January 2025 at 21:33 +08:00")
    page.locator("#id_disclosed").fill("27 January 2025")
    page.locator("#id_what_happened").fill("Registrations were **limited**. [^1]")
    expect(page.locator(".field-what_happened .markdown-preview strong")).to_have_text("limited")
    add(page, "attacks")
    expect(page.locator("#id_attacks-0-order")).to_have_value("1")
    choose(page.locator("#id_attacks-0-technique"), page, "T1498", "Network Denial of Service")
    page.locator("#id_attacks-0-certainty").select_option("suspected")
    add(page, "affected_services")
    choose(page.locator("#id_affected_services-0-service"), page, "regis", "Registration")
    page.locator("#id_affected_services-0-impact").select_option("restricted")
    add(page, "sources")
    page.locator("#id_sources-0-title").fill("DeepSeek status page")
    page.locator("#id_sources-0-url").fill("https://status.deepseek.com/")
    add(page, "updates")
    page.locator("#id_updates-0-at").fill("2025-01-27")
    page.locator("#id_updates-0-title").fill("Registration limited")
    page.locator("#id_updates-0-then").fill("Registration: restricted")
    page.get_by_role("button", name="Save and continue editing").click()


def confirm(page: Page, act: str, **fields: str) -> None:
    """Open the page of an act from the page of the incident, and do it."""
    page.get_by_role("link", name=act, exact=True).click()
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(text)
    page.get_by_role("button", name=act, exact=True).click()


def open_from_desk(page: Page, person: User) -> None:
    become(page, person)
    page.get_by_role("link", name=TITLE).first.click()


def stands(page: Page, state: str) -> None:
    """The bar of steps says where the incident stands."""
    expect(page.locator(".stage[aria-current]")).to_have_text(state)


def review(page: Page, reviewer: User) -> None:
    """Read the preview as a reader will see it, and approve it."""
    open_from_desk(page, reviewer)
    page.get_by_role("link", name="Preview").click()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("link", name="Approve what I have read").click()
    page.get_by_role("button", name="Approve").click()
    stands(page, "Approved")


def correct_disclosure(page: Page, address: str) -> None:
    """Change a published incident and hand it to the reviewers."""
    page.goto(f"{address}/admin/incidents/incident/")
    page.get_by_role("link", name=TITLE).click()
    page.locator("#id_disclosed").fill("28 January 2025")
    page.get_by_role("button", name="Save and continue editing").click()
    stands(page, "Draft")
    confirm(page, "Submit for review")


def publish_correction(page: Page, reason: str) -> None:
    page.get_by_role("link", name="Publish now").click()
    page.get_by_label("Correction").check()
    page.get_by_label("Reason for readers").fill(reason)
    page.get_by_role("button", name="Publish now").click()
    stands(page, "Published")


def test_the_life_of_an_incident(
    desk: Page, live_server: LiveServer, registration: Service, complaints: list[str]
) -> None:
    author, reviewer, publisher = (make_editor(role) for role in ("Author", "Reviewer", "Publisher"))
    page, public = desk, f"{live_server.url}/incidents/INC-2025-0001/"

    become(page, author)
    write_incident(page)
    stands(page, "Draft")
    expect(page.locator("#id_occurred_from")).to_have_value("2025-01-27 13:33")
    expect(page.locator("#id_sources-0-number")).to_have_value("1")
    expect(page.locator("#id_updates-0-then")).to_have_value("deepseek/registration: restricted")
    expect(page.locator(".standing-refusals")).to_contain_text("Approve")
    confirm(page, "Submit for review")
    stands(page, "In review")
    review(page, reviewer)
    open_from_desk(page, publisher)
    confirm(page, "Publish now")
    expect(page.locator(".messagelist")).to_contain_text("INC-2025-0001 is published.")

    page.goto(public)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text("T1498")

    become(page, author)
    correct_disclosure(page, live_server.url)
    review(page, reviewer)
    open_from_desk(page, publisher)
    publish_correction(page, "The day of disclosure was wrong.")
    page.goto(f"{public}history/")
    expect(page.locator("main")).to_contain_text("The day of disclosure was wrong.")

    page.goto(f"{live_server.url}/admin/incidents/incident/")
    page.get_by_role("link", name=TITLE).click()
    confirm(page, "Withdraw", Reason_for_readers="It is told in another advisory.")
    stands(page, "Withdrawn")
    page.get_by_role("link", name="History").click()
    expect(page.locator(".trail tbody tr")).to_have_count(9)
    page.goto(public)
    expect(page.locator("main")).to_contain_text("It is told in another advisory.")
