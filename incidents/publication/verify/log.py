"""The audit log, as far as the ledger knows what must stand in it: the act that made each release."""

from collections.abc import Callable, Iterator

from incidents.audit.models import AuditEntry
from incidents.publication.models import Release
from incidents.publication.verify.chunks import in_chunks

_ACTS = ("publish", "publish_new", "withdraw")


def rows_to_verify() -> int:
    """How many releases there are."""
    return Release.objects.count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """A sentence for each release that the log does not know of."""
    releases = Release.objects.order_by("sequence").values_list("public_id", "number", "sequence")
    for chunk in in_chunks(releases.iterator()):
        logged = AuditEntry.objects.filter(
            target_kind="incident", target_id__in={public_id for public_id, _, _ in chunk}, act__in=_ACTS
        )
        known = {(public_id, detail.get("release")) for public_id, detail in logged.values_list("target_id", "detail")}
        for public_id, number, sequence in chunk:
            if (public_id, number) not in known:
                yield f"Release {number} of {public_id} (sequence {sequence}): the audit log does not say who made it."
        on_progress(len(chunk))
