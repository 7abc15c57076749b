"""What stands in the place of a CSRF token in a form that needs no cookie: a signed, dated mark, and where a request came from.

Nobody is signed in here, so there is no authority that another site could misuse. The mark says when the form was opened, so that
programs which send at once are told from people; and it is good for one text, so that sending twice makes one report.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils import timezone

LONGEST_OPEN = 24 * 3600
SHORTEST_OPEN = 3
"""Seconds in which nobody fills in a form."""
_signer = Signer(salt="incidents.reporting.stamp")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A mark that was made here.

    Attributes:
        nonce: which form.
        age: how long ago it was opened, in seconds.
    """

    nonce: str
    age: float


def make_stamp() -> str:
    """A mark for a form that is opened now."""
    opened_at = int(timezone.now().timestamp())  # rounded down: nobody has to wait longer than SHORTEST_OPEN
    return _signer.sign(f"{secrets.token_hex(16)}.{opened_at}")


def read_stamp(text: str) -> Stamp | None:
    """What a mark says; None for one that was not made here."""
    try:
        nonce, _, opened_at = _signer.unsign(text).partition(".")
    except BadSignature:
        return None
    return Stamp(nonce, timezone.now().timestamp() - float(opened_at))


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site made it send this (Fetch Metadata, section 2.3; RFC 6454, section 7)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()
