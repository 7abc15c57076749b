"""Noting when, and from where, a key was used last."""

import logging
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction
from django.db.models import Q

from incidents.partners.models import ApiKey

EVERY = timedelta(minutes=1)

logger = logging.getLogger(__name__)


def note_use(key: ApiKey, *, address: str, at: datetime) -> None:
    """Note that a key was used; at most once in EVERY, so that reading does not become writing.

    It is written where keys are written, not to a replica; where that cannot be written, the caller is answered all the same.

    Args:
        key: as it was read just now.
        address: the IP address it was used from.
        at: when.
    """
    if key.last_used_at is not None and at - key.last_used_at < EVERY:
        return
    due = Q(last_used_at=None) | Q(last_used_at__lte=at - EVERY)
    try:
        with transaction.atomic(using=DEFAULT_DB_ALIAS):
            keys = ApiKey.objects.using(DEFAULT_DB_ALIAS).filter(due, pk=key.pk)
            keys.update(last_used_at=at, last_used_from=address[:45])
    except DatabaseError as fault:
        logger.warning("The use of the key %s cannot be noted: %s", key.prefix, fault)
