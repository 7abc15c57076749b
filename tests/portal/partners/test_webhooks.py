"""The pages of webhooks: for members of the partner, and for nobody else."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.partners.models import Partner
from incidents.subscriptions.again import send_test
from incidents.subscriptions.endpoints import By
from incidents.subscriptions.enqueue import enqueue_releases
from incidents.subscriptions.models import Attempt, Delivery, DeliveryState, Endpoint
from tests.factories import make_editor, make_incident, publish_incident
from tests.factories.partners import make_partner
from tests.factories.webhooks import make_webhook

pytestmark = pytest.mark.django_db
HOOKS = "/partners/webhooks/"
URL = "https://soc.example/hook"
FORM = {
    "url": URL,
    "description": "Our SOC",
    "filter": "/incidents/?severity=critical&sort=newest",
    "events": ["created"],
}


def member_of(*partners: Partner) -> Client:
    """Somebody signed in who belongs to these partners."""
    user = make_editor(email="ada@soc.example")
    for partner in partners:
        partner.members.add(user)
    client = Client()
    client.force_login(user)
    return client


def pages(endpoint: Endpoint, message: str) -> list[tuple[str, str]]:
    """Every method and address of one endpoint."""
    one = f"{HOOKS}{endpoint.pk}/"
    acts = ("pause", "resume", "rotate", "test", "replay", "delete", f"deliveries/{message}/replay")
    asked = [("get", place) for place in (one, f"{one}change/", f"{one}deliveries/{message}/")]
    return [*asked, ("post", f"{one}change/"), *(("post", f"{one}{act}/") for act in acts)]


def test_who_is_not_signed_in_is_asked_to() -> None:
    endpoint, _ = make_webhook()
    message = send_test(endpoint, by=By()).message_id
    before = AuditEntry.objects.count()

    answers = [
        getattr(Client(), method)(place)
        for method, place in [("get", HOOKS), ("get", f"{HOOKS}make/"), *pages(endpoint, message)]
    ]

    assert {(answer.status_code, answer["Location"].partition("?")[0]) for answer in answers} == {
        (302, "/accounts/login/")
    }
    assert AuditEntry.objects.count() == before


def test_who_belongs_to_another_partner_finds_nothing() -> None:
    endpoint, _ = make_webhook()
    message = send_test(endpoint, by=By()).message_id
    mine, _ = make_webhook(make_partner("Mine"), description="My own")
    client = member_of(mine.partner)
    before = AuditEntry.objects.count()

    answers = [getattr(client, method)(place) for method, place in pages(endpoint, message)]

    assert {answer.status_code for answer in answers} == {404}
    assert client.get(f"{HOOKS}{uuid4()}/").status_code == 404
    assert (AuditEntry.objects.count(), Endpoint.objects.count()) == (before, 2)
    listed = client.get(HOOKS).content.decode()
    assert ("My own" in listed, str(endpoint.pk) in listed) == (True, False)


def test_who_belongs_to_no_partner_reads_whom_to_ask() -> None:
    client = member_of()

    assert [client.get(place).status_code for place in (HOOKS, f"{HOOKS}make/")] == [403, 403]
    assert "for members of partner organisations" in client.get(HOOKS).content.decode()


def test_members_of_a_partner_without_access_find_nothing() -> None:
    endpoint, _ = make_webhook()
    client = member_of(endpoint.partner)
    Partner.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))

    assert client.get(f"{HOOKS}{endpoint.pk}/").status_code == 404
    assert "Your access has ended" in client.get(HOOKS).content.decode()
    assert client.post(f"{HOOKS}make/", FORM)["Location"] == f"{HOOKS}?partner={endpoint.partner.pk}"
    assert Endpoint.objects.count() == 1


def test_pages_are_kept_by_nobody() -> None:
    endpoint, _ = make_webhook()
    client = member_of(endpoint.partner)

    assert {client.get(place)["Cache-Control"] for place in (HOOKS, f"{HOOKS}{endpoint.pk}/")} == {"private, no-store"}


def test_a_webhook_is_made_and_its_secret_shown_once() -> None:
    partner = make_partner()
    client = member_of(partner)

    made = client.post(f"{HOOKS}make/", FORM)

    endpoint = Endpoint.objects.get()
    assert "whsec_" in made.content.decode()
    assert (endpoint.filter, endpoint.events, endpoint.partner) == ("severity=critical", ["created"], partner)
    assert endpoint.made_by is not None
    assert "whsec_" not in client.get(f"{HOOKS}{endpoint.pk}/").content.decode()


def test_one_cannot_make_a_webhook_for_a_partner_one_does_not_belong_to() -> None:
    other = make_partner()
    client = member_of(make_partner())

    answer = client.post(f"{HOOKS}make/?partner={other.pk}", FORM)

    assert (answer.status_code, Endpoint.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "http://soc.example/"}, "begins with https://"),
        ({"url": "https://10.0.0.1/"}, "not an address of the public Internet"),
        ({"filter": "severity=huge"}, "“huge” is no value of “severity”"),
        ({"events": []}, "Choose at least one event."),
    ],
)
def test_what_cannot_be_understood_is_said_beside_its_field(wrong: dict[str, Any], sentence: str) -> None:
    partner = make_partner()

    answer = member_of(partner).post(f"{HOOKS}make/", {**FORM, **wrong})

    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert not Endpoint.objects.exists()


def test_acts_do_what_their_buttons_say() -> None:
    endpoint, _ = make_webhook()
    client, place = member_of(endpoint.partner), f"{HOOKS}{endpoint.pk}/"
    publish_incident(make_incident("After"))
    enqueue_releases(timezone.now())
    Delivery.objects.update(state=DeliveryState.FAILED, finished_at=timezone.now())
    message = Delivery.objects.get().message_id

    client.post(f"{place}change/", {**FORM, "is_slim": "on"})
    client.post(f"{place}pause/")
    paused = client.get(place).content.decode()
    client.post(f"{place}resume/", {"skip_missed": "1"})
    rotated = client.post(f"{place}rotate/").content.decode()
    client.post(f"{place}deliveries/{message}/replay/")
    replayed = Delivery.objects.get().state
    tested = client.post(f"{place}test/")
    ranged = client.post(f"{place}replay/", {"since": timezone.now().date()}, follow=True).content.decode()
    refused = client.post(f"{place}replay/", {"since": ""}, follow=True).content.decode()

    assert "Paused by hand." in paused
    assert "whsec_" in rotated
    assert replayed == DeliveryState.WAITING
    assert client.get(tested["Location"]).status_code == 200
    assert "1 delivery waits to be sent again." in ranged
    assert "From: This field is required." in refused
    client.post(f"{place}delete/")
    acts = AuditEntry.objects.filter(target_id=str(endpoint.pk), by__email="ada@soc.example").order_by("id")
    assert list(acts.values_list("act", flat=True)) == [
        *(
            "change_webhook",
            "pause_webhook",
            "resume_webhook",
            "rotate_webhook_secret",
            "replay_delivery",
            "test_webhook",
        ),
        *("replay_webhook", "delete_webhook"),
    ]


def test_acts_need_a_post() -> None:
    endpoint, _ = make_webhook()
    client = member_of(endpoint.partner)

    answers = [
        client.get(f"{HOOKS}{endpoint.pk}/{act}/").status_code
        for act in ("pause", "resume", "rotate", "test", "replay", "delete")
    ]

    assert answers == [405] * 6


def test_the_log_shows_text_of_receivers_as_text() -> None:
    endpoint, _ = make_webhook()
    delivery = send_test(endpoint, by=By())
    Attempt.objects.create(
        delivery=delivery,
        number=1,
        at=timezone.now(),
        url=URL,
        status=500,
        request_sha256="0" * 64,
        response_body="<script>alert(1)</script>",
        response_headers={"x-a": "<b>"},
    )

    page = member_of(endpoint.partner).get(f"{HOOKS}{endpoint.pk}/deliveries/{delivery.message_id}/").content.decode()

    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page, "x-a: &lt;b&gt;" in page) == (False, True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_one_takes_few_queries(count: int, django_assert_num_queries: Any) -> None:
    endpoint, _ = make_webhook()
    for number in range(count):
        publish_incident(make_incident(f"Incident {number}"))
    enqueue_releases(timezone.now())
    client = member_of(endpoint.partner)

    with django_assert_num_queries(5):  # session, account, partners, endpoint, deliveries
        client.get(f"{HOOKS}{endpoint.pk}/")


def test_deliveries_are_paged_and_chosen_by_state() -> None:
    endpoint, _ = make_webhook()
    for _ in range(31):
        Delivery.objects.create(endpoint=endpoint, event="test", next_attempt_at=timezone.now())
    client, place = member_of(endpoint.partner), f"{HOOKS}{endpoint.pk}/"

    first = client.get(place)
    second = client.get(f"{place}?cursor={first.context['page'].next}")

    assert (len(first.context["page"].rows), len(second.context["page"].rows)) == (30, 1)
    assert list(client.get(f"{place}?state=failed").context["page"].rows) == []
    assert client.get(f"{place}?cursor=nonsense")["Location"] == place
