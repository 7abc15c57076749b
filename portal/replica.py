"""Reading from a replica: where DATABASE_REPLICA_URL names one, every public address is read from it.

What is sent to an address, the desk, sign-in and commands stay with the database that is written to; a replica may lag behind it.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.headers import is_public

REPLICA = "replica"
READS = ("GET", "HEAD", "OPTIONS")
WRITTEN_SECTIONS = ("/api/v1/webhooks/",)
"""Public addresses at which partners change what they read there: a replica that lags behind would show them the past."""

_is_public_read: ContextVar[bool] = ContextVar("is_public_read", default=False)


def reading_alias() -> str:
    """The database that public addresses are answered from."""
    return REPLICA if REPLICA in settings.DATABASES else DEFAULT_DB_ALIAS


def is_read_only(request: HttpRequest) -> bool:
    """Whether a request may be answered by the replica: it asks a public address, and changes nothing."""
    is_asking = request.method in READS
    return is_asking and is_public(request.path_info) and not request.path_info.startswith(WRITTEN_SECTIONS)


class ReplicaRouter:
    """Sends what public addresses read to the replica, if there is one, and everything else to the default database."""

    def db_for_read(self, model: object, **hints: object) -> str | None:
        """The replica while a public address is answered."""
        return reading_alias() if _is_public_read.get() else None

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """A replica is given its tables by the database it follows."""
        return False if db == REPLICA else None


class PublicReadsMiddleware:
    """Notes whether a public address is being answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        noted = _is_public_read.set(is_read_only(request))
        try:
            return self.get_response(request)
        finally:
            _is_public_read.reset(noted)
