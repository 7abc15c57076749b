"""The desk for everyone: no page of it breaks a rule of WCAG 2.2 AA, wide and light or narrow and dark."""

import json
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from incidents.record.models import Incident
from tests.factories import make_full_incident, publish_incident
from tests.factories.people import make_editor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def desk_addresses(row: Incident) -> list[str]:
    """Every kind of page of the desk: its front, and of each table the list, the form, the history, the empty form."""
    found = ["/admin/"]
    incident = reverse("admin:incidents_incident_changelist")
    found += [f"{incident}{row.pk}/{page}/" for page in ("preview", "act/submit", "act/withdraw")]
    for model in admin.site._registry:
        kind = f"{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"admin:{kind}_changelist"))
        last = model._default_manager.order_by("-pk").first()
        if last is not None:
            found.append(reverse(f"admin:{kind}_change", args=[last.pk]))
            found.append(reverse(f"admin:{kind}_history", args=[last.pk]))
        found.append(reverse(f"admin:{kind}_add"))
    return found


def sign_in(page: Page, server: LiveServer) -> None:
    """Come to the desk as somebody who may do everything."""
    client = Client()
    client.force_login(make_editor(superuser=True))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])


@pytest.mark.parametrize(
    ("scheme", "width", "part"), [("light", 1280, "/admin/"), ("dark", 320, "/admin/incidents/incident/")]
)
def test_no_page_of_the_desk_keeps_anybody_out(
    live_server: LiveServer, browser: Browser, scheme: Literal["light", "dark"], width: int, part: str
) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    sign_in(page, live_server)
    found, seen = {}, 0
    for address in (address for address in desk_addresses(incident) if address.startswith(part)):
        answer = page.goto(live_server.url + address)
        if answer is None or answer.status == 403:
            continue  # some tables are written by acts alone
        breaches = Axe().run(page).response["violations"]
        if breaches:
            found[address] = [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:300]}" for one in breaches]
        seen += 1

    assert found == {}, json.dumps(found, indent=1)
    assert seen > 5
