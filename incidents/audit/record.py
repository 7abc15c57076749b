"""Writing to the log."""

from typing import Any

from django.contrib.auth.models import AbstractUser

from incidents.audit.models import AuditEntry
from incidents.audit.origin import current_origin

LONGEST_TARGET = 120


def record_act(
    *, act: str, target_kind: str, target_id: str, by: AbstractUser | None, detail: dict[str, Any] | None = None
) -> AuditEntry:
    """Append one act to the audit log, inside the caller's transaction.

    Args:
        act: a verb, such as `publish`.
        target_kind: what sort of thing, such as `incident`.
        target_id: its public id or natural key; what is longer than LONGEST_TARGET is cut.
        by: the user who acts; None when the system acts for nobody, such as an import.
        detail: further facts, JSON-serialisable.
    """
    return AuditEntry.objects.create(
        act=act,
        target_kind=target_kind,
        target_id=target_id[:LONGEST_TARGET],
        by_id=by.pk if by else None,
        origin=current_origin(),
        detail=detail or {},
    )
