import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings

from incidents.audit.models import AuditEntry
from portal.accounts.models import User
from portal.settings import base
from tests.accounts.conftest import Person

LOGIN = "/accounts/login/"


def test_an_editor_signs_in_by_address_and_password(person: Person, client: Client) -> None:
    user, password = person()

    client.post(LOGIN, {"login": "ADA@example.org", "password": password})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_after_sign_in_the_admin_opens(person: Person, client: Client) -> None:
    _, password = person()

    answer = client.post(LOGIN, {"login": "ada@example.org", "password": password}, follow=True)

    assert (answer.redirect_chain[-1][0], answer.status_code) == ("/admin/", 200)


def test_the_admin_leads_to_the_sign_in_page_and_back(person: Person, client: Client) -> None:
    _, password = person("admin")

    page = client.get("/admin/accounts/user/", follow=True)
    answer = client.post(
        LOGIN, {"login": "ada@example.org", "password": password, "next": "/admin/accounts/user/"}, follow=True
    )

    assert page.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert answer.request["PATH_INFO"] == "/admin/accounts/user/"


def test_sign_in_never_leads_to_another_site(person: Person, client: Client) -> None:
    _, password = person()

    answer = client.post(
        LOGIN, {"login": "ada@example.org", "password": password, "next": "https://evil.example/"}, follow=False
    )

    assert answer.headers["Location"] == "/admin/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(person: Person, client: Client) -> None:
    person()

    known = client.post(LOGIN, {"login": "ada@example.org", "password": "wrong"})
    unknown = client.post(LOGIN, {"login": "nobody@example.org", "password": "wrong"})

    assert known.context["form"].errors == unknown.context["form"].errors != {}


def test_after_five_failures_the_right_password_is_refused_too(person: Person, client: Client) -> None:
    _, password = person()
    for _ in range(5):
        client.post(LOGIN, {"login": "ada@example.org", "password": "wrong"})

    answer = client.post(LOGIN, {"login": "ada@example.org", "password": password})

    assert "Too many failed login attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_nobody_can_sign_up(client: Client, db: None) -> None:
    answer = client.post(
        "/accounts/signup/",
        {"email": "eve@example.org", "password1": "some-long-phrase-7", "password2": "some-long-phrase-7"},
    )

    assert "closed" in answer.content.decode()
    assert not User.objects.exists()


def test_a_signed_in_person_who_is_no_editor_is_told_so_instead_of_going_in_circles(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("reader@example.org"))

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403


def test_a_person_who_is_no_editor_comes_to_their_own_account(client: Client, db: None) -> None:
    User.objects.create_user("reader@example.org", "a phrase of some length 9")

    answer = client.post(LOGIN, {"login": "reader@example.org", "password": "a phrase of some length 9"}, follow=True)

    assert (answer.redirect_chain[-1][0], answer.status_code) == ("/accounts/profile/", 200)


def test_who_may_not_enter_can_sign_in_as_somebody_else(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("reader@example.org"))
    page = client.get("/admin/", follow=True).content.decode()

    answer = client.post("/accounts/logout/", follow=True)

    assert 'href="/accounts/logout/"' in page
    assert answer.redirect_chain[-1][0] == LOGIN


def test_a_forgotten_password_is_reset_by_mail(person: Person, client: Client, mailoutbox: list) -> None:
    person()

    client.post("/accounts/password/reset/", {"email": "ada@example.org"})

    assert [message.to for message in mailoutbox] == [["ada@example.org"]]


def test_asking_to_reset_a_stranger_says_nothing_about_accounts(client: Client, db: None, mailoutbox: list) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert answer.headers["Location"] == "/accounts/password/reset/done/"


def test_passwords_are_hashed_with_argon2(person: Person) -> None:
    user, _ = person()

    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        user.set_password("correct horse battery")

    assert user.password.startswith("argon2$argon2id$")


def test_the_address_of_a_made_account_counts_as_verified(person: Person) -> None:
    person()

    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("ada@example.org", True, True)]


def test_a_sign_in_is_in_the_audit_log_with_its_origin(person: Person, client: Client) -> None:
    user, password = person()

    client.post(LOGIN, {"login": user.email, "password": password}, REMOTE_ADDR="203.0.113.7")

    entry = AuditEntry.objects.get(act="sign in")
    assert (entry.by, entry.target_id, entry.origin) == (user, "ada@example.org", "203.0.113.7")


def test_a_failed_try_is_logged_without_what_was_typed(
    person: Person, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    person()

    client.post(LOGIN, {"login": "ada@example.org", "password": "wr0ng"}, REMOTE_ADDR="203.0.113.7")

    assert [record.getMessage() for record in caplog.records] == ["A sign-in failed, from 203.0.113.7."]
