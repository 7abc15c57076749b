"""Secrets of endpoints and signatures by them (Standard Webhooks, symmetric scheme `v1`).

A secret is kept sealed under `SECRET_KEY`, as it is needed in the clear to sign; whoever reads the database alone cannot sign.
"""

import base64
import datetime as dt
import secrets
from collections.abc import Sequence

from standardwebhooks.webhooks import Webhook

from incidents.publication.sealing import NotSealed, seal, unseal
from incidents.subscriptions.models import Endpoint

SECRET_BYTES = 32
PREFIX = "whsec_"
OVERLAP = dt.timedelta(hours=24)
_PURPOSE = "webhook-secret"


class SecretLost(Exception):
    """The secret of an endpoint cannot be read: it was sealed under a `SECRET_KEY` that is gone."""


def new_secret() -> str:
    """A secret, as receivers have it: 32 random bytes in Base64 behind a mark."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal_secret(secret: str) -> str:
    """A secret as it is stored."""
    return seal(secret.encode(), _PURPOSE)


def secrets_at(endpoint: Endpoint, time: dt.datetime) -> list[str]:
    """The secrets that sign for an endpoint at a time: its own, and after a rotation the one before for a while.

    Raises:
        SecretLost: one of them cannot be read.
    """
    sealed = [endpoint.sealed_secret]
    if endpoint.previous_secret_until is not None and time < endpoint.previous_secret_until:
        sealed.append(endpoint.sealed_previous_secret)
    try:
        return [unseal(text, _PURPOSE).decode() for text in sealed]
    except NotSealed:
        raise SecretLost from None


def signed_headers(body: bytes, *, message_id: str, time: dt.datetime, keys: Sequence[str]) -> dict[str, str]:
    """The headers that say whose message it is; a signature for each secret, with spaces between them.

    Args:
        body: the exact bytes that are sent.
        message_id: the same at every attempt.
        time: of this attempt, in UTC.
        keys: secrets.
    """
    signatures = [Webhook(key).sign(message_id, time, body.decode()) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(time.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
