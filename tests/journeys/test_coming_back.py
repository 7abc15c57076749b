"""A reader comes back to an advisory, sees what changed, compares two releases, prints a part of it, and shares it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.record.models import Incident
from tests.factories import make_full_incident, publish_incident
from tests.journeys.sheets import sheets

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
LONG = "\n\n".join(f"Paragraph {number}. " + "Nothing worked as it should. " * 12 for number in range(60))


def publish_next(incident: Incident, **fields: str) -> None:
    """Change an incident and release it."""
    Incident.objects.filter(pk=incident.pk).update(**fields)
    publish_incident(incident, reason=f"New: {', '.join(fields)}.")


def breaches(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page, options=RULES).response["violations"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


def test_a_reader_comes_back_and_sees_what_changed(live_server: LiveServer, page: Page, complaints: list[str]) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    address = f"{live_server.url}/incidents/{incident.public_id}/"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))

    page.goto(address)
    expect(page.locator(".since")).to_be_hidden()
    publish_next(incident, severity="critical", what_happened="The whole town was cut off.", takeaway="")
    page.goto(address)

    expect(page.locator(".since")).to_contain_text("3 changes since your last visit, when this was release 1.")
    expect(page.locator(".since-parts > li:visible")).to_have_text(
        ["Severity", "What happened", "Takeaway (taken out)"]
    )
    expect(page.locator("#what-happened")).to_have_attribute("data-changed", "changed since your last visit")
    assert breaches(page) == []
    page.reload()
    expect(page.locator(".since")).to_be_visible()
    page.get_by_role("link", name="See the difference word by word").click()
    expect(page).to_have_url(f"{address}changes/1..2/")
    page.goto(address)
    page.get_by_role("button", name="Forget it").click()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert [url for url in asked if not url.startswith((address, f"{live_server.url}/static/"))] == []
    assert [url for url in asked if "?" in url] == []


def test_the_browser_keeps_no_more_than_a_hundred_advisories(
    live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    page.goto(f"{live_server.url}/incidents/{incident.public_id}/")
    page.evaluate(
        "localStorage.setItem('visits', JSON.stringify(Array.from({length: 300},"
        " (_, n) => [`INC-2024-${n}`, {release: 1, parts: {}}])))"
    )

    page.reload()

    kept = page.evaluate("JSON.parse(localStorage.getItem('visits')).map(([id]) => id)")
    assert (len(kept), kept[0], kept[-1]) == (100, "INC-2024-201", incident.public_id)


def test_any_two_releases_are_compared_without_script(live_server: LiveServer, browser: Browser) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    publish_next(incident, summary="An outage that lasted two days.")
    publish_next(incident, severity="critical")
    page = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800}).new_page()

    page.goto(f"{live_server.url}/incidents/{incident.public_id}/history/")
    page.get_by_label("From").select_option("1")
    page.get_by_label("to", exact=True).select_option("2")
    page.get_by_role("button", name="Compare").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What changed from release 1 to 2")
    expect(page.locator(".entry del")).to_have_text("a day")
    expect(page.locator(".entry ins")).to_have_text("two days")
    page.context.close()


def test_pages_are_accessible_and_no_wider_than_a_small_phone(
    live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    publish_next(incident, summary="Longword" * 40)
    page.set_viewport_size({"width": 320, "height": 800})

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in ("", "history/", "changes/1..2/", "card/"):
            page.goto(f"{live_server.url}/incidents/{incident.public_id}/{path}")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
            assert (path, breaches(page), overflow(page)) == (path, [], 0)


def test_paper_has_the_label_on_every_sheet_and_only_what_was_chosen(
    live_server: LiveServer, page: Page, tmp_path: Path
) -> None:
    incident = make_full_incident(what_happened=LONG)
    publish_incident(incident)
    page.goto(f"{live_server.url}/incidents/{incident.public_id}/")

    whole = sheets(page.pdf(format="A4"))
    page.locator(".sheet summary").click()
    page.get_by_role("checkbox", name="What happened").uncheck()
    page.get_by_role("checkbox", name="Sources").uncheck()
    part = sheets(page.pdf(format="A4"))

    assert len(whole) > 5
    assert [sheet.count("TLP:CLEAR") >= 2 and incident.public_id in sheet for sheet in whole] == [True] * len(whole)
    assert [sheet.count("TLP:CLEAR") >= 2 for sheet in part] == [True] * len(part)
    assert ("Paragraph59." in "".join(whole), "Paragraph59." in "".join(part)) == (True, False)
    assert "Otherformats" not in "".join(whole)
    assert len(part) < len(whole)


def test_print_hides_what_is_for_the_screen_and_shows_what_is_for_paper(live_server: LiveServer, page: Page) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    page.goto(f"{live_server.url}/incidents/{incident.public_id}/")
    mark, menu = page.locator(".sheet-mark-head"), page.get_by_role("navigation", name="Main")
    expect(mark).to_be_hidden()
    expect(page.locator("#takeaway")).to_be_visible()

    page.locator(".sheet summary").click()
    page.get_by_role("checkbox", name="Takeaway").uncheck()
    page.emulate_media(media="print", color_scheme="dark")

    expect(mark).to_contain_text("TLP:CLEAR")
    expect(mark).to_be_visible()
    expect(menu).to_be_hidden()
    expect(page.locator(".sheet")).to_be_hidden()
    expect(page.locator("#takeaway")).to_be_hidden()
    expect(page.locator("#what-happened")).to_be_visible()
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    page.emulate_media(media="screen", color_scheme="light")
    expect(page.locator("#takeaway")).to_be_visible()


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """The address of a site of somebody else, which is one page."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_card_shows_in_the_page_of_another_site_where_the_advisory_does_not(
    live_server: LiveServer, page: Page
) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    here = f"{live_server.url}/incidents/{incident.public_id}/"
    refused: list[str] = []
    page.on("requestfailed", lambda request: refused.append(request.url) if request.is_navigation_request() else None)
    page.goto(here)
    page.get_by_text("Show it on your own site").click()
    snippet = page.locator("#snippet").inner_text().replace("http://127.0.0.1:8000", live_server.url)

    with another_site(
        f"<!doctype html><title>x</title>{snippet}<iframe src='{here}' title='all of it'></iframe>"
    ) as site:
        page.goto(site)
        card = page.frame_locator("iframe").first
        expect(card.locator(".card-title")).to_have_text(incident.title)
        expect(card.locator(".card")).to_have_css("border-left-width", "5px")
        room = card.locator(".card").evaluate("(one) => innerHeight - one.scrollHeight")

    assert refused == [here]
    assert room >= 0


def test_links_are_copied_and_shared_where_the_browser_can(live_server: LiveServer, page: Page) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    page.add_init_script("navigator.share = async (given) => { window.shared = given.url }")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/incidents/{incident.public_id}/")
    address = page.locator("#address").inner_text()

    page.get_by_role("button", name="Copy the link").click()
    page.get_by_role("button", name="Share …").click()

    expect(page.locator("#share [data-copied]").first).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert page.evaluate("window.shared") == address
