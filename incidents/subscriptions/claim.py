"""Taking deliveries to send: by a lease, so that no two workers send the same one at the same time, and a killed worker's
deliveries are free again after a while.

In order per advisory: a delivery is not taken while an earlier one about the same advisory is on its way to the same endpoint.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.subscriptions.models import Delivery, DeliveryState, Endpoint

MOST_AT_ONCE = 2
"""How many messages one endpoint gets at the same time from one worker; one while it fails."""

MOST_ENDPOINTS = 200


def lease_time() -> dt.timedelta:
    """How long a delivery belongs to whoever took it: longer than any attempt takes."""
    return dt.timedelta(seconds=2 * settings.WEBHOOK_TIMEOUT + 5)


def claim_due(now: dt.datetime, *, room: int, in_flight: Mapping[Any, int]) -> list[Delivery]:
    """Take deliveries that are due: of every endpoint some, so that none waits for another's.

    Args:
        now: the time.
        room: how many at the most.
        in_flight: how many this worker is sending already, by endpoint.
    """
    taken: list[Delivery] = []
    for key, failures in _endpoints_due(now):
        free = min((1 if failures else MOST_AT_ONCE) - in_flight.get(key, 0), room - len(taken))
        if free > 0:
            taken += _claim_of(key, now, free)
    return taken


def due(now: dt.datetime) -> QuerySet[Delivery]:
    """Deliveries that could be sent now: waiting, not taken, to an endpoint that is open and not resting, the first about their
    advisory. Tests go whatever the state of the endpoint, for that is what they are for."""
    open_now: Any = Endpoint.objects.all()
    awake = (
        open_now.open_at(now).filter(Q(resting_until=None) | Q(resting_until__lte=now)).filter(pk=OuterRef("endpoint"))
    )
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    earlier = waiting.filter(
        endpoint=OuterRef("endpoint"), public_id=OuterRef("public_id"), sequence__lt=OuterRef("sequence")
    )
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return waiting.filter(free, Q(sequence=0) | Exists(awake), ~Exists(earlier), next_attempt_at__lte=now)


def _endpoints_due(now: dt.datetime) -> list[tuple[Any, int]]:
    """The endpoints for which something is due, those that work first, and how often each failed in a row."""
    rows = due(now).values_list("endpoint_id", "endpoint__failures").distinct()
    return list(rows.order_by("endpoint__failures", "endpoint_id")[:MOST_ENDPOINTS])


@transaction.atomic
def _claim_of(key: Any, now: dt.datetime, count: int) -> list[Delivery]:
    candidates = due(now).filter(endpoint_id=key).order_by("next_attempt_at", "sequence", "id")
    if connection.features.has_select_for_update_skip_locked:
        candidates = candidates.select_for_update(skip_locked=True, of=("self",))
    keys = [delivery.pk for delivery in candidates[:count]]
    mark = secrets.token_hex(16)
    Delivery.objects.filter(pk__in=keys).update(leased_until=now + lease_time(), leased_by=mark)
    taken = Delivery.objects.filter(pk__in=keys, leased_by=mark)
    return list(taken.select_related("endpoint__partner").order_by("sequence", "id"))
