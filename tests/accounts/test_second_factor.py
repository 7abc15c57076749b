import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from tests.accounts.conftest import Person

SignedIn = Callable[..., tuple[Client, User]]
SET_UP = "/accounts/2fa/"
SECRET = base64.b32encode(b"twenty secret bytes!").decode()


def code_of_app(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238, with the usual SHA-1, 30 seconds and 6 digits)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@pytest.fixture(autouse=True)
def second_factor_required(settings: Settings) -> None:
    settings.REQUIRE_MFA_FOR_PUBLISHERS = True


@pytest.mark.parametrize("role", ["partner-manager", "publisher", "editor", "admin"])
def test_who_may_publish_is_sent_to_set_up_a_second_factor(signed_in: SignedIn, role: str) -> None:
    client, _ = signed_in(role)

    answer = client.get("/admin/")

    assert (answer.status_code, answer.headers["Location"]) == (302, SET_UP)


def test_the_set_up_page_says_why(signed_in: SignedIn) -> None:
    client, _ = signed_in("publisher")

    page = client.get("/admin/", follow=True)

    assert "People who publish or admit partners sign in with a second factor" in page.content.decode()


def test_a_post_to_the_admin_is_stopped_too(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")

    client.post(f"/admin/accounts/user/{user.pk}/change/", {"email": "eve@example.org"})

    assert User.objects.get().email == "ada@example.org"


@pytest.mark.parametrize("role", ["author", "reviewer"])
def test_who_may_not_publish_needs_none(signed_in: SignedIn, role: str) -> None:
    client, _ = signed_in(role)

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("factor", ["totp", "webauthn"])
def test_a_publisher_with_a_second_factor_comes_in(signed_in: SignedIn, factor: str) -> None:
    client, _ = signed_in("publisher", factor=factor)

    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(signed_in: SignedIn) -> None:
    client, _ = signed_in("publisher", factor="recovery_codes")

    assert client.get("/admin/").headers["Location"] == SET_UP


def test_the_setting_switches_it_off(signed_in: SignedIn, settings: Settings) -> None:
    settings.REQUIRE_MFA_FOR_PUBLISHERS = False
    client, _ = signed_in("publisher")

    assert client.get("/admin/").status_code == 200


def test_a_password_alone_does_not_sign_in_who_has_an_authenticator_app(person: Person, client: Client) -> None:
    user, password = person("publisher")
    Authenticator.objects.create(user=user, type="totp", data={"secret": SECRET})

    answer = client.post("/accounts/login/", {"login": user.email, "password": password})

    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session


def test_password_and_code_of_the_app_sign_in(person: Person, client: Client) -> None:
    user, password = person("publisher")
    Authenticator.objects.create(user=user, type="totp", data={"secret": SECRET})
    client.post("/accounts/login/", {"login": user.email, "password": password})

    client.post("/accounts/2fa/authenticate/", {"code": code_of_app(SECRET)})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_authenticator_app_is_set_up_with_its_own_code(person: Person, client: Client) -> None:
    user, password = person("publisher")
    client.post("/accounts/login/", {"login": user.email, "password": password})
    client.post("/accounts/reauthenticate/", {"password": password})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert secret is not None

    client.post("/accounts/2fa/totp/activate/", {"code": code_of_app(secret[1])})

    assert client.get("/admin/").status_code == 200


def test_a_passkey_is_offered_on_the_sign_in_page(client: Client, db: None) -> None:
    assert "Sign in with a passkey" in client.get("/accounts/login/").content.decode()


def test_a_passkey_sign_in_gets_its_challenge(client: Client, db: None) -> None:
    answer = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})

    assert answer.json()["request_options"]["publicKey"]["rpId"] == "testserver"
