"""Taking deliveries to send: by a lease, so that no two workers send the same one at the same time, and a killed worker's
deliveries are free again after a while.

In order per advisory: a delivery is not taken while an earlier one about the same advisory is on its way to the same endpoint.
"""

import datetime as dt
import random
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.subscriptions.models import Delivery, DeliveryState, Endpoint

MOST_AT_ONCE = 2
"""How many messages one endpoint gets at the same time from one worker; one while it fails."""


def lease_time() -> dt.timedelta:
    """How long a delivery belongs to whoever took it: longer than any attempt takes."""
    return dt.timedelta(seconds=2 * settings.WEBHOOK_TIMEOUT + 5)


def claim_due(now: dt.datetime, *, room: int, in_flight: Mapping[UUID, int]) -> list[Delivery]:
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
            taken += _claim(ready(now).filter(endpoint_id=key), now, free)
    if room > len(taken):
        taken += _claim(ready(now).filter(sequence=0), now, room - len(taken))
    return taken


def is_one_due(now: dt.datetime) -> bool:
    """Whether a delivery could be taken."""
    return bool(_endpoints_due(now)) or ready(now).filter(sequence=0).exists()


def ready(now: dt.datetime) -> QuerySet[Delivery]:
    """Deliveries that could be sent now if their endpoint is open: waiting, not taken, the first about their advisory."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    earlier = waiting.filter(
        endpoint=OuterRef("endpoint"), public_id=OuterRef("public_id"), sequence__lt=OuterRef("sequence")
    )
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return waiting.filter(free, ~Exists(earlier), next_attempt_at__lte=now)


def _endpoints_due(now: dt.datetime) -> list[tuple[UUID, int]]:
    """Endpoints that are open and not resting and for which something is ready, and how often each failed in a row: by chance,
    but those that work first. Tests need none of this: they go whatever the state, for that is what they are for."""
    every: Any = Endpoint.objects.all()
    awake = every.open_at(now).filter(Q(resting_until=None) | Q(resting_until__lte=now))
    rows = list(awake.filter(Exists(ready(now).filter(endpoint=OuterRef("pk")))).values_list("pk", "failures"))
    random.shuffle(rows)
    return sorted(rows, key=lambda row: row[1] > 0)


@transaction.atomic
def _claim(rows: QuerySet[Delivery], now: dt.datetime, count: int) -> list[Delivery]:
    candidates = rows.order_by("next_attempt_at", "sequence", "id")
    if connection.features.has_select_for_update_skip_locked:
        candidates = candidates.select_for_update(skip_locked=True, of=("self",))
    keys = [delivery.pk for delivery in candidates[:count]]
    if not keys:
        return []
    mark = secrets.token_hex(16)
    Delivery.objects.filter(pk__in=keys).update(leased_until=now + lease_time(), leased_by=mark)
    taken = Delivery.objects.filter(pk__in=keys, leased_by=mark)
    return list(taken.select_related("endpoint__partner").order_by("sequence", "id"))
