"""The partners' door for everyone: no page for those who build on the portal breaks a rule of WCAG 2.2 AA, wide and light or
narrow and dark, and all of it can be done with the keyboard.
"""

import json
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from incidents.partners.models import ApiKey, Partner
from incidents.subscriptions.again import send_test
from incidents.subscriptions.endpoints import By
from incidents.subscriptions.models import Attempt, Endpoint
from tests.factories import make_editor
from tests.factories.partners import make_partner, make_partner_key
from tests.factories.webhooks import make_webhook

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PUBLIC = ("/api/docs/", "/api/changelog/", "/api/problems/", "/report/")


def make_member() -> tuple[Partner, ApiKey, Endpoint]:
    """A partner whose member is Ada, with a key and a webhook that has been tried."""
    partner = make_partner("Harbour SOC")
    partner.members.add(make_editor(email="ada@soc.example"))
    key, _ = make_partner_key(partner)
    endpoint, _ = make_webhook(partner, description="Our SOC")
    Attempt.objects.create(
        delivery=send_test(endpoint, by=By()),
        number=1,
        at=timezone.now(),
        url=endpoint.url,
        status=500,
        request_sha256="0" * 64,
        response_body="Try again\n" * 80,
        response_headers={"content-type": "text/plain"},
    )
    return partner, key, endpoint


def sign_in(page: Page, server: LiveServer, partner: Partner) -> None:
    """Come as a member of the partner."""
    client = Client()
    client.force_login(partner.members.get())
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_no_page_for_partners_keeps_anybody_out(
    live_server: LiveServer, browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    partner, key, endpoint = make_member()
    delivery = endpoint.deliveries.get()
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    sign_in(page, live_server, partner)
    one = f"/partners/webhooks/{endpoint.pk}/"
    places = [
        *("/partners/", "/partners/keys/make/", f"/partners/keys/{key.prefix}/rotate/"),
        f"/partners/keys/{key.prefix}/revoke/",
        *("/partners/webhooks/", "/partners/webhooks/make/", one, f"{one}change/"),
        f"{one}deliveries/{delivery.message_id}/",
    ]
    found = {}
    for place in (*places, *PUBLIC):
        answer = page.goto(live_server.url + place)
        assert answer is not None
        assert answer.status == 200, place
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        breaches = [f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in Axe().run(page).response["violations"]]
        if breaches or wide:
            found[place] = [*breaches, *(["it scrolls sideways"] if wide else [])]

    assert found == {}, json.dumps(found, indent=1)


def test_a_webhook_is_made_and_tried_with_the_keyboard_alone(
    live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    partner = make_partner("Harbour SOC")
    partner.members.add(make_editor(email="ada@soc.example"))
    sign_in(page, live_server, partner)

    page.goto(f"{live_server.url}/partners/webhooks/")
    page.get_by_role("link", name="Make the first webhook").press("Enter")
    page.get_by_label("Address").press_sequentially("https://soc.example.org/hook")
    page.get_by_label("Description").press_sequentially("Our SOC")
    page.get_by_label("Leave the documents out").press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="I have copied it").press("Enter")
    page.get_by_role("button", name="Send test event").press("Enter")

    assert page.get_by_role("heading", level=1).inner_text() == "Test"
    assert Endpoint.objects.get().is_slim
    assert complaints == []
