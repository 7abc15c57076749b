"""Taking in what somebody sends: once, within bounds, and written down."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from incidents.audit.record import record_act
from incidents.intake.submissions.files import Inspected, keep_file
from incidents.intake.submissions.link import digest_of, make_reference, make_seed, make_token
from incidents.intake.submissions.models import IdempotencyKey, SendingAddress, Submission
from incidents.intake.submissions.notices import tell_editors
from incidents.intake.submissions.proposal import Proposal
from incidents.partners.models import ApiKey

ABANDONED_AFTER = dt.timedelta(minutes=2)
"""After that a sending that came to no end is taken for dead."""
HOUSEHOLD_BITS = 64
"""How much of an address of IPv6 tells one customer from another."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the key of a partner, or nobody known; and the IP address it comes from."""

    key: ApiKey | None
    address: str


@dataclass(frozen=True, slots=True)
class Once:
    """A key by which a sending is known, so that it can be repeated without harm (draft-ietf-httpapi-idempotency-key-header).

    Attributes:
        owner: whose keys these are.
        key: as the sender gave it.
        fingerprint: SHA-256 of what is sent.
    """

    owner: str
    key: str
    fingerprint: str


class TooMany(Exception):
    """Too much came from one address; `retry_after` seconds later more is taken."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many submissions; try again in {retry_after} seconds.")
        self.retry_after = retry_after


class KeyReused(Exception):
    """The key was used for something else."""


class InProgress(Exception):
    """The same is being worked on at this moment."""


def find_earlier(once: Once) -> Submission | None:
    """The submission that came of a sending before; None if there was none.

    Raises:
        KeyReused: the key was used for something else.
        InProgress: it is being worked on.
    """
    held = IdempotencyKey.objects.using("default").filter(owner=once.owner, key=once.key).first()
    return None if held is None or _is_abandoned(held) else _outcome(held, once)


def take_in_submission(
    *, proposal: Proposal, sender: Sender, files: Sequence[Inspected] = (), once: Once | None = None
) -> Submission:
    """Lay a proposal into the desk's inbox. What was sent before under the same key is found again instead.

    Raises:
        TooMany: the sender has no account, and too much came from their address.
        KeyReused: the key was used for something else.
        InProgress: the same is being worked on.
    """
    if once is None:
        return _store(proposal, sender, files, None)
    held, is_mine = _claim(once)
    if not is_mine:
        return _outcome(held, once)
    try:
        return _store(proposal, sender, files, held)
    except BaseException:
        IdempotencyKey.objects.filter(pk=held.pk, begun_at=held.begun_at, submission=None).delete()
        raise


def _claim(once: Once) -> tuple[IdempotencyKey, bool]:
    """The row of a key, and whether the sending is ours to do. One that was abandoned is taken over by one alone."""
    now = timezone.now()
    given = {"fingerprint": once.fingerprint, "begun_at": now}
    held, is_new = IdempotencyKey.objects.get_or_create(owner=once.owner, key=once.key, defaults=given)
    if is_new or not _is_abandoned(held):
        return held, is_new
    left = IdempotencyKey.objects.filter(pk=held.pk, begun_at=held.begun_at, submission=None)
    is_ours = left.update(**given) == 1
    held.refresh_from_db()
    return held, is_ours


def _is_abandoned(held: IdempotencyKey) -> bool:
    return held.submission_id is None and held.begun_at < timezone.now() - ABANDONED_AFTER


def _outcome(held: IdempotencyKey, once: Once) -> Submission:
    if held.fingerprint != once.fingerprint:
        raise KeyReused
    if held.submission is None:
        raise InProgress
    return held.submission


@transaction.atomic
def _store(proposal: Proposal, sender: Sender, files: Sequence[Inspected], held: IdempotencyKey | None) -> Submission:
    if held is not None:
        mine = IdempotencyKey.objects.select_for_update().filter(pk=held.pk, begun_at=held.begun_at, submission=None)
        if not mine.exists():
            raise InProgress  # it took so long that somebody else took over
    seed = make_seed()
    partner = sender.key.partner if sender.key else None
    submission = Submission.objects.create(
        reference=make_reference(),
        seed=seed,
        link_digest=digest_of(make_token(seed)),
        **proposal.as_columns(),
        partner=partner,
        key_prefix=sender.key.prefix if sender.key else "",
        origin=sender.address[:45],
        sent_from=None if partner else _admit(sender.address),
        received_at=timezone.now(),
    )
    for file in files:
        keep_file(submission, file)
    if held is not None:
        IdempotencyKey.objects.filter(pk=held.pk).update(submission=submission)
    detail = {"partner": partner.name, "key": submission.key_prefix} if partner else {}
    record_act(act="send_in", target_kind="submission", target_id=submission.reference, by=None, detail=detail)
    transaction.on_commit(lambda: tell_editors(submission))
    return submission


def _admit(address: str) -> SendingAddress:
    """The row of an address from which something more may come now. It stays locked until that is stored, so that the count
    is exact however many processes serve.

    Raises:
        TooMany: not now.
    """
    row, _ = SendingAddress.objects.get_or_create(digest=_digest_of_address(address))
    locked = SendingAddress.objects.select_for_update().get(pk=row.pk)
    now = timezone.now()
    for most, window in (
        (settings.REPORTS_PER_HOUR, dt.timedelta(hours=1)),
        (settings.REPORTS_PER_DAY, dt.timedelta(days=1)),
    ):
        times = locked.submissions.filter(received_at__gt=now - window).order_by("-received_at")
        recent = list(times.values_list("received_at", flat=True)[:most])
        if len(recent) >= most:
            until = recent[-1] + window if recent else now + window
            raise TooMany(max(1, int((until - now).total_seconds()) + 1))
    return locked


def _digest_of_address(address: str) -> str:
    try:
        known = ip_address(address)
        sender = ip_network((known, HOUSEHOLD_BITS), strict=False) if isinstance(known, IPv6Address) else known
    except ValueError:
        sender = address  # type: ignore[assignment]  # a socket has no address: all who come by it count together
    return salted_hmac("incidents.intake.submissions.address", str(sender), algorithm="sha256").hexdigest()
