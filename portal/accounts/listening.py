"""For the audit log: what people change about their own account on the pages of the sign-in library.

The library announces these acts by its documented signals and in no other way; see `docs/decisions/0010`.
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.dispatch import Signal
from django.http import HttpRequest

from incidents.audit.record import record_act
from portal.accounts.editors import note_about
from portal.accounts.models import User

FACTOR_KIND = "second factor"

PASSWORD_ACTS = {
    account.password_changed: "change password",
    account.password_set: "set password",
    account.password_reset: "reset password",
}
ADDRESS_ACTS = {account.email_added: "add", account.email_removed: "remove"}
FACTOR_ACTS = {
    factors.authenticator_added: "add",
    factors.authenticator_removed: "remove",
    factors.authenticator_reset: "renew",
}


def listen() -> None:
    """Write every such act into the log from now on."""
    for signals, note in (
        (PASSWORD_ACTS, note_password),
        (ADDRESS_ACTS, note_address),
        (FACTOR_ACTS, note_factor),
        ((account.email_confirmed,), note_confirmation),
        ((account.email_changed,), note_preference),
    ):
        for signal in signals:
            signal.connect(note)


def note_password(signal: Signal, user: User, **kwargs: Any) -> None:
    """Note that a person has another password."""
    record_act(act=PASSWORD_ACTS[signal], target_kind="user", target_id=user.email, by=user)


def note_address(signal: Signal, user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    """Note that an address was added to an account or removed from it."""
    note_about(email_address, act=ADDRESS_ACTS[signal], by=user)


def note_confirmation(request: HttpRequest, email_address: EmailAddress, **kwargs: Any) -> None:
    """Note that an address was confirmed: by who is signed in, else by who got the mail, which is the person."""
    note_about(email_address, act="confirm", by=request.user if isinstance(request.user, User) else email_address.user)


def note_preference(
    user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **kwargs: Any
) -> None:
    """Note that another address became the one to sign in with, and which it was before."""
    before = from_email_address.email if from_email_address else ""
    note_about(to_email_address, act="make primary", by=user, before=before)


def note_factor(signal: Signal, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Note that a second factor or recovery codes were added, renewed or removed."""
    target = f"{user.email}/{authenticator.type}"
    record_act(act=FACTOR_ACTS[signal], target_kind=FACTOR_KIND, target_id=target, by=user)
