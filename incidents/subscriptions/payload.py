"""The bytes of a message: versioned JSON, the same at every attempt."""

import datetime as dt
from typing import Any

import msgspec
from django.conf import settings

from incidents.publication.events import DESCRIBED, describe_release, releases_with_change
from incidents.subscriptions.models import Delivery

VERSION = 1
TEST_TYPE = "webhook.test"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver gets (Standard Webhooks, section “Payload structure”).

    Attributes:
        type: `advisory.created`, `.updated`, `.corrected`, `.withdrawn`, `.merged`, or `webhook.test`.
        version: of this shape. Fields may be added under the same version; whatever else changes has another.
        timestamp: when it happened.
        portal: the public address of whoever sends it.
        url: where people read it.
        data: the release, as `/api/v1/changes/` tells it.
    """

    type: str
    version: int = VERSION
    timestamp: dt.datetime
    portal: str
    url: str
    data: Any


def build_message(delivery: Delivery) -> bytes | None:
    """The body of a delivery; None where the partner may not see the release any more (INV-TLP). One query, none for a test."""
    if delivery.is_test:
        return _test_message(delivery)
    endpoint = delivery.endpoint
    rows = releases_with_change(endpoint.partner.audience).filter(sequence=delivery.sequence)
    row = rows.values_list(*DESCRIBED, named=True).first()
    if row is None:
        return None
    told: Any = describe_release(row, is_slim=endpoint.is_slim)
    return msgspec.json.encode(
        Message(
            type=f"advisory.{told.event}",
            timestamp=told.released_at,
            portal=settings.SITE_URL,
            url=f"{settings.SITE_URL}/incidents/{told.id}/",
            data=told,
        )
    )


def _test_message(delivery: Delivery) -> bytes:
    data = {"endpoint": str(delivery.endpoint_id), "message": "This is a test. Nothing has been released."}
    return msgspec.json.encode(
        Message(
            type=TEST_TYPE, timestamp=delivery.created_at, portal=settings.SITE_URL, url=settings.SITE_URL, data=data
        )
    )
