"""Sending again: one delivery, a range of time, or a test."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents.audit.record import record_act
from incidents.publication.events import releases_with_event
from incidents.subscriptions.endpoints import By, TooMany
from incidents.subscriptions.enqueue import deliveries_of
from incidents.subscriptions.models import Delivery, DeliveryState, Endpoint

BATCH = 200
MOST_REPLAYED = 5000
TEST = "test"


@transaction.atomic
def replay_delivery(delivery: Delivery, *, by: By) -> None:
    """Send a delivery again, under the same `webhook-id`, whatever became of it."""
    _wait_again(Delivery.objects.filter(pk=delivery.pk))
    _note(delivery.endpoint, "replay_delivery", by, message=delivery.message_id)


@transaction.atomic
def replay_range(
    endpoint: Endpoint,
    *,
    since: dt.datetime,
    until: dt.datetime,
    by: By,
    only_failed: bool = False,
) -> int:
    """Send again what was released in a range of time; also what was never sent, because it was released before the endpoint was
    made, while what it wanted was something else, or with a clearance that has been raised since.

    Args:
        endpoint: the receiver.
        since: the first moment.
        until: the last moment.
        by: who wants it.
        only_failed: only what was given up or withheld.

    Returns:
        how many deliveries there will be.

    Raises:
        TooMany: there are more than can be made at once.
        FilterBroken: what the endpoint wants is not understood any more.
    """
    held: Any = Endpoint.objects.select_for_update(of=("self",)).select_related("partner").get(pk=endpoint.pk)
    in_range = {"release__released_at__gte": since, "release__released_at__lte": until}
    rows = Delivery.objects.filter(endpoint=held, **in_range)
    if only_failed:
        rows = rows.filter(state__in=[DeliveryState.FAILED, DeliveryState.WITHHELD])
    count = _wait_again(rows)
    if not only_failed:
        count += _make_missing(held, since, until)
    _note(held, "replay_webhook", by, since=since.isoformat(), until=until.isoformat(), count=count)
    return count


@transaction.atomic
def send_test(endpoint: Endpoint, *, by: By) -> Delivery:
    """Send a message about nothing, once, also to an endpoint that is paused. One at a time: while a test waits, it is that."""
    waiting = Delivery.objects.filter(endpoint=endpoint, sequence=0, state=DeliveryState.WAITING).first()
    if waiting is not None:
        return waiting
    delivery = Delivery.objects.create(endpoint=endpoint, event=TEST, next_attempt_at=timezone.now())
    _note(endpoint, "test_webhook", by, message=delivery.message_id)
    return delivery


def _wait_again(rows: Any) -> int:
    count: int = rows.filter(leased_until=None).update(
        state=DeliveryState.WAITING, attempts=0, next_attempt_at=timezone.now(), finished_at=None, note=""
    )
    return count


def _make_missing(endpoint: Endpoint, since: dt.datetime, until: dt.datetime) -> int:
    releases = releases_with_event(endpoint.partner.audience).filter(released_at__gte=since, released_at__lte=until)
    known = Delivery.objects.filter(endpoint=endpoint, sequence__gt=0).values("sequence")
    missing: Any = releases.filter(sequence__lte=endpoint.told_until).exclude(sequence__in=known).defer("document_json")
    rows, made = list(missing[: MOST_REPLAYED + 1]), 0
    if len(rows) > MOST_REPLAYED:
        raise TooMany(
            f"These are more than {MOST_REPLAYED} releases. Read them from /api/v1/changes/ instead, or take less time."
        )
    for start in range(0, len(rows), BATCH):
        found = deliveries_of(endpoint, rows[start : start + BATCH], timezone.now())
        made += len(Delivery.objects.bulk_create(found, ignore_conflicts=True))
    return made


def _note(endpoint: Endpoint, act: str, by: By, **detail: Any) -> None:
    detail |= {"partner": endpoint.partner.name, "key": by.key.prefix if by.key else ""}
    record_act(act=act, target_kind="webhook", target_id=str(endpoint.pk), by=by.user, detail=detail)
