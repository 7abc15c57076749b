"""A partner's endpoints: list, make, change, delete, rotate the secret, test, replay."""

from typing import Any
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from incidents.representations.api.answer import json_answer
from incidents.representations.api.problems import INVALID_PARAMETERS, LIMIT_REACHED, ParameterError, Problem
from incidents.representations.api.webhooks.shapes import (
    EndpointGiven,
    NothingGiven,
    ReplayGiven,
    delivery_shape,
    endpoint_shape,
)
from incidents.representations.api.webhooks.view import WebhookView, answer, as_problem, read_body
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
    """The partner's endpoints, and where one is made."""

    def get(self, request: Request) -> HttpResponseBase:
        """All of them; there are never many."""
        self.read(request)
        rows = [endpoint_shape(endpoint) for endpoint in Endpoint.objects.filter(partner=self.partner)]
        return json_answer(request, msgspec.json.encode({"data": rows}))

    def post(self, request: Request) -> HttpResponseBase:
        """Make one. Its secret stands in this answer and in no other."""
        self.read(request)
        given = read_body(request, EndpointGiven)
        if given.url is msgspec.UNSET:
            raise Problem(
                INVALID_PARAMETERS, errors=(ParameterError(parameter="url", detail="Say where messages go."),)
            )
        try:
            endpoint, secret = make_endpoint(self.partner, wishes=given.wishes(), by=self.by)
        except ValidationError as refused:
            raise as_problem(refused) from None
        except TooMany as refused:
            raise Problem(LIMIT_REACHED, str(refused)) from None
        return _with_secret(endpoint, secret, status=201)


class WebhookOne(WebhookView):
    """One endpoint."""

    def get(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """What is known of it."""
        self.read(request)
        return json_answer(request, msgspec.json.encode(endpoint_shape(self.endpoint(endpoint))))

    def patch(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Change what is given; `state` pauses and resumes."""
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
        """Delete it, with its log."""
        self.read(request)
        delete_endpoint(self.endpoint(endpoint), by=self.by)
        return HttpResponse(status=204)


class WebhookSecret(WebhookView):
    """Where a new secret is made."""

    def post(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Rotate the secret; messages are signed by both for a day."""
        self.read(request)
        read_body(request, NothingGiven)
        return _with_secret(*rotate_secret(self.endpoint(endpoint), by=self.by), status=200)


class WebhookTest(WebhookView):
    """Where a test is asked for."""

    def post(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Send a test; the answer says which delivery to look at."""
        self.read(request)
        read_body(request, NothingGiven)
        shape = delivery_shape(send_test(self.endpoint(endpoint), by=self.by))
        return answer(shape, status=202, location=shape.self)


class WebhookReplay(WebhookView):
    """Where a range is sent again."""

    def post(self, request: Request, endpoint: UUID) -> HttpResponseBase:
        """Send again what was released at some time."""
        self.read(request)
        found = self.endpoint(endpoint)
        given = read_body(request, ReplayGiven)
        until = given.until or timezone.now()
        naive = [name for name, time in (("since", given.since), ("until", until)) if time.tzinfo is None]
        if naive:
            detail = "Say the time zone: 2025-01-27T13:33:00Z."
            raise Problem(
                INVALID_PARAMETERS, errors=tuple(ParameterError(parameter=name, detail=detail) for name in naive)
            )
        try:
            count = replay_range(found, since=given.since, until=until, by=self.by, only_failed=given.only_failed)
        except TooMany as refused:
            raise Problem(LIMIT_REACHED, str(refused)) from None
        except FilterBroken as broken:
            raise Problem(INVALID_PARAMETERS, str(broken)) from None
        return answer({"count": count}, status=202)


def _with_secret(endpoint: Endpoint, secret: str, *, status: int) -> HttpResponseBase:
    shape = endpoint_shape(endpoint)
    return answer({**msgspec.to_builtins(shape), "secret": secret}, status=status, location=shape.self)


def _state(given: Any) -> EndpointState | None:
    if given is msgspec.UNSET:
        return None
    if given not in EndpointState.values:
        allowed = tuple(EndpointState.values)
        raise Problem(
            INVALID_PARAMETERS,
            errors=(ParameterError(parameter="state", detail=f"There are {' and '.join(allowed)}.", allowed=allowed),),
        )
    return EndpointState(given)
