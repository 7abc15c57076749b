"""What is forgotten: attempts, and deliveries that are done, after the days that WEBHOOK_LOG_DAYS says."""

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef

from incidents.subscriptions.models import Attempt, Delivery, DeliveryState

BATCH = 5000


def tidy(now: dt.datetime) -> int:
    """Forget what is old. The last delivery about each advisory stays, so that an endpoint still learns of its withdrawal.

    Returns:
        how many rows were deleted; a bounded number, the rest another time.
    """
    before = now - dt.timedelta(days=settings.WEBHOOK_LOG_DAYS)
    later = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"), public_id=OuterRef("public_id"), sequence__gt=OuterRef("sequence")
    )
    done = Delivery.objects.filter(finished_at__lt=before).exclude(state=DeliveryState.WAITING)
    forgotten = [*_keys(done.filter(sequence=0)), *_keys(done.filter(Exists(later), sequence__gt=0))]
    attempts, _ = Attempt.objects.filter(pk__in=_keys(Attempt.objects.filter(at__lt=before))).delete()
    deliveries, _ = Delivery.objects.filter(pk__in=forgotten).delete()
    return attempts + deliveries


def _keys(rows: object) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:BATCH])  # type: ignore[attr-defined]
