"""How a reader finds the way about an advisory: the timeline, the own time zone, what is related; with and without script."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.publication.document import SourceRef, Timeline
from incidents.publication.models import Advisory
from incidents.vocabulary.words import SourceKind
from tests.factories.corpus import claim, effect, release_document, step
from tests.factories.publication import make_published

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
SOURCE = SourceRef(
    number=1, title="A report", url="https://n.example/", kind=SourceKind.NEWS, published_on="2025-01-29"
)


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Opens an advisory in a browser of its own."""
    contexts = []

    def visit(advisory: Advisory, **options: Any) -> Page:
        context = browser.new_context(**{"timezone_id": "Asia/Kolkata", **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live_server.url}/incidents/{advisory.public_id}/")
        return page

    yield visit
    for context in contexts:
        context.close()


def dated_advisory() -> Advisory:
    return release_document(
        "Ledgers out of reach",
        timeline=Timeline(occurred_from="2025-01-27T13:33Z"),
        affected_services=(effect("harbour-bank/ledger"),),
        attacks=(step("T1566"),),
        attributions=(claim("grey-heron"),),
        sources=(SOURCE,),
    )


def entries(page: Page) -> Locator:
    return page.locator("#timeline li:visible")


def test_the_timeline_is_filtered_without_script(open_page: OpenPage) -> None:
    page = open_page(dated_advisory(), java_script_enabled=False)
    expect(entries(page)).to_have_count(3)

    page.locator("#timeline").get_by_role("radio", name="Reports and statements").check()

    expect(entries(page)).to_have_count(1)
    expect(entries(page)).to_contain_text("A report")
    expect(page.locator("#timeline")).to_contain_text("Times are in UTC.", use_inner_text=True)
    expect(page.locator("#related").get_by_role("link")).to_have_count(1)


def test_times_are_shown_in_the_readers_zone_and_in_utc_on_demand(open_page: OpenPage) -> None:
    page = open_page(dated_advisory())
    expect(entries(page).nth(1)).to_contain_text("27 January 2025, 19:03")

    page.locator("#timeline").get_by_role("button", name="UTC").click()

    expect(entries(page).nth(1)).to_contain_text("27 January 2025, 13:33 UTC")
    expect(page.locator("#timeline").get_by_role("button", name="Asia")).to_be_visible()


def test_what_is_related_comes_when_a_reader_comes_near(open_page: OpenPage) -> None:
    release_document("The same hand", attributions=(claim("grey-heron"),))
    page = open_page(dated_advisory())

    page.locator("#related").scroll_into_view_if_needed()

    expect(page.locator("#relatives")).to_contain_text("Both name: Grey Heron")


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_full_advisory_has_no_barrier(open_page: OpenPage, width: int, scheme: str) -> None:
    advisory = make_published(full=True)
    page = open_page(advisory, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
