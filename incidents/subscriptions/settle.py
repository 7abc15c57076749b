"""What an attempt means: for the delivery, for its endpoint, and for the log. One transaction for all three."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from incidents.outgoing.client import Answer
from incidents.subscriptions.endpoints import pause_by_itself
from incidents.subscriptions.models import Attempt, Delivery, DeliveryState, Endpoint
from incidents.subscriptions.schedule import pause_after, rest_after

GONE = 410
_REDIRECTED = "redirects are not followed: give the address that it leads to"
_SAID = {**dict.fromkeys((301, 302, 303, 307, 308), _REDIRECTED), GONE: "the receiver says that it is gone for good"}


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that was made.

    Attributes:
        at: when it began.
        url: where it went.
        milliseconds: how long it took.
        headers: what was sent.
        body: what was sent.
        answer: what came back; None where nothing did.
        fault: why nothing did.
    """

    at: dt.datetime
    url: str
    milliseconds: int
    headers: Mapping[str, str]
    body: bytes
    answer: Answer | None = None
    fault: str = ""

    @property
    def has_succeeded(self) -> bool:
        """Whether the receiver took it (Standard Webhooks: any 2xx)."""
        return self.answer is not None and 200 <= self.answer.status < 300

    @property
    def trouble(self) -> str:
        """What went wrong, for people."""
        if self.answer is None:
            return self.fault
        said = _SAID.get(self.answer.status)
        return f"Answered {self.answer.status}" + (f": {said}." if said else ".")


@transaction.atomic
def settle(delivery: Delivery, tried: Tried, *, now: dt.datetime) -> bool:
    """Write down an attempt and what follows from it.

    Returns:
        whether it counted: not if the lease had ended and somebody else took the delivery, or it is gone.
    """
    endpoint: Any = Endpoint.objects.select_for_update(of=("self",)).filter(pk=delivery.endpoint_id).first()
    held = Delivery.objects.select_for_update().filter(pk=delivery.pk, leased_by=delivery.leased_by).first()
    if endpoint is None or held is None:
        return False
    held.attempts += 1
    _log(held, tried)
    held.leased_until, held.leased_by = None, ""
    if tried.has_succeeded:
        _finish(held, DeliveryState.DELIVERED, now, "")
    elif held.is_test:
        _finish(held, DeliveryState.FAILED, now, tried.trouble)
    else:
        _plan(held, tried, now)
    held.save()
    if not held.is_test or tried.has_succeeded:
        _note_health(endpoint, tried, now)
    return True


@transaction.atomic
def withhold(delivery: Delivery, *, note: str, now: dt.datetime) -> None:
    """End a delivery that must not be made."""
    Delivery.objects.filter(pk=delivery.pk, leased_by=delivery.leased_by).update(
        state=DeliveryState.WITHHELD, finished_at=now, note=note, leased_until=None, leased_by=""
    )


def _plan(delivery: Delivery, tried: Tried, now: dt.datetime) -> None:
    pause = pause_after(
        delivery.attempts, retry_after=(tried.answer.headers.get("retry-after", "") if tried.answer else "")
    )
    if pause is None:
        _finish(delivery, DeliveryState.FAILED, now, tried.trouble)
    else:
        delivery.next_attempt_at, delivery.note = now + pause, tried.trouble[:300]


def _finish(delivery: Delivery, state: DeliveryState, now: dt.datetime, note: str) -> None:
    delivery.state, delivery.finished_at, delivery.note = state, now, note[:300]


def _note_health(endpoint: Endpoint, tried: Tried, now: dt.datetime) -> None:
    """What the attempt says about the endpoint: it works again, it needs a rest, or it is to be paused."""
    if tried.has_succeeded:
        endpoint.failures, endpoint.failing_since, endpoint.resting_until = 0, None, None
        endpoint.last_delivered_at = now
        endpoint.save(update_fields=["failures", "failing_since", "resting_until", "last_delivered_at"])
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    rest = rest_after(endpoint.failures)
    endpoint.resting_until = now + rest if rest else None
    endpoint.save(update_fields=["failures", "failing_since", "resting_until"])
    if not endpoint.is_active:
        return
    if tried.answer is not None and tried.answer.status == GONE:
        pause_by_itself(endpoint, because="It answered 410 Gone: nobody wants messages there any more.")
    elif now - endpoint.failing_since >= dt.timedelta(days=settings.WEBHOOK_PAUSE_DAYS):
        because = f"Nothing has arrived since {endpoint.failing_since:%Y-%m-%d %H:%M} UTC. {tried.trouble}"
        pause_by_itself(endpoint, because=because)


def _log(delivery: Delivery, tried: Tried) -> None:
    answer = tried.answer
    body = answer.body.decode(errors="replace").replace("\0", "\ufffd") if answer else ""
    Attempt.objects.create(
        delivery=delivery,
        number=delivery.attempts,
        at=tried.at,
        url=tried.url,
        milliseconds=tried.milliseconds,
        request_headers=dict(tried.headers),
        request_bytes=len(tried.body),
        request_sha256=hashlib.sha256(tried.body).hexdigest(),
        status=answer.status if answer else None,
        response_headers=dict(answer.headers) if answer else {},
        response_body=f"{body} …" if answer and answer.is_cut else body,
        fault=tried.fault[:500],
        has_succeeded=tried.has_succeeded,
    )
