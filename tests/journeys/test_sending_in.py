"""Somebody without an account reports an incident; editors decide; the sender sees what became of it."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.intake.submissions.models import Submission
from incidents.record.models import Incident
from tests.factories.people import make_editor
from tests.factories.publication import publish_incident
from tests.factories.submissions import link_of, make_submission
from tests.journeys.test_incident_life import become

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
REASON = "This is the outage of May, which is published already."


def send_report(page: Page, title: str, address: str) -> str:
    """Fill in the form and send it, as somebody who takes their time; the address one ends at."""
    page.goto(address)
    page.get_by_label("In one line").fill(title)
    page.get_by_label("What happened").fill("Since noon no payment arrives.")
    page.wait_for_timeout(3_200)
    page.get_by_role("button", name="Send to the editors").click()
    page.wait_for_url("**/report/*/")
    return page.url


def decide(page: Page, title: str, act: str, reason: str = "") -> None:
    """At the desk: find a report in the inbox and decide about it."""
    page.get_by_role("link", name="to read").click()
    page.get_by_role("link", name=title).click()
    expect(page.get_by_text("Since noon no payment arrives.")).to_be_visible()
    if reason:
        page.get_by_label("Reason, where you decline").fill(reason)
    page.get_by_role("button", name=act).click()


def test_two_reports_come_in_and_their_senders_learn_what_became_of_them(
    page: Page, live_server: LiveServer, complaints: list[str]
) -> None:
    page.set_default_timeout(15_000)
    editor = make_editor("Author")
    known = send_report(page, "An old outage", f"{live_server.url}/report/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Received")
    fresh = send_report(page, "A new outage", f"{live_server.url}/report/")
    assert page.context.cookies() == []

    page.goto(f"{live_server.url}/admin/")
    become(page, editor)
    decide(page, "An old outage", "Decline", REASON)
    expect(page.get_by_text("is declined; the sender reads why")).to_be_visible()
    page.goto(f"{live_server.url}/admin/")
    decide(page, "A new outage", "Accept and begin a draft")
    expect(page.locator("#id_title")).to_have_value("A new outage")
    page.goto("about:blank")  # where no preview is asked for any more
    page.context.clear_cookies()

    page.goto(known)
    expect(page.get_by_role("heading", level=1)).to_have_text("Declined")
    expect(page.get_by_text(REASON)).to_be_visible()
    page.goto(fresh)
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken up")
    Incident.objects.update(summary="Payments stood still.")
    incident = Incident.objects.get()
    publish_incident(incident)
    page.reload()
    page.get_by_role("link", name=incident.public_id).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A new outage")


def test_the_form_can_be_mended_by_keyboard_and_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{live_server.url}/de/report/")
    page.get_by_label("In einer Zeile").fill("Bleibt stehen")
    page.wait_for_timeout(3_200)
    page.get_by_label("In einer Zeile").press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Noch wurde nichts gesendet")
    expect(page.get_by_label("In einer Zeile")).to_have_value("Bleibt stehen")
    page.get_by_role("alert").get_by_role("link").first.press("Enter")
    expect(page.locator("#id_what_happened")).to_be_focused()
    page.keyboard.type("Seit dem Mittag.")
    page.get_by_role("button", name="An die Redaktion senden").press("Enter")
    page.wait_for_url("**/de/report/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Eingegangen")
    assert Submission.objects.get().language == "de"
    context.close()


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neither_page_keeps_anybody_out(
    browser: Browser, live_server: LiveServer, width: int, scheme: Literal["light", "dark"]
) -> None:
    link = link_of(
        make_submission(files={"a.txt": b"text"}, impact="Much", sources=("https://news.example/" + "x" * 300,))
    )
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)

    for place in ("/report/", "/ar/report/", link, f"/ar{link}"):
        page.goto(f"{live_server.url}{place}")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()
