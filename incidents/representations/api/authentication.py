"""From the header `Authorization` to a caller: a key as Bearer token (RFC 6750) or as password of Basic (RFC 7617)."""

import base64
import binascii

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from incidents.partners.keys import KeyRefused, find_key
from incidents.partners.limits import note_request
from incidents.partners.models import ApiKey
from incidents.partners.scopes import Scope
from incidents.partners.usage import note_use
from incidents.representations.api.caller import Caller
from incidents.representations.api.problems import CHALLENGE, NOT_AUTHENTICATED, Problem

LONGEST_HEADER = 1000
HOW = "Send “Authorization: Bearer” and the key, or Basic with the key as password; or no such header at all."


class KeyAuthentication(BaseAuthentication):
    """Knows partners by their keys."""

    def authenticate(self, request: Request) -> tuple[None, Caller] | None:
        """The caller; None for somebody who shows no key, and is the public.

        Raises:
            Problem: something was shown that is no key, or one that opens nothing.
        """
        key = shown_key(request)
        if key is None:
            return None
        now = timezone.now()
        note_use(key, address=address_of_caller(request), at=now)
        note_request(key, now.date())
        return None, Caller(audience=key.partner.audience, key=key)

    def authenticate_header(self, request: Request) -> str:
        """What `WWW-Authenticate` says (RFC 9110, section 11.6.1)."""
        return CHALLENGE


def shown_key(request: Request) -> ApiKey | None:
    """The key that a request shows; None where it shows none. One query.

    Raises:
        Problem: something was shown that is no key, or one that opens nothing.
    """
    said = request.headers.get("Authorization")
    if said is None:
        return None
    try:
        return find_key(read_token(said), address=address_of_caller(request), at=timezone.now())
    except KeyRefused as refused:
        raise Problem(NOT_AUTHENTICATED, str(refused)) from None


def is_still(request: Request, caller: Caller) -> bool:
    """Whether whoever sent a request is still who they were then, with the same clearance; for answers that take their time."""
    if caller.key is None:
        return True
    try:
        key = shown_key(request)
    except Problem:
        return False
    return key is not None and key.partner.audience == caller.audience and Scope.READ.value in key.scopes


def address_of_caller(request: Request) -> str:
    """The IP address that a request comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def read_token(header: str) -> str:
    """The key in a header `Authorization`.

    Raises:
        Problem: there is none in it.
    """
    scheme, _, rest = header.strip().partition(" ")
    match scheme.lower():
        case "bearer" if len(header) <= LONGEST_HEADER:
            return rest.strip()
        case "basic" if len(header) <= LONGEST_HEADER:
            try:
                _, _, password = base64.b64decode(rest, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise Problem(NOT_AUTHENTICATED, f"The header cannot be read. {HOW}") from None
            return password
    raise Problem(NOT_AUTHENTICATED, f"The header cannot be read. {HOW}")
