"""The page of partners: signing in, one's own keys and nobody else's, a key shown once, use, and what has ended."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from incidents.audit.models import AuditEntry
from incidents.partners.keys import find_key
from incidents.partners.limits import note_request
from incidents.partners.models import ApiKey, Partner
from incidents.vocabulary.tlp import TLP
from portal.accounts.models import User
from tests.factories.partners import make_partner, make_partner_key

pytestmark = pytest.mark.django_db
HOME = "/partners/"
TOKEN = re.compile(r"tocsin_[a-z0-9]{10}_[\w-]{43}")
NEW_KEY = {"name": "Collector", "scopes": ["read"], "life": "365"}
PASSWORD = "a phrase of some length 9"


def make_member(partner: Partner | None = None, email: str = "member@example.org") -> User:
    user = User.objects.create_user(email, PASSWORD)
    if partner:
        partner.members.add(user)
    return user


@pytest.fixture
def partner() -> Partner:
    return make_partner("Harbour CERT", clearance=TLP.AMBER)


@pytest.fixture
def member(client: Client, partner: Partner) -> Client:
    client.force_login(make_member(partner))
    return client


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_member_signs_in_and_comes_to_the_page(client: Client, partner: Partner) -> None:
    make_member(partner)

    answer = client.post("/accounts/login/", {"login": "member@example.org", "password": PASSWORD}, follow=True)

    assert (answer.redirect_chain[-1][0], answer.status_code) == (HOME, 200)
    assert "Harbour CERT" in text_of(answer)


def test_the_page_leads_to_signing_in_and_back(client: Client) -> None:
    assert client.get(HOME)["Location"] == "/accounts/login/?next=/partners/"


def test_an_account_without_a_password_is_given_one_by_mail(
    client: Client, partner: Partner, mailoutbox: list[Any]
) -> None:
    """How a member begins: an administrator makes the account, and they choose a password themselves."""
    user = make_member(partner)
    user.set_unusable_password()
    user.save()

    client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"http\S+(/accounts/password/reset/key/\S+)", mailoutbox[0].body)
    assert link is not None
    form = client.get(link[1], follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_somebody_who_is_no_member_is_told_how_one_becomes_one(client: Client) -> None:
    make_partner_key()
    client.force_login(make_member())

    answers = [client.get(HOME), client.post(f"{HOME}keys/make/", NEW_KEY)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "ask them to add member@example.org" in text_of(answers[0])
    assert ApiKey.objects.count() == 1


def test_the_page_says_what_holds_for_the_partner(member: Client, partner: Partner, settings: Settings) -> None:
    settings.API_LIMITS = {"public": (3, 60), "standard": (1200, 60)}
    partner.networks, partner.expires_at = ["203.0.113.0/24"], timezone.now().replace(year=2040, month=2, day=3)
    partner.save()

    answer = member.get(HOME)

    said = text_of(answer)
    assert (answer["Cache-Control"], answer["X-Frame-Options"]) == ("private, no-store", "SAMEORIGIN")
    for words in (
        "up to TLP:AMBER",
        "1,200 requests in 60 seconds",
        "203.0.113.0/24",
        "until 3 February 2040",
        "Make the first key",
    ):
        assert words in said


def test_a_key_is_made_and_shown_in_one_answer_alone(member: Client, partner: Partner) -> None:
    answer = member.post(f"{HOME}keys/make/", NEW_KEY)

    token = TOKEN.findall(answer.content.decode())
    key = find_key(token[0], address="", at=timezone.now())
    assert (len(token), answer["Cache-Control"]) == (1, "private, no-store")
    assert (key.partner, key.scopes) == (partner, ["read"])
    said = [
        str(dict(member.session)),
        str(dict(member.cookies)),
        str(answer.headers),
        member.get(HOME).content.decode(),
    ]
    assert [text for text in said if token[0].split("_", 2)[2] in text] == []
    entry = AuditEntry.objects.get(act="make_key")
    assert (str(entry.by), entry.target_id, entry.detail["partner"]) == (
        "member@example.org",
        key.prefix,
        "Harbour CERT",
    )


def test_what_is_missing_is_said_at_its_field(member: Client) -> None:
    answer = member.post(f"{HOME}keys/make/", {"name": "", "life": "90"})

    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "name": ["Say which program uses the key."],
        "scopes": ["Tick at least one use."],
    }


def test_a_form_that_is_sent_twice_makes_one_key(member: Client) -> None:
    for _ in range(2):
        member.post(f"{HOME}keys/make/", NEW_KEY)

    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(("overlap", "still_works"), [("0", False), ("7", True)])
def test_a_key_is_rotated(member: Client, partner: Partner, overlap: str, still_works: bool) -> None:
    key, _ = make_partner_key(partner)

    answer = member.post(f"{HOME}keys/{key.prefix}/rotate/", {"overlap": overlap})

    key.refresh_from_db()
    assert key.is_valid_at(timezone.now()) == still_works
    assert find_key(TOKEN.findall(answer.content.decode())[0], address="", at=timezone.now()).rotated_from == key


def test_a_key_is_revoked_after_asking(member: Client, partner: Partner) -> None:
    key, _ = make_partner_key(partner)
    place = f"{HOME}keys/{key.prefix}/revoke/"
    asked = member.get(place)
    key.refresh_from_db()
    was = key.state

    answer = member.post(place, follow=True)

    key.refresh_from_db()
    assert (asked.status_code, was, key.state) == (200, "works", "revoked")
    assert "is revoked: nobody can use it any more" in text_of(answer)


def test_keys_of_others_do_not_exist(member: Client) -> None:
    key, _ = make_partner_key()

    answers = [member.post(f"{HOME}keys/{key.prefix}/{act}/", {"overlap": "0"}) for act in ("rotate", "revoke")]
    answers.append(member.get(f"{HOME}?partner={key.partner.pk}"))
    answers.append(member.post(f"{HOME}keys/make/?partner={key.partner.pk}", NEW_KEY))

    key.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 4
    assert (key.state, ApiKey.objects.count()) == ("works", 1)


def test_a_member_of_two_acts_for_the_one_they_chose(member: Client, partner: Partner) -> None:
    second = make_partner("Second SOC")
    second.members.set(partner.members.all())

    member.post(f"{HOME}keys/make/?partner={second.pk}", NEW_KEY)

    assert ApiKey.objects.get().partner == second
    assert f'href="/partners/?partner={second.pk}"' in member.get(HOME).content.decode()


@pytest.mark.parametrize("ended", [{"is_active": False}, {"expires_at": timezone.now() - timedelta(days=1)}])
def test_whose_access_has_ended_makes_no_key_but_may_revoke(
    member: Client, partner: Partner, ended: dict[str, Any]
) -> None:
    key, _ = make_partner_key(partner)
    Partner.objects.filter(pk=partner.pk).update(**ended)

    said = text_of(member.get(HOME))
    made = [
        member.post(f"{HOME}keys/make/", NEW_KEY),
        member.post(f"{HOME}keys/{key.prefix}/rotate/", {"overlap": "7"}),
    ]
    member.post(f"{HOME}keys/{key.prefix}/revoke/")

    key.refresh_from_db()
    assert "Your access has ended" in said
    assert [answer.status_code for answer in made] == [302, 302]
    assert (ApiKey.objects.count(), key.state) == (1, "revoked")


def test_former_members_are_out_at_once(member: Client, partner: Partner) -> None:
    partner.members.clear()

    assert member.get(HOME).status_code == 403


def test_use_is_drawn_and_told(member: Client, partner: Partner, settings: Settings, tmp_path: Path) -> None:
    settings.METER_FILE = str(tmp_path / "meter.sqlite3")
    key, _ = make_partner_key(partner)
    today = timezone.now().date()
    for days_ago, times in ((0, 2), (3, 4)):
        for _ in range(times):
            note_request(key, today - timedelta(days=days_ago))

    answer = member.get(HOME)

    assert "2 today 6 in 30 days 4 on the busiest" in text_of(answer)
    assert re.findall(r'<rect x="(\d+)" y="([\d.]+)" width="7" height="([\d.]+)"', answer.content.decode()) == [
        ("260", "0.0", "40.0"),
        ("290", "20.0", "20.0"),
    ]


@pytest.mark.parametrize("count", (1, 3))
def test_the_page_asks_the_database_no_more_for_more_keys(
    member: Client, partner: Partner, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        make_partner_key(partner)

    with django_assert_num_queries(4):
        member.get(HOME)


def test_no_form_is_taken_from_another_site(partner: Partner) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(partner))

    assert client.post(f"{HOME}keys/make/", NEW_KEY).status_code == 403
    assert ApiKey.objects.count() == 0


@pytest.fixture
def everywhere(member: Client, partner: Partner) -> Callable[[], list[str]]:
    key, _ = make_partner_key(partner)
    return lambda: [HOME, f"{HOME}keys/make/", *(f"{HOME}keys/{key.prefix}/{act}/" for act in ("rotate", "revoke"))]


def test_no_page_of_partners_is_kept_or_framed_by_others(member: Client, everywhere: Callable[[], list[str]]) -> None:
    for place in everywhere():
        answer = member.get(place)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
        assert "script-src" not in answer["Content-Security-Policy"]
        assert "default-src 'self'" in answer["Content-Security-Policy"]
