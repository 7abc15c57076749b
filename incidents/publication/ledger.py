"""Appending to the ledger. Everything that becomes public passes through `append_release`."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from incidents.publication.document import AdvisoryDocument, ReleaseNote, encode_document
from incidents.publication.models import Ledger, Release
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Significance

_STEP = dt.timedelta(milliseconds=1)


class OutOfOrder(ValueError):
    """A release was to be dated into the future or before one that is in the ledger already."""


def lock_ledger() -> Ledger:
    """The head of the chain, locked until the transaction ends: whoever holds it is alone in appending."""
    return Ledger.objects.select_for_update().get(pk=1)


def head_of_ledger() -> int:
    """The place of the newest committed release in the sequence; 0 where there is none."""
    return Ledger.objects.values_list("last_sequence", flat=True).get(pk=1)


def next_instant(ledger: Ledger, at: dt.datetime | None = None) -> dt.datetime:
    """The time of the next release, in whole milliseconds: now, or `at`; later than any release before.

    Raises:
        OutOfOrder: `at` lies in the future, or before a release that is in the ledger already.
    """
    now = timezone.now()
    moment = _whole_milliseconds(at or now)
    if moment > now:
        raise OutOfOrder("A release cannot be dated into the future; schedule it instead.")
    last = ledger.last_released_at
    if last is not None and moment <= last:
        if at is not None:
            raise OutOfOrder(
                f"The ledger holds a release of {last:%Y-%m-%d %H:%M:%S} UTC; this one cannot lie before it."
            )
        moment = last + _STEP
    return moment


def append_release(
    *,
    ledger: Ledger,
    by: AbstractUser,
    number: int,
    kind: ReleaseKind,
    significance: Significance,
    reason: str,
    tlp: TLP,
    released_at: dt.datetime,
    write: Callable[[ReleaseNote], AdvisoryDocument],
) -> Release:
    """Append one release to the ledger: number, sequence, document, chain. Runs under `lock_ledger()`.

    Args:
        ledger: the locked head; it is moved forward and saved.
        write: makes the document, given what is said about the release.
    """
    note = ReleaseNote(
        number=number, kind=kind, significance=significance, reason=reason, released_at=released_at, tlp=tlp
    )
    release = chain_release(ledger, document=write(note), by=by)
    release.save(force_insert=True)
    ledger.save()
    return release


def chain_release(ledger: Ledger, *, document: AdvisoryDocument, by: AbstractUser) -> Release:
    """The next link of the chain for a document, neither saved; the head in memory moves forward."""
    note = document.release
    release = Release(
        sequence=ledger.last_sequence + 1,
        public_id=document.id,
        number=note.number,
        kind=note.kind.value,
        significance=note.significance.value,
        reason=note.reason,
        released_at=note.released_at,
        released_by_id=by.pk,
        tlp=note.tlp.value,
        tlp_rank=note.tlp.rank,
        document_json=encode_document(document).decode(),
        previous_sha256=ledger.last_sha256,
    )
    release.sha256 = release.digest()
    ledger.last_sequence, ledger.last_sha256 = release.sequence, release.sha256
    ledger.last_released_at = note.released_at
    ledger.edition += 1
    return release


def _whole_milliseconds(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
