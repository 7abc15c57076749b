"""INV-AUDIT for accounts: what administrators and people themselves change about rights, addresses and factors."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client, TestCase

from incidents.audit.models import AuditEntry
from incidents.editing.admins.audited import AuditedAdmin
from incidents.editing.admins.reading import ReadOnlyAdmin
from portal.accounts.models import User
from tests.accounts.conftest import Person
from tests.accounts.test_second_factor import code_of_app

SignedIn = Callable[..., tuple[Client, User]]
USERS, GROUPS, ADDRESSES = "/admin/accounts/user/", "/admin/auth/group/", "/admin/account/emailaddress/"


def noted(kind: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    """What people did to one kind of thing, as the log says, without the date: act, target, by whom, detail."""
    entries = AuditEntry.objects.filter(target_kind=kind, by__isnull=False).select_related("by").order_by("pk")
    return [(entry.act, entry.target_id, entry.by.email, entry.detail) for entry in entries]  # type: ignore[union-attr]


def permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


@pytest.fixture
def own_browser(person: Person, client: Client) -> tuple[Client, User, str]:
    """A person who signed in and confirmed the password once more, as sensitive pages ask for, and that password."""
    user, password = person()
    client.post("/accounts/login/", {"login": user.email, "password": password})
    client.post("/accounts/reauthenticate/", {"password": password})
    return client, user, password


def test_whatever_can_be_changed_in_the_admin_writes_the_log() -> None:
    silent = [
        model.__name__
        for model, model_admin in admin.site._registry.items()
        if not isinstance(model_admin, AuditedAdmin | ReadOnlyAdmin)
    ]

    assert silent == []


def test_the_log_says_which_rights_of_a_group_were_given_and_taken(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    group = Group.objects.create(name="Interns")
    group.permissions.set([permission("view_incident"), permission("add_tag")])
    rights = [permission("view_incident").pk, permission("publish_incident").pk]

    client.post(f"{GROUPS}{group.pk}/change/", {"name": "Interns", "permissions": rights})

    detail = {
        "changed": [{"changed": {"fields": ["Permissions"]}}],
        "permissions added": ["incidents.publish_incident"],
        "permissions removed": ["incidents.add_tag"],
    }
    assert noted("group") == [("change", "Interns", user.email, detail)]


def test_the_log_says_which_rights_a_new_group_has(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")

    client.post(f"{GROUPS}add/", {"name": "Interns", "permissions": [permission("view_incident").pk]})

    detail = {"name": ["", "Interns"], "permissions added": ["incidents.view_incident"]}
    assert noted("group") == [("add", "Interns", user.email, detail)]


def test_the_log_says_how_the_rights_of_a_person_changed(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    other = User.objects.create_user("bob@example.org", full_name="Bob")
    other.groups.set([Group.objects.get(name="Author")])

    client.post(
        f"{USERS}{other.pk}/change/",
        {
            "email": "bob@example.org",
            "full_name": "Bob",
            "time_zone": "UTC",
            "is_staff": "on",
            "groups": [Group.objects.get(name="Reviewer").pk],
            "user_permissions": [permission("withdraw_incident").pk],
        },
    )

    detail = {
        "changed": [{"changed": {"fields": ["Active", "Staff status", "Groups", "User permissions"]}}],
        "is_active": [True, False],
        "is_staff": [False, True],
        "groups added": ["Reviewer"],
        "groups removed": ["Author"],
        "user_permissions added": ["incidents.withdraw_incident"],
    }
    assert noted("user") == [("change", "bob@example.org", user.email, detail)]


def test_a_person_saved_unchanged_leaves_no_entry(signed_in: SignedIn) -> None:
    client, _ = signed_in("admin")
    other = User.objects.create_user("bob@example.org")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)

    client.post(f"{USERS}{other.pk}/change/", {"email": other.email, "time_zone": "UTC", "is_active": "on"})

    assert noted("user") + noted("e-mail address") == []


def test_a_password_set_by_an_administrator_is_noted_without_it(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    other = User.objects.create_user("bob@example.org")
    phrase = "a phrase of some length 9"

    client.post(
        f"{USERS}{other.pk}/password/",
        {"usable_password": "true", "password1": phrase, "password2": phrase, "set-password": "1"},
    )

    assert noted("user") == [
        ("change", "bob@example.org", user.email, {"changed": [{"changed": {"fields": ["password"]}}]})
    ]


def test_another_address_given_by_an_administrator_is_noted_with_the_one_it_replaces(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    other = User.objects.create_user("bob@example.org")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)

    client.post(f"{USERS}{other.pk}/change/", {"email": "Rob@example.org", "time_zone": "UTC", "is_active": "on"})

    assert noted("e-mail address") == [
        ("remove", "bob@example.org", user.email, {"account": "rob@example.org"}),
        ("add", "rob@example.org", user.email, {"account": "rob@example.org"}),
    ]
    assert noted("user")[0][3]["email"] == ["bob@example.org", "rob@example.org"]


def test_addresses_changed_in_the_admin_are_noted(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    other = User.objects.create_user("bob@example.org")
    form = {"user": other.pk, "email": "rob@example.org"}

    client.post(f"{ADDRESSES}add/", form)
    address = EmailAddress.objects.get(email="rob@example.org")
    client.post(f"{ADDRESSES}{address.pk}/change/", {**form, "verified": "on"})
    client.post(f"{ADDRESSES}{address.pk}/delete/", {"post": "yes"})

    account = {"account": "bob@example.org"}
    changed = [{"changed": {"fields": ["Verified"]}}]
    assert noted("e-mail address") == [
        ("add", "rob@example.org", user.email, {"email": ["", "rob@example.org"], **account}),
        ("change", "rob@example.org", user.email, {"changed": changed, "verified": [False, True], **account}),
        ("remove", "rob@example.org", user.email, {"name": "rob@example.org", **account}),
    ]


def test_many_addresses_confirmed_at_once_are_noted_each(signed_in: SignedIn) -> None:
    client, user = signed_in("admin")
    other = User.objects.create_user("bob@example.org")
    addresses = [EmailAddress.objects.create(user=other, email=f"bob{number}@example.org") for number in (1, 2)]

    client.post(
        ADDRESSES, {"action": "make_verified", "_selected_action": [address.pk for address in addresses]}, follow=True
    )

    assert sorted(noted("e-mail address")) == [
        ("confirm", "bob1@example.org", user.email, {"account": "bob@example.org"}),
        ("confirm", "bob2@example.org", user.email, {"account": "bob@example.org"}),
    ]


def test_a_change_of_ones_own_profile_is_noted(signed_in: SignedIn) -> None:
    client, user = signed_in()

    client.post("/accounts/profile/", {"full_name": "Ada King", "time_zone": "UTC"}, REMOTE_ADDR="203.0.113.7")

    entry = AuditEntry.objects.get(act="change")
    assert noted("user") == [("change", user.email, user.email, {"full_name": ["Ada Lovelace", "Ada King"]})]
    assert entry.origin == "203.0.113.7"


def test_a_profile_saved_unchanged_leaves_no_entry(signed_in: SignedIn) -> None:
    client, _ = signed_in()
    before = AuditEntry.objects.count()

    client.post("/accounts/profile/", {"full_name": "Ada Lovelace", "time_zone": "UTC"})

    assert AuditEntry.objects.count() == before


def test_addresses_that_a_person_adds_confirms_prefers_and_removes_are_noted(
    own_browser: tuple[Client, User, str], mailoutbox: list[Any]
) -> None:
    client, _, _ = own_browser
    page, new = "/accounts/email/", "lovelace@example.org"

    client.post(page, {"email": new, "action_add": ""})
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mailoutbox[-1].body)
    assert link is not None
    client.post(link[1])
    client.post(page, {"email": new, "action_primary": ""})
    client.post(page, {"email": "ada@example.org", "action_remove": ""})

    assert noted("e-mail address") == [
        ("add", new, new, {"account": "ada@example.org"}),
        ("confirm", new, new, {"account": "ada@example.org"}),
        ("make primary", new, new, {"account": new, "before": "ada@example.org"}),
        ("remove", "ada@example.org", new, {"account": new}),
    ]


def test_a_password_that_a_person_changes_is_noted_without_it(own_browser: tuple[Client, User, str]) -> None:
    client, user, password = own_browser
    phrase = "a phrase of some length 9"

    client.post("/accounts/password/change/", {"oldpassword": password, "password1": phrase, "password2": phrase})

    assert noted("user")[-1] == ("change password", user.email, user.email, {})


def test_a_password_that_a_person_resets_is_noted_without_it(
    person: Person, client: Client, mailoutbox: list[Any]
) -> None:
    user, _ = person()
    phrase = "a phrase of some length 9"
    client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)
    assert link is not None

    page = client.get(link[1], follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": phrase, "password2": phrase})

    assert noted("user")[-1] == ("reset password", user.email, user.email, {})


def test_second_factors_that_a_person_adds_renews_and_removes_are_noted(own_browser: tuple[Client, User, str]) -> None:
    client, user, _ = own_browser
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert secret is not None

    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of_app(secret[1])})
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post("/accounts/2fa/recovery-codes/generate/")
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert sorted(noted("second factor")) == sorted(
        [
            ("add", "ada@example.org/totp", user.email, {}),
            ("add", "ada@example.org/recovery_codes", user.email, {}),
            ("renew", "ada@example.org/recovery_codes", user.email, {}),
            ("remove", "ada@example.org/totp", user.email, {}),
            ("remove", "ada@example.org/recovery_codes", user.email, {}),
        ]
    )


def test_an_address_longer_than_the_log_has_room_for_stops_nobody(
    own_browser: tuple[Client, User, str],
) -> None:
    client, _, _ = own_browser
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example.org"

    client.post("/accounts/email/", {"email": long, "action_add": ""})

    assert noted("e-mail address")[-1][:2] == ("add", long[:120])
