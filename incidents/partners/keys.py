"""Making keys, finding whom one belongs to, and ending them."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone

from incidents.audit.record import record_act
from incidents.partners.models import PREFIX_LENGTH, ApiKey, Partner

MARK = "tocsin"
PREFIX_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
SECRET_BYTES = 32
TOKEN = re.compile(rf"{MARK}_(?P<prefix>[{PREFIX_ALPHABET}]{{{PREFIX_LENGTH}}})_(?P<secret>[A-Za-z0-9_-]{{43}})")
"""A key as partners have it: a mark that scanners for leaked secrets can know, a name, a secret."""


class KeyRefused(Exception):
    """A key does not open anything. The text says why to whoever holds a real key, and nothing to whoever guesses."""


@transaction.atomic
def make_key(
    partner: Partner,
    *,
    name: str,
    scopes: Collection[str],
    by: AbstractUser | None,
    expires_at: datetime | None = None,
    rotated_from: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    """A new key, and its text, which is shown once and kept nowhere.

    Raises:
        ValidationError: the name or a scope is not fit.
    """
    prefix = "".join(secrets.choice(PREFIX_ALPHABET) for _ in range(PREFIX_LENGTH))
    token = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    key = ApiKey(
        partner=partner,
        name=name,
        prefix=prefix,
        digest=_digest(token),
        scopes=sorted(scopes),
        expires_at=expires_at,
        rotated_from=rotated_from,
    )
    key.full_clean()
    key.save()
    _note(key, "make_key", by, scopes=key.scopes, expires_at=expires_at.isoformat() if expires_at else None)
    return key, token


def find_key(token: str, *, address: str, at: datetime) -> ApiKey:
    """The key with this text, with its partner, if it opens something for a caller from this IP address now. One query.

    It is looked up where keys are written, not in a replica: what is revoked is so at once.

    Raises:
        KeyRefused: there is no such key, or it has ended, or may not be used from there.
    """
    spelled = TOKEN.fullmatch(token)
    key = _with_prefix(spelled["prefix"]) if spelled else None
    if not hmac.compare_digest(_digest(token), key.digest if key else _NO_DIGEST) or key is None:
        raise KeyRefused("This key is not known here. Mind that it is copied whole.")
    if key.revoked_at is not None:
        raise KeyRefused(f"The key {key.prefix} was revoked on {key.revoked_at:%Y-%m-%d %H:%M} UTC.")
    if not key.is_valid_at(at):
        raise KeyRefused(f"The key {key.prefix} expired on {key.expires_at:%Y-%m-%d %H:%M} UTC.")
    if not key.partner.is_valid_at(at):
        raise KeyRefused("The access of the partner this key belongs to has ended.")
    if not key.partner.may_call_from(address):
        raise KeyRefused(f"The key {key.prefix} may not be used from {address or 'an unknown address'}.")
    return key


@transaction.atomic
def revoke_key(key: ApiKey, *, by: AbstractUser | None) -> None:
    """End a key at once. One that has been revoked stays as it is."""
    changed = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    key.refresh_from_db()
    if changed:
        _note(key, "revoke_key", by)


@transaction.atomic
def rotate_key(key: ApiKey, *, overlap: timedelta, by: AbstractUser | None) -> tuple[ApiKey, str]:
    """A successor with the same name, scopes and life; the old key goes on for `overlap`, so that no program stands still.

    Raises:
        KeyRefused: the key has ended already, or has a successor.
    """
    now = timezone.now()
    held = ApiKey.objects.select_for_update().get(pk=key.pk)
    if not held.is_valid_at(now):
        raise KeyRefused("A key that has ended cannot be rotated. Make a new one.")
    if hasattr(held, "successor"):
        raise KeyRefused(f"This key was rotated already: {held.successor} follows it.")
    life = held.expires_at - held.created_at if held.expires_at else None
    expires_at = now + life if life else None
    made = make_key(held.partner, name=held.name, scopes=held.scopes, by=by, expires_at=expires_at, rotated_from=held)
    held.expires_at = min(now + overlap, held.expires_at or now + overlap)
    held.save(update_fields=["expires_at"])
    _note(held, "rotate_key", by, successor=made[0].prefix, until=held.expires_at.isoformat())
    return made


def _with_prefix(prefix: str) -> ApiKey | None:
    return ApiKey.objects.using(DEFAULT_DB_ALIAS).select_related("partner").filter(prefix=prefix).first()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _note(key: ApiKey, act: str, by: AbstractUser | None, **detail: object) -> None:
    record_act(
        act=act, target_kind="apikey", target_id=key.prefix, by=by, detail={"partner": key.partner.name, **detail}
    )


_NO_DIGEST = "0" * 64
