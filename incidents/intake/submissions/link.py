"""The names of a submission: its reference, which may be said aloud, and the secret link, which opens what its sender may see.

Of the link only the SHA-256 is stored. It is made from a random seed under the portal's secret, so that a copy of the database
alone opens nothing, while the portal itself can write the link into a letter and answer a repeated request as it did at first.
"""

import hashlib
import hmac
import re
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, 1, I, L, O and U, which are mistaken for each other."""
REFERENCE_PATTERN = rf"R-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}"
TOKEN = re.compile(r"[0-9a-f]{64}")
_SALT = "incidents.intake.submissions.link"


def make_reference() -> str:
    """A new reference, such as `R-7K3M-9QXF`: it tells neither how many there are nor which came first."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"R-{signs[:4]}-{signs[4:]}"


def make_seed() -> str:
    """The random part of a link."""
    return secrets.token_hex(32)


def make_token(seed: str, secret: str | None = None) -> str:
    """The secret part of a link: 256 bits that follow from the seed for whoever knows the portal's secret."""
    return salted_hmac(_SALT, seed, secret=secret, algorithm="sha256").hexdigest()


def digest_of(token: str) -> str:
    """What is stored of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_token(seed: str, link_digest: str) -> str:
    """The secret part of the link of a submission; empty if it was made under a secret that the portal has given up."""
    tokens = (make_token(seed, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return next((token for token in tokens if hmac.compare_digest(digest_of(token), link_digest)), "")
