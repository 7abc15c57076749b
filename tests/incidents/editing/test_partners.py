"""Partners at the desk: who may manage them, what the log keeps, and that a key is shown once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.audit.models import AuditEntry
from incidents.partners.keys import find_key, revoke_key
from incidents.partners.models import ApiKey, Partner
from portal.accounts.models import User
from tests.factories import make_editor
from tests.factories.partners import make_partner, make_partner_key
from tests.incidents.editing.sent_form import read_sent_form

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = "/admin/incidents/partner/"
TOKEN = re.compile(r"tocsin_[a-z0-9]{10}_[\w-]{43}")
NEW_KEY = {"name": "Collector", "scopes": ["read", "submit"], "life": "90"}


@pytest.fixture
def manager(sign_in: SignIn) -> Client:
    return sign_in("Partner manager")


def page_of(partner: Partner) -> str:
    return f"{LIST}{partner.pk}/change/"


def keys_of(partner: Partner, rest: str) -> str:
    return f"{LIST}{partner.pk}/keys/{rest}"


def change(client: Client, partner: Partner, **values: Any) -> Any:
    sent = read_sent_form(client.get(page_of(partner)).content.decode())
    return client.post(page_of(partner), {**sent, **values}, follow=True)


def test_a_partner_manager_admits_a_partner(manager: Client) -> None:
    sent = read_sent_form(manager.get(f"{LIST}add/").content.decode())

    manager.post(f"{LIST}add/", {**sent, "name": "Harbour CERT", "clearance": "amber", "networks": "203.0.113.0/24"})

    partner = Partner.objects.get()
    entry = AuditEntry.objects.get(target_kind="partner")
    assert (partner.clearance, partner.networks, partner.tier) == ("amber", ["203.0.113.0/24"], "standard")
    assert (entry.act, entry.target_id, str(entry.by)) == ("add", str(partner.pk), "Partner manager")
    assert (entry.detail["partner"], entry.detail["clearance"]) == ("Harbour CERT", ["clear", "amber"])


def test_each_change_of_what_a_partner_may_is_in_the_log_with_before_and_after(manager: Client) -> None:
    partner, member = make_partner("Harbour CERT"), User.objects.create_user("member@example.org")

    change(
        manager,
        partner,
        clearance="green",
        networks="198.51.100.7",
        expires_at_0="2030-01-02",
        expires_at_1="03:04:05",
        members=[member.pk],
        is_active="",
    )

    detail = AuditEntry.objects.get(target_kind="partner", act="change").detail
    assert detail["clearance"] == ["amber", "green"]
    assert detail["networks"] == [[], ["198.51.100.7"]]
    assert detail["expires_at"] == ["", "2030-01-02T03:04:05+00:00"]
    assert detail["is_active"] == [True, False]
    assert detail["members added"] == ["member@example.org"]


def test_what_is_no_network_is_named(manager: Client) -> None:
    answer = change(manager, make_partner(), networks="203.0.113.0/24\nour office")

    assert "“our office” is no address or network" in answer.content.decode()


def test_a_key_is_made_and_shown_in_one_answer_alone(manager: Client) -> None:
    partner = make_partner("Harbour CERT")

    answer = manager.post(keys_of(partner, "make/"), NEW_KEY)

    token = TOKEN.findall(answer.content.decode())
    key = find_key(token[0], address="", at=timezone.now())
    assert (len(token), answer.status_code, "no-store" in answer["Cache-Control"]) == (1, 200, True)
    assert (key.partner, key.name, key.scopes) == (partner, "Collector", ["read", "submit"])
    said = [
        str(dict(manager.session)),
        str(dict(manager.cookies)),
        str(answer.headers),
        *map(str, AuditEntry.objects.values()),
    ]
    again = [manager.get(place).content.decode() for place in (page_of(partner), LIST, "/admin/incidents/auditentry/")]
    assert [text for text in said + again if token[0].split("_", 2)[2] in text] == []
    assert key.prefix in again[0]


def test_a_form_that_is_sent_twice_makes_one_key(manager: Client) -> None:
    partner = make_partner()

    answers = [manager.post(keys_of(partner, "make/"), NEW_KEY) for _ in range(2)]

    assert ApiKey.objects.count() == 1
    assert "works already" in answers[1].content.decode()


def test_a_key_is_rotated_with_time_to_change_over(manager: Client) -> None:
    key, old = make_partner_key()

    answer = manager.post(keys_of(key.partner, f"{key.pk}/rotate/"), {"overlap": "7"})

    new = TOKEN.findall(answer.content.decode())[0]
    assert find_key(new, address="", at=timezone.now()).rotated_from == key
    assert find_key(old, address="", at=timezone.now()) == key
    assert (
        "was rotated already"
        in manager.post(keys_of(key.partner, f"{key.pk}/rotate/"), {"overlap": "7"}).content.decode()
    )


def test_a_key_is_revoked_after_asking(manager: Client) -> None:
    key, _ = make_partner_key()
    place = keys_of(key.partner, f"{key.pk}/revoke/")

    asked = manager.get(place)
    key.refresh_from_db()
    was = key.state
    manager.post(place)

    key.refresh_from_db()
    assert (asked.status_code, was, key.state) == (200, "works", "revoked")
    assert AuditEntry.objects.get(act="revoke_key").origin == "127.0.0.1"


def test_a_partner_who_had_a_key_is_never_deleted(manager: Client) -> None:
    key, _ = make_partner_key()
    revoke_key(key, by=None)
    fresh = make_partner()

    manager.post(f"{LIST}{fresh.pk}/delete/", {"post": "yes"})
    refused = manager.post(f"{LIST}{key.partner.pk}/delete/", {"post": "yes"})

    assert refused.status_code == 403
    assert list(Partner.objects.all()) == [key.partner]
    with pytest.raises(ProtectedError):
        key.partner.delete()


def test_the_history_of_a_partner_tells_of_their_keys(manager: Client) -> None:
    partner = make_partner()
    manager.post(keys_of(partner, "make/"), NEW_KEY)
    change(manager, partner, clearance="green")

    entries = manager.get(f"{LIST}{partner.pk}/history/").context["entries"]

    assert [entry.act for entry in entries] == ["change", "make_key"]


@pytest.mark.parametrize("words", ["Harbour", "soc@harbour", "prefix", "member@"])
def test_a_partner_is_found_by_name_contact_key_or_member(manager: Client, words: str) -> None:
    partner = make_partner("Harbour CERT", contacts="soc@harbour.example")
    partner.members.add(User.objects.create_user("member@example.org"))
    key, _ = make_partner_key(partner)
    make_partner_key()

    found = manager.get(LIST, {"q": key.prefix[:6] if words == "prefix" else words}).context["cl"].result_list

    assert [one.name for one in found] == ["Harbour CERT"]


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_counts_working_keys_in_few_queries(
    manager: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        partner = make_partner()
        for _ in range(2):
            make_partner_key(partner)
        revoke_key(partner.keys.all()[0], by=None)

    with django_assert_num_queries(8):
        rows = manager.get(LIST).context["cl"].result_list

    assert [row.key_count for row in rows] == [1] * count


@pytest.mark.parametrize("roles", [(), ("Author",), ("Reviewer", "Publisher")])
def test_nobody_else_manages_partners(sign_in: SignIn, roles: tuple[str, ...]) -> None:
    key, _ = make_partner_key()
    places = [LIST, f"{LIST}add/", page_of(key.partner), *(keys_of(key.partner, rest) for rest in ("make/",))]
    places += [keys_of(key.partner, f"{key.pk}/{act}/") for act in ("rotate", "revoke")]
    client = sign_in(*roles)

    assert {client.get(place).status_code for place in places} == {403}
    assert {client.post(place, {**NEW_KEY, "overlap": "0"}).status_code for place in places} == {403}
    assert (ApiKey.objects.count(), ApiKey.objects.get().revoked_at) == (1, None)


def test_a_key_of_one_partner_is_not_at_the_address_of_another(manager: Client) -> None:
    key, _ = make_partner_key()
    other = make_partner()

    assert manager.post(keys_of(other, f"{key.pk}/revoke/")).status_code == 404


def test_a_superuser_may_and_the_group_may_no_more_than_it_needs(client: Client) -> None:
    client.force_login(make_editor(email="root@example.org", superuser=True))

    rights = Group.objects.get(name="Partner manager").permissions.values_list("codename", flat=True)
    assert client.get(f"{LIST}add/").status_code == 200
    assert set(rights) == {
        *("view_partner", "add_partner", "change_partner", "delete_partner"),
        *("view_apikey", "add_apikey", "change_apikey", "view_user"),
    }
