"""Accounts in whose name commands act: one that was named, or one that nobody can sign in to."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group


class NobodyKnown(LookupError):
    """No account has this e-mail address."""


def find_person(email: str) -> AbstractUser:
    """The account with this e-mail address.

    Raises:
        NobodyKnown: there is none.
    """
    person: AbstractUser | None = _accounts().filter(email__iexact=email).first()
    if person is None:
        raise NobodyKnown(f"No account has the e-mail address {email}; `make editor` makes one.")
    return person


def ensure_signatory(email: str, name: str, groups: Iterable[str]) -> AbstractUser:
    """The account that signs what a command does for nobody in particular; made if it is missing, without a password."""
    try:
        return find_person(email)
    except NobodyKnown:
        person: AbstractUser = _accounts().create_user(email, None, full_name=name)
        person.groups.set(Group.objects.filter(name__in=groups))
        return person


def _accounts() -> Any:
    return get_user_model()._default_manager
