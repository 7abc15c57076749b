"""A partner's endpoints: list, make, change, delete, rotate the secret, test, replay."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from incidents.representations.api.acts import Act
from incidents.representations.api.answer import Everything, json_answer
from incidents.representations.api.problems import INVALID_BODY, LIMIT_REACHED, ParameterError, Problem
from incidents.representations.api.webhooks.shapes import (
    DeliveryShape,
    EndpointGiven,
    EndpointMade,
    EndpointNew,
    EndpointShape,
    NothingGiven,
    Replayed,
    ReplayGiven,
    delivery_shape,
    endpoint_shape,
)
from incidents.representations.api.webhooks.view import BODY_PROBLEMS, WebhookView, answer, as_problem, read_body
from incidents.subscriptions.again import replay_range, send_test
from incidents.subscriptions.endpoints import (
    TooMany,
    change_endpoint,
    delete_endpoint,
    make_endpoint,
    pause_endpoint,
    resume_endpoint,
    rotate_secret,
)
from incidents.subscriptions.models import Endpoint, EndpointState
from incidents.subscriptions.wishes import FilterBroken


class WebhookList(WebhookView):
    """Your organization's webhooks."""

    shape, listing = EndpointShape, Everything
    acts: ClassVar[Mapping[str, Act]] = {
        "post": Act(
            name="make_webhook",
            body=EndpointNew,
            example={
                "url": "https://soc.partner.example/tocsin",
                "description": "Our SOC",
                "filter": "severity=critical,high",
                "events": ["created", "updated", "withdrawn"],
            },
            status=HTTPStatus.CREATED,
            shape=EndpointMade,
            has_location=True,
            problems=(*BODY_PROBLEMS, LIMIT_REACHED),
        )
    }

    def get(self, request: Request) -> HttpResponseBase:
        """All of them; there are never many."""
        self.read(request)
        rows = [endpoint_shape(endpoint) for endpoint in Endpoint.objects.filter(partner=self.partner)]
        return json_answer(request, msgspec.json.encode({"data": rows}))

    def post(self, request: Request) -> HttpResponseBase:
        """Make a webhook. Its secret stands in this answer and in no other."""
        self.read(request)
        given = read_body(request, EndpointNew)
        try:
            endpoint, secret = make_endpoint(self.partner, wishes=given.wishes(), by=self.by)
        except ValidationError as refused:
            raise as_problem(refused) from None
        except TooMany as refused:
            raise Problem(LIMIT_REACHED, str(refused)) from None
        return _with_secret(endpoint, secret, status=HTTPStatus.CREATED)


class WebhookOne(WebhookView):
    """One webhook."""

    shape = EndpointShape
    acts: ClassVar[Mapping[str, Act]] = {
        "patch": Act(
            name="change_webhook",
            body=EndpointGiven,
            example={"filter": "severity=critical", "state": "active"},
            shape=EndpointShape,
            problems=BODY_PROBLEMS,
        ),
        "delete": Act(name="delete_webhook", status=HTTPStatus.NO_CONTENT),
    }

    def get(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """What is known of it."""
        self.read(request)
        return json_answer(request, msgspec.json.encode(endpoint_shape(self.endpoint(endpoint))))

    def patch(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Change a webhook. What is left out stays as it is; `state` pauses and resumes."""
        self.read(request)
        found = self.endpoint(endpoint)
        given = read_body(request, EndpointGiven)
        state = _state(given.state)
        try:
            changed = change_endpoint(found, wishes=given.wishes(), by=self.by)
        except ValidationError as refused:
            raise as_problem(refused) from None
        if state is EndpointState.PAUSED:
            changed = pause_endpoint(changed, by=self.by)
        elif state is EndpointState.ACTIVE:
            changed = resume_endpoint(changed, by=self.by, skip_missed=given.skip_missed)
        return answer(endpoint_shape(changed))

    def delete(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Delete a webhook, with its log."""
        self.read(request)
        delete_endpoint(self.endpoint(endpoint), by=self.by)
        return HttpResponse(status=204)


class WebhookSecret(WebhookView):
    """Where a new secret is made."""

    acts: ClassVar[Mapping[str, Act]] = {
        "post": Act(name="rotate_webhook_secret", shape=EndpointMade, has_location=True, problems=BODY_PROBLEMS)
    }

    def post(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Rotate the secret of a webhook. Messages are signed by both for a day."""
        self.read(request)
        read_body(request, NothingGiven)
        return _with_secret(*rotate_secret(self.endpoint(endpoint), by=self.by), status=HTTPStatus.OK)


class WebhookTest(WebhookView):
    """Where a test is asked for."""

    acts: ClassVar[Mapping[str, Act]] = {
        "post": Act(
            name="test_webhook",
            status=HTTPStatus.ACCEPTED,
            shape=DeliveryShape,
            has_location=True,
            problems=BODY_PROBLEMS,
        )
    }

    def post(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Send a test to a webhook. The answer says which delivery to look at."""
        self.read(request)
        read_body(request, NothingGiven)
        shape = delivery_shape(send_test(self.endpoint(endpoint), by=self.by))
        return answer(shape, status=HTTPStatus.ACCEPTED, location=shape.self)


class WebhookReplay(WebhookView):
    """Where a range is sent again."""

    acts: ClassVar[Mapping[str, Act]] = {
        "post": Act(
            name="replay_webhook",
            body=ReplayGiven,
            example={"since": "2025-01-27T00:00:00Z", "only_failed": True},
            status=HTTPStatus.ACCEPTED,
            shape=Replayed,
            problems=(*BODY_PROBLEMS, LIMIT_REACHED),
        )
    }

    def post(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Send again what was released at some time."""
        self.read(request)
        found = self.endpoint(endpoint)
        given = read_body(request, ReplayGiven)
        until = given.until or timezone.now()
        naive = [name for name, time in (("since", given.since), ("until", until)) if time.tzinfo is None]
        if naive:
            detail = "Say the time zone: 2025-01-27T13:33:00Z."
            raise Problem(INVALID_BODY, errors=tuple(ParameterError(parameter=name, detail=detail) for name in naive))
        try:
            count = replay_range(found, since=given.since, until=until, by=self.by, only_failed=given.only_failed)
        except TooMany as refused:
            raise Problem(LIMIT_REACHED, str(refused)) from None
        except FilterBroken as broken:
            raise Problem(INVALID_BODY, str(broken)) from None
        return answer(Replayed(count=count), status=HTTPStatus.ACCEPTED)


def _with_secret(endpoint: Endpoint, secret: str, *, status: int) -> HttpResponseBase:
    shape = endpoint_shape(endpoint)
    told = EndpointMade(**msgspec.structs.asdict(shape), secret=secret)
    return answer(told, status=status, location=shape.self)


def _state(given: Any) -> EndpointState | None:
    if given is msgspec.UNSET:
        return None
    if given not in EndpointState.values:
        allowed = tuple(EndpointState.values)
        raise Problem(
            INVALID_BODY,
            errors=(ParameterError(parameter="state", detail=f"There are {' and '.join(allowed)}.", allowed=allowed),),
        )
    return EndpointState(given)
