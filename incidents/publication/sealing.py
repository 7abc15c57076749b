"""Sealing: short tokens for places in a list or in the sequence, which only this portal can read and nobody can make up.

A token is the deterministic authenticated encryption of its content (AES-SIV, RFC 5297): it says nothing, not even how far two
places lie apart; a changed one is refused; and the same place gives the same token, so that the same page gives the same
bytes and the same ETag in every process. The key comes from `SECRET_KEY`; tokens of the keys in `SECRET_KEY_FALLBACKS` are
still read.
"""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac

LONGEST_TOKEN = 1000


class NotSealed(ValueError):
    """A text that is no token of ours for this purpose."""


def seal(content: bytes, purpose: str) -> str:
    """The token of some bytes, in letters, digits, `-` and `_`. A token made for one purpose is none for another."""
    sealed = _cipher(settings.SECRET_KEY).encrypt(content, [purpose.encode()])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(token: str, purpose: str) -> bytes:
    """The bytes in a token.

    Raises:
        NotSealed: it is none of ours, was changed, or was made for another purpose or under a key that is gone.
    """
    sealed = _decode(token)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(secret).decrypt(sealed, [purpose.encode()])
        except InvalidTag:
            continue
    raise NotSealed("This token was not made here.")


def _decode(token: str) -> bytes:
    try:
        sealed = base64.b64decode(token[:LONGEST_TOKEN] + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotSealed("This is no token.") from None
    # Base64 has spellings that give the same bytes; only the one that we write is ours.
    if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != token:
        raise NotSealed("This is no token.")
    return sealed


@lru_cache(maxsize=8)
def _cipher(secret: str) -> AESSIV:
    return AESSIV(salted_hmac("tocsin.sealing", "AES-256-SIV", secret=secret, algorithm="sha512").digest())
