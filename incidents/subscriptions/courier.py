"""The courier: makes deliveries of releases, sends them, and writes down what came back, until nothing is due.

One thread does everything with the database; a bounded pool of others does nothing but talk to receivers, so that a slow one
holds up a place in the pool and nothing else. Whatever is in memory may be lost at any moment: a lease ends by itself.
"""

import datetime as dt
import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from incidents.audit.origin import acting_from
from incidents.outgoing.client import Client
from incidents.outgoing.destination import Refused
from incidents.outgoing.resolving import Failed
from incidents.subscriptions.claim import claim_due
from incidents.subscriptions.enqueue import enqueue_releases
from incidents.subscriptions.models import Delivery
from incidents.subscriptions.payload import build_message
from incidents.subscriptions.settle import Tried, settle, withhold
from incidents.subscriptions.signing import SecretLost, secrets_at, signed_headers

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
WITHHELD = "Your clearance does not reach this release."
SECRET_LOST = "The portal lost the secret of this webhook: rotate it."  # noqa: S105


class Courier:
    """Delivers. Several may run side by side, in processes of their own.

    Args:
        client: sends requests.
    """

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client(seconds=settings.WEBHOOK_TIMEOUT)
        self.in_flight: dict[Future[Tried], Delivery] = {}
        self.taken_up = 0

    def run(self, stop: threading.Event) -> int:
        """Deliver until nothing is due, or told to stop; what is being sent then is finished.

        Returns:
            how many deliveries were taken up.
        """
        with ThreadPoolExecutor(max_workers=settings.WEBHOOK_THREADS, thread_name_prefix="webhook") as pool:
            while not stop.is_set():
                went_well = self.guarded_turn(pool)
                if not self.in_flight:
                    break
                if not went_well:
                    stop.wait(LOOK_SECONDS)
                wait(self.in_flight, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            wait(self.in_flight)
            self.guarded_turn(None)
        return self.taken_up

    def guarded_turn(self, pool: ThreadPoolExecutor | None) -> bool:
        """One turn. A database that is away, or a fault of ours, is tried again at the next. Whether it went well."""
        close_old_connections()
        try:
            with acting_from("worker"):
                self.turn(pool)
        except DatabaseError:
            log.exception("The database did not answer; trying again.")
            return False
        except Exception:
            log.exception("Delivering webhooks failed; trying again.")
            return False
        return True

    def turn(self, pool: ThreadPoolExecutor | None) -> None:
        """One look: write down what has come back, make deliveries, send what is due. Without a pool nothing new is sent."""
        self.settle_done()
        if pool is None:
            return
        enqueue_releases(timezone.now())
        room = settings.WEBHOOK_THREADS - len(self.in_flight)
        busy: Counter[UUID] = Counter(delivery.endpoint_id for delivery in self.in_flight.values())
        if room > 0:
            for delivery in claim_due(timezone.now(), room=room, in_flight=busy):
                self.taken_up += 1
                self.start_guarded(delivery, pool)

    def start_guarded(self, delivery: Delivery, pool: ThreadPoolExecutor) -> None:
        """Start a delivery; one that cannot be built holds up no other. Its lease ends, and it is tried again."""
        try:
            self.start(delivery, pool)
        except DatabaseError:
            raise
        except Exception:
            log.exception("The message %s could not be built.", delivery)

    def start(self, delivery: Delivery, pool: ThreadPoolExecutor) -> None:
        """Give a delivery to the pool, signed."""
        now = timezone.now()
        body = build_message(delivery)
        if body is None:
            withhold(delivery, note=WITHHELD, now=now)
            return
        url = delivery.endpoint.url
        try:
            keys = secrets_at(delivery.endpoint, now)
        except SecretLost:
            settle(delivery, Tried(at=now, url=url, milliseconds=0, headers={}, body=body, fault=SECRET_LOST), now=now)
            return
        future = pool.submit(send, self.client, delivery, body=body, keys=keys)
        self.in_flight[future] = delivery

    def settle_done(self) -> None:
        """Write down what has come back."""
        for future in [future for future in self.in_flight if future.done()]:
            delivery = self.in_flight[future]
            if fault := future.exception():
                log.error("Sending %s failed by a fault of ours.", delivery, exc_info=fault)
            else:
                self.settle_guarded(delivery, future.result())
            del self.in_flight[future]

    def settle_guarded(self, delivery: Delivery, tried: Tried) -> None:
        """Write down one attempt; one that cannot be written holds up no other. Its lease ends, and it is tried again."""
        try:
            settle(delivery, tried, now=timezone.now())
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("The attempt of %s could not be written down.", delivery)


def send(client: Client, delivery: Delivery, *, body: bytes, keys: list[str]) -> Tried:
    """Make one attempt. It is signed for the moment at which it is sent."""
    now, began = dt.datetime.now(dt.UTC), time.monotonic()
    headers: Mapping[str, str] = {
        "Content-Type": "application/json",
        "User-Agent": f"Tocsin-Webhooks/1 (+{settings.SITE_URL})",
        **signed_headers(body, message_id=delivery.message_id, time=now, keys=keys),
    }
    answer, fault = None, ""
    if delivery.leased_until is not None and now + dt.timedelta(seconds=client.seconds) > delivery.leased_until:
        fault = "The worker stood still for too long before sending."
    else:
        try:
            answer = client.post(delivery.endpoint.url, body, headers)
        except (Refused, Failed) as problem:
            fault = str(problem)
    taken = round((time.monotonic() - began) * 1000)
    return Tried(
        at=now, url=delivery.endpoint.url, milliseconds=taken, headers=headers, body=body, answer=answer, fault=fault
    )
