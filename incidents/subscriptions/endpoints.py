"""Acts on endpoints: make, change, pause, resume, rotate the secret, delete. Each is in the audit log."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from incidents.audit.record import record_act
from incidents.outgoing.destination import Refused, read_destination
from incidents.partners.models import ApiKey, Partner
from incidents.publication.events import Event
from incidents.publication.ledger import head_of_ledger
from incidents.subscriptions.models import Endpoint, EndpointState
from incidents.subscriptions.signing import OVERLAP, new_secret, seal_secret
from incidents.subscriptions.wishes import read_events, read_filter

MOST_ENDPOINTS = 20
"""Of one partner."""

LONGEST_DESCRIPTION = 200
PAUSED_BY_HAND = "Paused by hand."


class TooMany(Exception):
    """The partner has as many endpoints as one may have."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts on an endpoint: somebody who signed in, or the program that showed a key; nobody for the portal itself."""

    user: AbstractUser | None = None
    key: ApiKey | None = None


def read_wishes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of an endpoint as they are stored: `url`, `description`, `filter`, `events`, `is_slim`, those that are given.

    Raises:
        ValidationError: by field, what cannot be understood.
    """
    readers = {"url": _read_url, "description": _read_description, "filter": read_filter, "events": read_events}
    values: dict[str, Any] = {}
    problems: dict[str, ValidationError] = {}
    for name, value in given.items():
        try:
            values[name] = readers[name](value) if name in readers else bool(value)
        except ValidationError as problem:
            problems[name] = problem
    if problems:
        raise ValidationError(problems)
    return values


@transaction.atomic
def make_endpoint(partner: Partner, *, wishes: Mapping[str, Any], by: By) -> tuple[Endpoint, str]:
    """A new endpoint that is told of what is released from now on, and its secret.

    Raises:
        ValidationError: by field, what cannot be understood.
        TooMany: the partner has enough.
    """
    Partner.objects.select_for_update().get(pk=partner.pk)
    if partner.endpoints.count() >= MOST_ENDPOINTS:
        raise TooMany(f"A partner has at most {MOST_ENDPOINTS} webhooks. Delete one that is no longer needed.")
    secret = new_secret()
    values = read_wishes({"events": list(Event), **wishes})
    endpoint = Endpoint(
        partner=partner,
        made_with=by.key,
        made_by_id=by.user.pk if by.user else None,
        sealed_secret=seal_secret(secret),
        told_until=head_of_ledger(),
        **values,
    )
    endpoint.save()
    _note(endpoint, "make_webhook", by, **_loggable(values))
    return endpoint, secret


@transaction.atomic
def change_endpoint(endpoint: Endpoint, *, wishes: Mapping[str, Any], by: By) -> Endpoint:
    """Change what an endpoint is, or wants. Of what waits already, the address and whether there are documents change; a new
    filter and other events hold for what is released from now on.

    Raises:
        ValidationError: by field, what cannot be understood.
    """
    values = read_wishes(wishes)
    held = _held(endpoint)
    changed = {name: value for name, value in values.items() if getattr(held, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(held, name, value)
        if "url" in changed:
            held.failures, held.failing_since, held.resting_until = 0, None, None
        held.save()
        _note(held, "change_webhook", by, **_loggable(changed))
    return held


@transaction.atomic
def pause_endpoint(endpoint: Endpoint, *, by: By, because: str = PAUSED_BY_HAND) -> Endpoint:
    """Send nothing more until it is resumed. What is released meanwhile is kept for then."""
    held = _held(endpoint)
    if held.is_active:
        held.state, held.paused_because = EndpointState.PAUSED, because[:300]
        held.save(update_fields=["state", "paused_because"])
        _note(held, "pause_webhook", by, because=because)
    return held


def pause_by_itself(endpoint: Endpoint, *, because: str) -> None:
    """Pause an endpoint that does not work, and owe its partner a notice. Runs under the endpoint's lock."""
    endpoint.state, endpoint.paused_because, endpoint.is_notice_due = EndpointState.PAUSED, because[:300], True
    endpoint.save(update_fields=["state", "paused_because", "is_notice_due"])
    _note(endpoint, "pause_webhook", By(), because=because)


@transaction.atomic
def resume_endpoint(endpoint: Endpoint, *, by: By, skip_missed: bool = False) -> Endpoint:
    """Go on sending: first what was released while it was paused, unless that is to be skipped."""
    held = _held(endpoint)
    if not held.is_active:
        held.state, held.paused_because, held.is_notice_due = EndpointState.ACTIVE, "", False
        held.failures, held.failing_since, held.resting_until = 0, None, None
        if skip_missed:
            held.told_until = head_of_ledger()
        held.save()
        _note(held, "resume_webhook", by, skip_missed=skip_missed)
    return held


@transaction.atomic
def rotate_secret(endpoint: Endpoint, *, by: By, overlap: dt.timedelta = OVERLAP) -> tuple[Endpoint, str]:
    """A new secret. For `overlap` messages are signed by both, so that a receiver can change over without losing one."""
    held, secret = _held(endpoint), new_secret()
    held.sealed_previous_secret, held.sealed_secret = held.sealed_secret, seal_secret(secret)
    held.previous_secret_until = timezone.now() + overlap
    held.save(update_fields=["sealed_previous_secret", "sealed_secret", "previous_secret_until"])
    _note(held, "rotate_webhook_secret", by, until=held.previous_secret_until.isoformat())
    return held, secret


@transaction.atomic
def delete_endpoint(endpoint: Endpoint, *, by: By) -> None:
    """Delete an endpoint, with what waits for it and its log."""
    _note(endpoint, "delete_webhook", by, **_loggable({"url": endpoint.url}))
    endpoint.delete()


def _held(endpoint: Endpoint) -> Endpoint:
    held: Endpoint = Endpoint.objects.select_for_update(of=("self",)).select_related("partner").get(pk=endpoint.pk)
    return held


def _read_url(url: str) -> str:
    try:
        read_destination(url)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from None
    return url


def _read_description(text: str) -> str:
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(words) > LONGEST_DESCRIPTION:
        raise ValidationError(f"A description has at most {LONGEST_DESCRIPTION} characters.")
    return words


def _loggable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for the audit log, which keeps them for ever: of an address its host, as some have a secret in the rest."""
    return {name: (urlsplit(value).hostname or "") if name == "url" else value for name, value in values.items()}


def _note(endpoint: Endpoint, act: str, by: By, **detail: Any) -> None:
    record_act(
        act=act,
        target_kind="webhook",
        target_id=str(endpoint.pk),
        by=by.user,
        detail={"partner": endpoint.partner.name, "key": by.key.prefix if by.key else "", **detail},
    )
