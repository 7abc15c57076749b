"""What was delivered to an endpoint, attempt by attempt; and sending one delivery again."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

import msgspec
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from incidents.publication.events import Event
from incidents.publication.filters import Choice, Written
from incidents.publication.paging import Order
from incidents.representations.api.acts import Act
from incidents.representations.api.answer import Pages, json_answer, list_body, neighbours
from incidents.representations.api.parameters import CURSOR, LIMIT, Parameter
from incidents.representations.api.view import read_page
from incidents.representations.api.webhooks.shapes import (
    DeliveryShape,
    DeliveryTold,
    NothingGiven,
    attempt_shape,
    delivery_shape,
)
from incidents.representations.api.webhooks.view import BODY_PROBLEMS, WebhookView, answer, read_body
from incidents.subscriptions.again import TEST, replay_delivery
from incidents.subscriptions.models import Attempt, Delivery, DeliveryState
from incidents.vocabulary.identifiers import PUBLIC_ID

NEWEST = Order("api.deliveries", "", ("id",))


class DeliveryList(WebhookView):
    """Deliveries to one endpoint, the newest first."""

    shape, listing = DeliveryShape, Pages
    parameters = (
        Parameter("state", "In this state.", Choice(tuple(DeliveryState.values)), example="failed"),
        Parameter("event", "Of this event.", Choice((*(event.value for event in Event), TEST)), example="created"),
        Parameter(
            "advisory",
            "About this advisory.",
            Written(PUBLIC_ID, "Give an id such as INC-2025-0001.", str.upper),
            example="INC-2025-0001",
        ),
        LIMIT,
        CURSOR,
    )

    def get(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """A page of them."""
        asked = self.read(request)
        wanted = {"state": asked.one("state"), "event": asked.one("event"), "public_id": asked.one("advisory")}
        rows = Delivery.objects.filter(
            endpoint=self.endpoint(endpoint), **{name: value for name, value in wanted.items() if value}
        )
        page = read_page(rows.select_related("release").defer("release__document_json"), NEWEST, asked)
        body = msgspec.json.encode([delivery_shape(delivery) for delivery in page.rows])
        links = neighbours(request, next=page.next, prev=page.previous)
        return json_answer(request, list_body(body, page), links=links)


class DeliveryOne(WebhookView):
    """One delivery, with its attempts."""

    shape = DeliveryTold

    def get(self, request: Request, endpoint: UUID, message: str) -> HttpResponseBase:
        """What was sent and what came back."""
        self.read(request)
        delivery = self.delivery(endpoint, message)
        log = [attempt_shape(attempt) for attempt in Attempt.objects.filter(delivery=delivery).order_by("-id")]
        said = DeliveryTold(**msgspec.structs.asdict(delivery_shape(delivery)), log=log)
        return json_answer(request, msgspec.json.encode(said))


class DeliveryReplay(WebhookView):
    """Where one delivery is sent again."""

    acts: ClassVar[Mapping[str, Act]] = {
        "post": Act(
            name="replay_delivery",
            status=HTTPStatus.ACCEPTED,
            shape=DeliveryShape,
            has_location=True,
            problems=BODY_PROBLEMS,
        )
    }

    def post(self, request: Request, endpoint: UUID, message: str) -> HttpResponseBase:
        """Send a delivery again, under the same `webhook-id`."""
        self.read(request)
        read_body(request, NothingGiven)
        delivery = self.delivery(endpoint, message)
        replay_delivery(delivery, by=self.by)
        delivery.refresh_from_db()
        shape = delivery_shape(delivery)
        return answer(shape, status=HTTPStatus.ACCEPTED, location=shape.self)
