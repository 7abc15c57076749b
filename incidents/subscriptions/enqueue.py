"""From releases to deliveries: each endpoint has a place in the sequence, up to which its deliveries have been made.

The place moves on in the transaction that makes the deliveries, and sequence order is commit order (INV-SEQUENCE). So whatever
is killed and whenever, each committed release is looked at once for each endpoint, and none that was not committed (INV-ATOMIC).
A paused endpoint stands still, and catches up when it is resumed.
"""

import datetime as dt
import logging
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone

from incidents.publication.events import event_of, releases_with_event
from incidents.publication.ledger import head_of_ledger
from incidents.subscriptions.endpoints import pause_by_itself
from incidents.subscriptions.models import Delivery, Endpoint
from incidents.subscriptions.wishes import FilterBroken, wanted_ids

log = logging.getLogger(__name__)

BATCH = 100


def enqueue_releases(now: dt.datetime) -> int:
    """Make the deliveries of what was released since the last look. Two queries where there is nothing to do.

    Returns:
        how many deliveries were made.
    """
    head = head_of_ledger()
    return sum(_catch_up_guarded(key, head) for key in endpoints_behind(now, head))


def endpoints_behind(now: dt.datetime, head: int | None = None) -> list[UUID]:
    """Keys of the endpoints that are open and not yet told of all up to `head`, the newest release where it is left out."""
    open_ones: Any = Endpoint.objects.all()
    behind = open_ones.open_at(now).filter(told_until__lt=head_of_ledger() if head is None else head)
    return list(behind.values_list("pk", flat=True))


def deliveries_of(endpoint: Endpoint, rows: list[Any], now: dt.datetime) -> list[Delivery]:
    """The deliveries, not saved, that some releases mean for an endpoint; `rows` are of `releases_with_event`."""
    wanted = wanted_ids(endpoint, [row.public_id for row in rows])
    made = []
    for row in rows:
        event = event_of(row.kind, row.merged_into, has_before=row.has_before)
        if row.public_id in wanted and event in endpoint.events:
            made.append(
                Delivery(
                    endpoint=endpoint,
                    release_id=row.pk,
                    public_id=row.public_id,
                    sequence=row.sequence,
                    event=event.value,
                    next_attempt_at=now,
                )
            )
    return made


def _catch_up_guarded(key: UUID, head: int) -> int:
    """Catch up with one endpoint; one that cannot be served holds up no other, and is tried again."""
    try:
        return _catch_up(key, head)
    except DatabaseError:
        raise
    except Exception:
        log.exception("The deliveries of webhook %s could not be made.", key)
        return 0


def _catch_up(key: UUID, head: int) -> int:
    made = 0
    while (count := _next_batch(key, head)) is not None:
        made += count
    return made


@transaction.atomic
def _next_batch(key: UUID, head: int) -> int | None:
    """Look at the next releases for one endpoint; how many deliveries came of it, or None when there are no more."""
    endpoint = Endpoint.objects.select_for_update(of=("self",)).select_related("partner").filter(pk=key).first()
    if endpoint is None or not endpoint.is_active or endpoint.told_until >= head:
        return None
    releases = releases_with_event(endpoint.partner.audience).filter(sequence__gt=endpoint.told_until)
    rows: list[Any] = list(releases.filter(sequence__lte=head).defer("document_json")[:BATCH])
    try:
        found = deliveries_of(endpoint, rows, timezone.now())
    except FilterBroken as broken:
        pause_by_itself(endpoint, because=str(broken))
        return None
    made = Delivery.objects.bulk_create(found, ignore_conflicts=True)
    endpoint.told_until = rows[-1].sequence if len(rows) == BATCH else head
    endpoint.save(update_fields=["told_until"])
    return len(made)
