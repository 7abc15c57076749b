"""When a receiver does not take a message: again later, in order, with rests; until it is given up or paused."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from incidents.audit.models import AuditEntry
from incidents.subscriptions.again import replay_delivery, replay_range, send_test
from incidents.subscriptions.claim import claim_due, lease_time
from incidents.subscriptions.endpoints import By, pause_endpoint
from incidents.subscriptions.enqueue import enqueue_releases
from incidents.subscriptions.models import Attempt, Delivery, DeliveryState, Endpoint, EndpointState
from incidents.subscriptions.notices import send_notices
from incidents.subscriptions.schedule import FAILURES_BEFORE_REST, pause_after, read_pause, rest_after
from incidents.subscriptions.settle import Tried, settle
from incidents.subscriptions.tidying import tidy
from tests.factories import make_editor, make_incident, publish_incident, withdraw_incident
from tests.factories.webhooks import make_webhook
from tests.incidents.subscriptions.conftest import Receiver

pytestmark = pytest.mark.django_db
Deliver = Callable[..., None]


def hurry() -> None:
    """Let everything that waits be due now."""
    Delivery.objects.update(next_attempt_at=timezone.now())
    Endpoint.objects.update(resting_until=None)


def test_a_failure_is_tried_again_later_under_the_same_id(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url)
    receiver.statuses = [500, 204]
    publish_incident(make_incident("After"))

    deliver()
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts, waiting.note) == (DeliveryState.WAITING, 1, "Answered 500.")
    assert waiting.next_attempt_at > timezone.now() + dt.timedelta(seconds=3)
    hurry()
    deliver()

    assert receiver.ids == [waiting.message_id] * 2
    assert receiver.heard[0].body == receiver.heard[1].body
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert Endpoint.objects.get().failures == 0


def test_each_attempt_is_logged_with_request_answer_and_time(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url)
    receiver.statuses, receiver.headers = [503, 204], {"X-Why": "tired"}
    publish_incident(make_incident("After"))
    deliver()
    hurry()
    deliver()

    first, second = Attempt.objects.order_by("number")

    assert (first.status, first.response_body, first.has_succeeded) == (503, "no \ufffd thanks", False)
    assert first.response_headers["x-why"] == "tired"
    assert first.request_headers["webhook-signature"].startswith("v1,")
    assert (first.request_bytes, first.url) == (len(receiver.heard[0].body), receiver.url)
    assert (second.number, second.status, second.has_succeeded) == (2, 204, True)


def test_nothing_overtakes_an_earlier_message_about_the_same_advisory(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url)
    receiver.statuses = [500]
    one, two = make_incident("One"), make_incident("Two")
    publish_incident(one)
    publish_incident(one)
    publish_incident(two)
    for _ in range(3):
        deliver()

    tried = Delivery.objects.filter(attempts__gt=0).order_by("sequence")

    assert list(tried.values_list("public_id", "release__number")) == [(one.public_id, 1), (two.public_id, 1)]


def test_after_the_last_attempt_a_delivery_is_given_up_and_the_next_goes(
    receiver: Receiver, deliver: Deliver, settings: Any
) -> None:
    settings.WEBHOOK_RETRIES = ["1s"]
    make_webhook(url=receiver.url)
    receiver.statuses = [500, 500, 204]
    incident = make_incident("After")
    publish_incident(incident)
    publish_incident(incident)
    for _ in range(3):
        deliver()
        hurry()

    rows = Delivery.objects.order_by("sequence").values_list("state", "attempts")

    assert list(rows) == [(DeliveryState.FAILED, 2), (DeliveryState.DELIVERED, 1)]


def test_the_usual_pauses_last_a_day(settings: Any) -> None:
    pauses = [read_pause(text) for text in settings.WEBHOOK_RETRIES]

    assert dt.timedelta(hours=23) < sum(pauses, dt.timedelta()) <= dt.timedelta(hours=24)
    assert pauses == sorted(pauses)
    assert pause_after(len(pauses) + 1) is None
    assert len({pause_after(3) for _ in range(20)}) > 1
    assert all(0.8 * pauses[2] <= (pause_after(3) or dt.timedelta()) <= 1.2 * pauses[2] for _ in range(50))


@pytest.mark.parametrize(("said", "seconds"), [("120", 120), ("9999999", 6 * 3600), ("x", 0), ("-5", 0), ("", 0)])
def test_a_receiver_may_ask_for_more_time_within_reason(said: str, seconds: int) -> None:
    pause = pause_after(1, retry_after=said)

    assert pause is not None
    assert pause >= dt.timedelta(seconds=seconds)
    assert pause <= dt.timedelta(seconds=max(seconds, 6))


def test_an_endpoint_that_fails_rests_longer_and_longer() -> None:
    rests = [rest_after(failures) for failures in range(1, 30)]

    assert rests[: FAILURES_BEFORE_REST - 1] == [None] * (FAILURES_BEFORE_REST - 1)
    longer = [rest for rest in rests if rest is not None]
    assert longer[3] > longer[0]
    assert max(longer) <= dt.timedelta(hours=1.2)


def test_a_resting_endpoint_is_left_alone_and_then_tried_with_one(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url)
    receiver.statuses = [500]
    for number in range(8):
        publish_incident(make_incident(f"Incident {number}"))
    deliver()
    while Endpoint.objects.get().failures < FAILURES_BEFORE_REST:
        deliver()
    heard = len(receiver.heard)
    deliver()
    assert len(receiver.heard) == heard

    Endpoint.objects.update(resting_until=timezone.now())
    deliver()

    assert len(receiver.heard) == heard + 1


def test_gone_pauses_at_once_and_members_are_told(receiver: Receiver, deliver: Deliver) -> None:
    endpoint, _ = make_webhook(url=receiver.url, description="Our collector")
    endpoint.partner.members.add(make_editor(email="ada@soc.example"))
    receiver.statuses = [410]
    publish_incident(make_incident("After"))

    deliver()
    assert (send_notices(), send_notices()) == (1, 0)

    endpoint.refresh_from_db()
    assert (endpoint.state, "410 Gone" in endpoint.paused_because) == (EndpointState.PAUSED, True)
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["ada@soc.example"], "[Tocsin] Webhook paused: Our collector")
    ]
    assert f"/partners/webhooks/{endpoint.pk}/" in str(mail.outbox[0].body)
    assert AuditEntry.objects.filter(act="pause_webhook", target_id=str(endpoint.pk), by=None).count() == 1


def test_days_of_failure_pause_and_what_was_missed_goes_out_on_resuming(receiver: Receiver, deliver: Deliver) -> None:
    endpoint, _ = make_webhook(url=receiver.url)
    receiver.statuses = [500]
    publish_incident(make_incident("After"))
    deliver()
    assert Endpoint.objects.get().state == EndpointState.ACTIVE

    with time_machine.travel(timezone.now() + dt.timedelta(days=3, minutes=1)):
        hurry()
        deliver()

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.is_notice_due) == (EndpointState.PAUSED, True)
    assert endpoint.paused_because.startswith("Nothing has arrived since")


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_whatever_is_not_2xx_is_a_failure(receiver: Receiver, deliver: Deliver, status: int) -> None:
    make_webhook(url=receiver.url)
    receiver.statuses = [status]
    publish_incident(make_incident("After"))

    deliver()

    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_a_receiver_that_stalls_is_a_failure(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url)
    receiver.stall = 1.0
    publish_incident(make_incident("After"))

    deliver(seconds=0.3)

    assert Attempt.objects.get().fault == "No answer within 0.3 seconds."


def test_an_address_that_leads_inside_is_not_sent_to(receiver: Receiver, deliver: Deliver, settings: Any) -> None:
    make_webhook(url=receiver.url)
    publish_incident(make_incident("After"))
    settings.OUTGOING_ALLOW = []

    deliver()

    assert receiver.heard == []
    assert "not an address of the public Internet" in Attempt.objects.get().fault


def test_what_one_worker_has_taken_another_does_not_take_until_the_lease_ends() -> None:
    make_webhook()
    publish_incident(make_incident("After"))
    now = timezone.now()
    enqueue_releases(now)

    first = claim_due(timezone.now(), room=9, in_flight={})
    second = claim_due(timezone.now(), room=9, in_flight={})
    third = claim_due(timezone.now() + lease_time(), room=9, in_flight={})

    assert ([len(taken) for taken in (first, second, third)], first) == ([1, 0, 1], third)


def test_an_attempt_of_a_worker_that_overslept_its_lease_does_not_count() -> None:
    make_webhook()
    publish_incident(make_incident("After"))
    enqueue_releases(timezone.now())
    (slow,) = claim_due(timezone.now(), room=9, in_flight={})
    claim_due(timezone.now() + lease_time(), room=9, in_flight={})
    tried = Tried(at=timezone.now(), url="", milliseconds=1, headers={}, body=b"", fault="Slow.")

    assert not settle(slow, tried, now=timezone.now())
    assert (Delivery.objects.get().attempts, Attempt.objects.count()) == (0, 0)


def test_no_endpoint_takes_more_than_its_share() -> None:
    busy, _ = make_webhook()
    make_webhook()
    for number in range(5):
        publish_incident(make_incident(f"Incident {number}"))
    enqueue_releases(timezone.now())

    taken = claim_due(timezone.now(), room=16, in_flight={busy.pk: 1})

    assert sorted((delivery.endpoint_id == busy.pk) for delivery in taken) == [False, False, True]


def test_one_delivery_can_be_sent_again_under_its_id(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url)
    publish_incident(make_incident("After"))
    deliver()
    replay_delivery(Delivery.objects.get(), by=By())

    deliver()

    assert receiver.ids == [Delivery.objects.get().message_id] * 2


def test_a_range_is_sent_again_with_what_was_never_sent(receiver: Receiver, deliver: Deliver) -> None:
    publish_incident(make_incident("Before the endpoint"))
    endpoint, _ = make_webhook(url=receiver.url)
    publish_incident(make_incident("After"))
    deliver()
    since, until = timezone.now() - dt.timedelta(hours=1), timezone.now()

    assert replay_range(endpoint, since=until, until=until, by=By()) == 0
    assert replay_range(endpoint, since=since, until=until, by=By(), only_failed=True) == 0
    assert replay_range(endpoint, since=since, until=until, by=By()) == 2
    deliver()

    assert (len(receiver.heard), len(set(receiver.ids))) == (3, 2)


def test_a_test_event_goes_to_a_paused_endpoint_once(receiver: Receiver, deliver: Deliver) -> None:
    endpoint, _ = make_webhook(url=receiver.url)
    pause_endpoint(endpoint, by=By())
    receiver.statuses = [500]
    send_test(endpoint, by=By())

    deliver()
    hurry()
    deliver()

    assert len(receiver.heard) == 1
    assert b'"type":"webhook.test"' in receiver.heard[0].body
    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert Endpoint.objects.get().failures == 0


def test_old_logs_are_forgotten_and_what_an_endpoint_was_told_of_is_not(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url, filter="severity=critical")
    incident = make_incident("After", severity="critical")
    publish_incident(incident)
    publish_incident(incident)
    deliver()

    assert tidy(timezone.now()) == 0
    assert tidy(timezone.now() + dt.timedelta(days=31)) == 3

    assert list(Delivery.objects.values_list("release__number", flat=True)) == [2]
    type(incident).objects.filter(pk=incident.pk).update(severity="low")
    withdraw_incident(incident)
    assert enqueue_releases(timezone.now()) == 1
