from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.audit.models import AuditEntry
from portal.accounts.models import User

SignedIn = Callable[..., tuple[Client, User]]
LIST = "/admin/accounts/user/"


def test_an_author_does_not_see_the_accounts(signed_in: SignedIn) -> None:
    client, _ = signed_in("author")

    assert client.get(LIST).status_code == 403


def test_an_administrator_makes_an_account_and_vouches_for_its_address(signed_in: SignedIn) -> None:
    client, _ = signed_in("admin")
    password = "a phrase of some length 9"

    client.post(
        f"{LIST}add/",
        {
            "email": "Bob@example.org",
            "full_name": "Bob",
            "usable_password": "true",
            "password1": password,
            "password2": password,
        },
    )

    assert User.objects.get(email="bob@example.org").check_password(password)
    assert EmailAddress.objects.get(email="bob@example.org").verified


def test_an_account_cannot_be_deleted(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")

    assert client.post(f"{LIST}{user.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_search_finds_people_by_name(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    User.objects.create_user("bob@example.org", full_name="Bob")

    page = client.get(LIST, {"q": "Lovelace"})

    assert list(page.context["cl"].result_list) == [user]


@pytest.mark.parametrize("count", (1, 30))
def test_the_list_takes_the_same_queries_for_any_number_of_people(
    signed_in: SignedIn, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, _ = signed_in("admin")
    for number in range(count):
        User.objects.create_user(f"person{number}@example.org")
    client.get(LIST)

    with django_assert_num_queries(7):
        client.get(LIST)


def test_an_administrator_sees_second_factors_but_not_their_secrets(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    factor = Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})

    page = client.get(f"/admin/mfa/authenticator/{factor.pk}/change/")

    assert page.status_code == 200
    assert "JBSWY3DPEHPK3PXP" not in page.content.decode()


def test_a_lost_second_factor_is_removed_and_the_log_says_so(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    factor = Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})

    client.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})

    entry = AuditEntry.objects.get(target_kind="second factor")
    assert (entry.act, entry.by, entry.target_id) == ("remove", user, "ada@example.org/totp")
    assert not Authenticator.objects.exists()


def test_a_change_of_role_is_in_the_audit_log(signed_in: SignedIn) -> None:
    client, administrator = signed_in("admin")
    other = User.objects.create_user("bob@example.org", full_name="Bob")
    reviewers = Group.objects.get(name="Reviewer")

    client.post(
        f"{LIST}{other.pk}/change/",
        {"email": other.email, "time_zone": "UTC", "is_active": "on", "is_staff": "on", "groups": [reviewers.pk]},
    )

    entry = AuditEntry.objects.get(act="change")
    assert list(other.groups.all()) == [reviewers]
    assert (entry.by, entry.target_id) == (administrator, "bob@example.org")
