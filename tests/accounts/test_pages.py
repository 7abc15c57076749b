"""Every page of sign-in stands under a strict content security policy: nothing inline."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.models import User
from tests.accounts.conftest import Person

SignedIn = Callable[..., tuple[Client, User]]

ENTRANCE = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-dead-beef/",
    "/accounts/inactive/",
]
MANAGE = [
    "/accounts/profile/",
    "/accounts/logout/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
]
# A script with a type of data is never run, so the policy does not concern it.
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style|\sstyle=", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]+\son[a-z]+=", re.IGNORECASE)


def sign_in_with_password(person: Person, client: Client) -> None:
    """Sign in as a person does, and confirm the password once more, as sensitive pages ask for."""
    user, password = person()
    client.post("/accounts/login/", {"login": user.email, "password": password})
    client.post("/accounts/reauthenticate/", {"password": password})


def assert_nothing_inline(page: str) -> None:
    assert INLINE_SCRIPT.findall(page) + INLINE_STYLE.findall(page) + HANDLER.findall(page) == []


@pytest.mark.parametrize("address", ENTRANCE)
@pytest.mark.django_db
def test_pages_before_sign_in_have_nothing_inline(client: Client, address: str) -> None:
    page = client.get(address)

    assert page.status_code == 200
    assert_nothing_inline(page.content.decode())


@pytest.mark.parametrize("address", MANAGE)
def test_pages_of_an_account_have_nothing_inline(person: Person, client: Client, address: str) -> None:
    sign_in_with_password(person, client)

    page = client.get(address)

    assert page.status_code == 200
    assert_nothing_inline(page.content.decode())


@pytest.mark.parametrize("address", [*ENTRANCE, *MANAGE])
def test_each_page_has_one_heading_of_its_own(person: Person, client: Client, address: str) -> None:
    if address in MANAGE:
        sign_in_with_password(person, client)

    page = client.get(address).content.decode()

    assert page.count("<h1") == 1


def test_a_new_second_factor_asks_for_the_password_once_more(signed_in: SignedIn) -> None:
    client, _ = signed_in()

    page = client.get("/accounts/2fa/totp/activate/", follow=True)

    assert "Confirm Access" in page.content.decode()
    assert_nothing_inline(page.content.decode())


def test_a_person_changes_name_and_time_zone(signed_in: SignedIn) -> None:
    client, user = signed_in()

    client.post("/accounts/profile/", {"full_name": "Ada King", "time_zone": "Europe/London"})

    user.refresh_from_db()
    assert (user.full_name, user.time_zone) == ("Ada King", "Europe/London")


def test_an_unknown_time_zone_is_refused(signed_in: SignedIn) -> None:
    client, _ = signed_in()

    page = client.post("/accounts/profile/", {"full_name": "Ada", "time_zone": "Mars/Olympus"})

    assert "time_zone" in page.context["form"].errors


def test_a_stranger_is_asked_to_sign_in_before_seeing_a_profile(client: Client, db: None) -> None:
    assert client.get("/accounts/profile/").headers["Location"] == "/accounts/login/?next=/accounts/profile/"
