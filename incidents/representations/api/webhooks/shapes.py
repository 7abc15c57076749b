"""Endpoints, deliveries and attempts as the API says them, and what it is told about endpoints."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from django.conf import settings
from django.urls import reverse
from msgspec import UNSET
from msgspec import UnsetType as Unset

from incidents.outgoing.destination import LONGEST_URL
from incidents.publication.events import Event
from incidents.subscriptions.endpoints import LONGEST_DESCRIPTION
from incidents.subscriptions.models import Attempt, Delivery, Endpoint, EndpointState
from incidents.subscriptions.wishes import LONGEST_FILTER

_Event = Annotated[str, msgspec.Meta(extra_json_schema={"enum": [event.value for event in Event]})]
_EVENTS = msgspec.Meta(extra_json_schema={"minItems": 1})
_Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]
_URL = msgspec.Meta(extra_json_schema={"format": "uri", "pattern": "^https?://[^@#]+$", "maxLength": LONGEST_URL})


class EndpointShape(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint. The secret is not part of it: it is said once, when it is made.

    Attributes:
        id: of the endpoint.
        self: its address.
        url: where messages go.
        description: the partner's own words.
        filter: the query string that its advisories are found by; empty for all.
        events: kinds of events it hears of.
        slim: whether documents are left out.
        state: active or paused.
        paused_because: why it is paused; empty where it is not.
        failures: attempts that failed, in a row.
        failing_since: when the first of these was.
        resting_until: until when nothing is sent because of them.
        last_delivered_at: when something arrived last.
        previous_secret_until: until when messages are signed by the secret before, too.
        created_at: when it was made.
    """

    id: str
    self: str
    url: str
    description: str
    filter: str
    events: list[str]
    slim: bool
    state: str
    paused_because: str
    failures: int
    failing_since: dt.datetime | None
    resting_until: dt.datetime | None
    last_delivered_at: dt.datetime | None
    previous_secret_until: dt.datetime | None
    created_at: dt.datetime


class DeliveryShape(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery.

    Attributes:
        id: its `webhook-id`, the same at every attempt.
        self: its address.
        event: created, updated, corrected, withdrawn, merged; or test.
        advisory: id of the advisory; empty for a test.
        release: number of the release within it; null for a test.
        state: waiting, delivered, failed or withheld.
        attempts: how many there were since it was made or replayed.
        next_attempt_at: when the next is due; null where none is.
        created_at: when it was made.
        finished_at: when it arrived or was given up.
        note: what went wrong.
    """

    id: str
    self: str
    event: str
    advisory: str
    release: int | None
    state: str
    attempts: int
    next_attempt_at: dt.datetime | None
    created_at: dt.datetime
    finished_at: dt.datetime | None
    note: str


class AttemptShape(msgspec.Struct, frozen=True, kw_only=True):
    """One try of a delivery.

    Attributes:
        at: when it began.
        milliseconds: how long it took.
        url: where it went.
        request_headers: what was sent.
        request_bytes: length of the body.
        request_sha256: of the body.
        status: of the answer; null where there was none.
        response_headers: of the answer.
        response_body: its beginning.
        fault: why there was no answer.
        succeeded: whether the receiver took it.
    """

    at: dt.datetime
    milliseconds: int
    url: str
    request_headers: dict[str, str]
    request_bytes: int
    request_sha256: str
    status: int | None
    response_headers: dict[str, str]
    response_body: str
    fault: str
    succeeded: bool


class EndpointMade(EndpointShape, frozen=True, kw_only=True):
    """An endpoint with its secret, which is said here and nowhere else.

    Attributes:
        secret: to check signatures with.
    """

    secret: str


class DeliveryTold(DeliveryShape, frozen=True, kw_only=True):
    """A delivery with its attempts.

    Attributes:
        log: the attempts, the newest first.
    """

    log: list[AttemptShape]


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What will be sent again.

    Attributes:
        count: how many deliveries.
    """

    count: int


class EndpointWanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an endpoint may want."""

    description: Annotated[str, msgspec.Meta(extra_json_schema={"maxLength": LONGEST_DESCRIPTION})] | Unset = UNSET
    filter: Annotated[str, msgspec.Meta(extra_json_schema={"maxLength": LONGEST_FILTER})] | Unset = UNSET
    events: Annotated[list[_Event], _EVENTS] | Unset = UNSET
    slim: bool | Unset = UNSET

    def wishes(self) -> dict[str, Any]:
        """The fields that are given, as they are stored."""
        names = [name for name in ("url", "description", "filter", "events") if name in self.__struct_fields__]
        given = {name: getattr(self, name) for name in names} | {"is_slim": self.slim}
        return {name: value for name, value in given.items() if value is not UNSET}


class EndpointNew(EndpointWanted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An endpoint to make.

    Attributes:
        url: where messages go; https, without name and password.
        description: your own words.
        filter: the query string of a list that its advisories are found by; all, unless said.
        events: kinds of events to hear of; all, unless said.
        slim: whether documents are left out.
    """

    url: Annotated[str, _URL]


class EndpointGiven(EndpointWanted, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is changed about an endpoint; what is left out stays as it is.

    Attributes:
        url: where messages go; https, without name and password.
        description: your own words.
        filter: the query string of a list that its advisories are found by; empty for all.
        events: kinds of events to hear of.
        slim: whether documents are left out.
        state: paused, or active again.
        skip_missed: when it goes on: whether what was released meanwhile is left out.
    """

    url: Annotated[str, _URL] | Unset = UNSET
    state: Annotated[str, msgspec.Meta(extra_json_schema={"enum": EndpointState.values})] | Unset = UNSET
    skip_missed: bool = False


class ReplayGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A range of releases to send again: those released at these times or between them.

    Attributes:
        since: the first time, with its zone.
        until: the last; now, unless said.
        only_failed: only what did not arrive.
    """

    since: _Moment
    until: _Moment | None = None
    only_failed: bool = False


class NothingGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a request that needs none."""


def endpoint_shape(endpoint: Endpoint) -> EndpointShape:
    """An endpoint as the API says it."""
    return EndpointShape(
        id=str(endpoint.pk),
        self=settings.SITE_URL + reverse("api:webhook", args=[endpoint.pk]),
        url=endpoint.url,
        description=endpoint.description,
        filter=endpoint.filter,
        events=endpoint.events,
        slim=endpoint.is_slim,
        state=endpoint.state,
        paused_because=endpoint.paused_because,
        failures=endpoint.failures,
        failing_since=endpoint.failing_since,
        resting_until=endpoint.resting_until,
        last_delivered_at=endpoint.last_delivered_at,
        previous_secret_until=endpoint.previous_secret_until,
        created_at=endpoint.created_at,
    )


def delivery_shape(delivery: Delivery) -> DeliveryShape:
    """A delivery as the API says it."""
    return DeliveryShape(
        id=delivery.message_id,
        self=settings.SITE_URL + reverse("api:webhook_delivery", args=[delivery.endpoint_id, delivery.message_id]),
        event=delivery.event,
        advisory=delivery.public_id,
        release=delivery.release.number if delivery.release else None,
        state=delivery.state,
        attempts=delivery.attempts,
        next_attempt_at=delivery.next_attempt_at if delivery.finished_at is None else None,
        created_at=delivery.created_at,
        finished_at=delivery.finished_at,
        note=delivery.note,
    )


def attempt_shape(attempt: Attempt) -> AttemptShape:
    """An attempt as the API says it."""
    return AttemptShape(
        at=attempt.at,
        milliseconds=attempt.milliseconds,
        url=attempt.url,
        request_headers=attempt.request_headers,
        request_bytes=attempt.request_bytes,
        request_sha256=attempt.request_sha256,
        status=attempt.status,
        response_headers=attempt.response_headers,
        response_body=attempt.response_body,
        fault=attempt.fault,
        succeeded=attempt.has_succeeded,
    )
