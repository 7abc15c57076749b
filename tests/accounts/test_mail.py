"""What the portal writes to people about their account: links lead home, whatever the request named as host."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from portal.settings import base
from tests.accounts.conftest import Person


@pytest.fixture(autouse=True)
def home(settings: Settings) -> None:
    settings.SITE_URL = "https://advisories.example.org"


def links(text: str) -> list[str]:
    return [link.split("/accounts/")[0] for link in re.findall(r"https?://\S+", text)]


@pytest.mark.parametrize("email", ["ada@example.org", "stranger@example.org"])
def test_a_mail_about_a_forgotten_password_names_the_site_and_no_other_host(
    person: Person, client: Client, mailoutbox: list[Any], email: str
) -> None:
    person()

    client.post("/accounts/password/reset/", {"email": email}, HTTP_HOST="localhost:6666")

    assert "localhost" not in mailoutbox[0].body
    assert links(mailoutbox[0].body)[0] == "https://advisories.example.org"
    assert base.SITE_NAME in mailoutbox[0].body


def test_a_link_to_choose_a_new_password_works(person: Person, client: Client, mailoutbox: list[Any]) -> None:
    person()
    client.post("/accounts/password/reset/", {"email": "ada@example.org"}, HTTP_HOST="localhost:6666")
    link = re.search(r"https://advisories\.example\.org(/accounts/\S+)", mailoutbox[0].body)
    assert link is not None

    page = client.get(link[1], follow=True)

    assert 'name="password1"' in page.content.decode()


def test_a_link_to_confirm_an_address_leads_home(person: Person, client: Client, mailoutbox: list[Any]) -> None:
    user, password = person()
    client.post("/accounts/login/", {"login": user.email, "password": password})
    client.post("/accounts/reauthenticate/", {"password": password})

    client.post("/accounts/email/", {"email": "lovelace@example.org", "action_add": ""}, HTTP_HOST="localhost")

    assert "localhost" not in mailoutbox[-1].body
    assert links(mailoutbox[-1].body)[0] == "https://advisories.example.org"


def test_a_stranger_is_not_told_to_sign_up_where_nobody_can(db: None, client: Client, mailoutbox: list[Any]) -> None:
    client.post("/accounts/password/reset/", {"email": "stranger@example.org"})

    assert "sign up" not in mailoutbox[0].body
    assert "signup" not in mailoutbox[0].body


def test_too_many_requests_are_refused_on_a_page_of_ours(db: None, client: Client) -> None:
    answers = [client.post("/accounts/password/reset/", {"email": "ada@example.org"}) for _ in range(7)]

    assert answers[-1].status_code == 429
    assert "<title>Too many requests" in answers[-1].content.decode()
