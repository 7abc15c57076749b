"""From a release to a signed message at a receiver."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from incidents.publication.models import Release
from incidents.record.models import Incident
from incidents.subscriptions.endpoints import By, change_endpoint, pause_endpoint, resume_endpoint, rotate_secret
from incidents.subscriptions.enqueue import enqueue_releases
from incidents.subscriptions.models import Attempt, Delivery, DeliveryState, Endpoint
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind
from tests.factories import make_incident, make_published, publish_incident, withdraw_incident
from tests.factories.partners import make_partner
from tests.factories.webhooks import make_webhook
from tests.incidents.subscriptions.conftest import Receiver

pytestmark = pytest.mark.django_db
Deliver = Callable[..., None]


def told(receiver: Receiver) -> list[tuple[str, str, int]]:
    """Type, advisory and release of each message."""
    bodies = [json.loads(one.body) for one in receiver.heard]
    return [(body["type"], body["data"]["id"], body["data"]["number"]) for body in bodies]


def enqueued() -> list[tuple[str, str]]:
    """Advisory and event of every delivery, in order."""
    enqueue_releases(timezone.now())
    return list(Delivery.objects.order_by("sequence").values_list("public_id", "event"))


def test_each_kind_of_release_arrives_signed_and_in_order(receiver: Receiver, deliver: Deliver) -> None:
    before = make_published("Before")
    _, secret = make_webhook(url=receiver.url)
    incident, other = make_incident("After"), make_incident("Another")
    publish_incident(incident)
    publish_incident(incident)
    publish_incident(incident, kind=ReleaseKind.CORRECTION, reason="It was two days.")
    publish_incident(other)
    withdraw_incident(incident, merged_into=before.public_id)
    withdraw_incident(other)

    deliver()

    one, two = incident.public_id, other.public_id
    assert sorted(told(receiver)) == sorted(
        [
            ("advisory.created", one, 1),
            ("advisory.updated", one, 2),
            ("advisory.corrected", one, 3),
            ("advisory.merged", one, 4),
            ("advisory.created", two, 1),
            ("advisory.withdrawn", two, 2),
        ]
    )
    assert [number for _, key, number in told(receiver) if key == one] == [1, 2, 3, 4]
    for message in receiver.heard:
        Webhook(secret).verify(message.body, message.headers)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_the_message_is_versioned_and_says_the_release_as_changes_does(
    receiver: Receiver, deliver: Deliver, client: Any
) -> None:
    make_webhook(make_partner(clearance=TLP.CLEAR), url=receiver.url)
    publish_incident(make_incident("After"))

    deliver()

    row = json.loads(client.get("/api/v1/changes/").content)["data"][0]
    body = json.loads(receiver.heard[0].body)
    assert body == {
        "type": "advisory.created",
        "version": 1,
        "timestamp": row["released_at"],
        "portal": "http://127.0.0.1:8000",
        "url": f"http://127.0.0.1:8000/incidents/{row['id']}/",
        "data": row,
    }
    assert b"sequence" not in receiver.heard[0].body


def test_a_slim_endpoint_gets_no_documents(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(url=receiver.url, is_slim=True)
    publish_incident(make_incident("After"))

    deliver()

    assert "document" not in json.loads(receiver.heard[0].body)["data"]


def test_what_is_above_the_clearance_is_not_sent(receiver: Receiver, deliver: Deliver) -> None:
    make_webhook(make_partner(clearance=TLP.GREEN), url=receiver.url)
    publish_incident(make_incident("Green", tlp="green"))
    widened = make_incident("First amber, then green", tlp="amber")
    publish_incident(widened)
    publish_incident(make_incident("Amber", tlp="amber"))

    deliver()
    assert [kind for kind, _, _ in told(receiver)] == ["advisory.created"]
    Incident.objects.filter(pk=widened.pk).update(tlp="green")
    publish_incident(widened)
    deliver()

    assert [(kind, number) for kind, _, number in told(receiver)] == [("advisory.created", 1), ("advisory.created", 2)]


def test_clearance_is_what_it_is_when_a_message_is_sent(receiver: Receiver, deliver: Deliver) -> None:
    endpoint, _ = make_webhook(make_partner(clearance=TLP.AMBER), url=receiver.url)
    publish_incident(make_incident("Amber", tlp="amber"))
    enqueue_releases(timezone.now())
    endpoint.partner.clearance = TLP.CLEAR
    endpoint.partner.save()

    deliver()

    assert receiver.heard == []
    assert Delivery.objects.get().state == DeliveryState.WITHHELD


def test_nothing_is_sent_to_a_partner_without_access_and_nothing_is_lost(receiver: Receiver, deliver: Deliver) -> None:
    endpoint, _ = make_webhook(url=receiver.url)
    partner = endpoint.partner
    publish_incident(make_incident("One"))
    enqueue_releases(timezone.now())
    partner.is_active = False
    partner.save()
    publish_incident(make_incident("Two"))

    deliver()
    assert receiver.heard == []
    partner.is_active = True
    partner.save()
    deliver()

    assert [kind for kind, _, _ in told(receiver)] == ["advisory.created"] * 2


def test_a_filter_chooses_advisories_and_an_endpoint_stays_with_what_it_was_told_of() -> None:
    make_webhook(filter="severity=critical,high")
    low, grave = make_incident("Low", severity="low"), make_incident("Grave", severity="critical")
    publish_incident(low)
    publish_incident(grave)
    assert enqueued() == [(grave.public_id, "created")]
    Incident.objects.filter(pk=grave.pk).update(severity="low")
    publish_incident(grave)
    withdraw_incident(grave)
    withdraw_incident(low)

    assert enqueued() == [(grave.public_id, event) for event in ("created", "updated", "withdrawn")]


def test_a_filter_of_words_and_one_of_states() -> None:
    words, _ = make_webhook(filter="q=ledgers")
    withdrawn, _ = make_webhook(filter="state=withdrawn")
    found = make_incident("Locked out of its ledgers")
    publish_incident(found)
    publish_incident(make_incident("Something else"))
    enqueue_releases(timezone.now())
    withdraw_incident(found)
    enqueue_releases(timezone.now())

    by_endpoint = {
        endpoint: list(endpoint.deliveries.order_by("sequence").values_list("public_id", "event"))
        for endpoint in (words, withdrawn)
    }

    assert by_endpoint == {
        words: [(found.public_id, "created"), (found.public_id, "withdrawn")],
        withdrawn: [(found.public_id, "withdrawn")],
    }


def test_a_filter_that_is_understood_no_longer_pauses_and_loses_nothing() -> None:
    endpoint, _ = make_webhook()
    Endpoint.objects.update(filter="severity=grave")
    incident = make_incident("After")
    publish_incident(incident)
    assert enqueued() == []

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.paused_because[:38]) == ("paused", "Its filter is not understood any more:")
    change_endpoint(endpoint, wishes={"filter": ""}, by=By())
    resume_endpoint(endpoint, by=By())
    assert enqueued() == [(incident.public_id, "created")]


def test_an_endpoint_hears_of_the_events_it_chose() -> None:
    make_webhook(events=["withdrawn", "merged"])
    incident = make_incident("After")
    publish_incident(incident)
    withdraw_incident(incident)

    assert enqueued() == [(incident.public_id, "withdrawn")]


def test_looking_twice_makes_nothing_twice(django_assert_num_queries: Any) -> None:
    make_webhook()
    publish_incident(make_incident("After"))

    assert enqueue_releases(timezone.now()) == 1
    with django_assert_num_queries(2):
        assert enqueue_releases(timezone.now()) == 0


def test_a_release_that_is_rolled_back_is_told_to_nobody() -> None:
    make_webhook()
    incident = make_incident("After")

    with pytest.raises(RuntimeError):
        _publish_and_fail(incident)

    assert (enqueued(), Release.objects.count()) == ([], 0)


def _publish_and_fail(incident: Incident) -> None:
    with transaction.atomic():
        publish_incident(incident)
        raise RuntimeError


def test_a_paused_endpoint_catches_up_or_skips(receiver: Receiver, deliver: Deliver) -> None:
    endpoint, _ = make_webhook(url=receiver.url)
    pause_endpoint(endpoint, by=By())
    first = make_incident("First")
    publish_incident(first)
    deliver()
    assert receiver.heard == []
    resume_endpoint(endpoint, by=By())
    deliver()
    pause_endpoint(endpoint, by=By())
    publish_incident(make_incident("Second"))
    resume_endpoint(endpoint, by=By(), skip_missed=True)

    deliver()

    assert told(receiver) == [("advisory.created", first.public_id, 1)]


def test_during_a_rotation_both_secrets_verify_and_afterwards_one(receiver: Receiver, deliver: Deliver) -> None:
    endpoint, old = make_webhook(url=receiver.url)
    _, new = rotate_secret(endpoint, by=By())
    publish_incident(make_incident("During"))
    deliver()
    Endpoint.objects.update(previous_secret_until=timezone.now() - dt.timedelta(seconds=1))
    publish_incident(make_incident("Afterwards"))
    deliver()

    during, afterwards = receiver.heard

    assert len(during.headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        Webhook(secret).verify(during.body, during.headers)
    Webhook(new).verify(afterwards.body, afterwards.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(afterwards.body, afterwards.headers)


def test_the_secret_is_neither_in_the_database_nor_in_the_log(receiver: Receiver, deliver: Deliver) -> None:
    _, secret = make_webhook(url=receiver.url)
    publish_incident(make_incident("After"))
    deliver()

    stored = [
        str(value)
        for model in (Endpoint, Delivery, Attempt)
        for row in model.objects.values()
        for value in row.values()
    ]

    assert not [text for text in stored if secret.removeprefix("whsec_") in text]


def test_what_waits_goes_to_the_new_address(receivers: Callable[[], Receiver], deliver: Deliver) -> None:
    old, new = receivers(), receivers()
    endpoint, _ = make_webhook(url=old.url)
    publish_incident(make_incident("After"))
    enqueue_releases(timezone.now())
    change_endpoint(endpoint, wishes={"url": new.url}, by=By())

    deliver()

    assert (len(old.heard), len(new.heard)) == (0, 1)
