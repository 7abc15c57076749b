"""Making accounts for editors."""

import secrets

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from incidents.audit.record import record_act
from portal.accounts.models import User
from portal.accounts.roles import ADMIN, ROLES

ADDRESS_KIND = "e-mail address"


@transaction.atomic
def make_editor(*, email: str, name: str, role: str) -> tuple[User, str]:
    """Make an account with one of the ROLES and a random password.

    Returns:
        The account and its password, which is kept nowhere else.

    Raises:
        KeyError: there is no such role.
        Group.DoesNotExist: the groups are not there, because the database is not migrated.
        ValidationError: the e-mail address is taken, or no address at all.
    """
    groups = ROLES[role]
    password = secrets.token_urlsafe(15)
    user = User(email=email.lower(), full_name=name, is_staff=True, is_superuser=role == ADMIN)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.groups.set([Group.objects.get(name=group) for group in groups])
    vouch_for_address(user, by=None)
    record_act(act="add", target_kind="user", target_id=user.email, by=None, detail={"role": role})
    return user, password


def vouch_for_address(user: User, *, by: User | None) -> None:
    """Note that the person's e-mail address is right, on the word of the administrator who entered it.

    Whoever holds an earlier address can neither sign in nor ask for a new password with it any longer.
    """
    for address in EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email):
        address.delete()
        note_about(address, act="remove", by=by)
    right = {"verified": True, "primary": True}
    address, is_new = EmailAddress.objects.update_or_create(user=user, email=user.email, defaults=right)
    if is_new:
        note_about(address, act="add", by=by)


def note_about(address: EmailAddress, *, act: str, by: User | None, **detail: str) -> None:
    """Write an act on an e-mail address into the audit log, and whose address it is."""
    detail = {"account": address.user.email, **detail}
    record_act(act=act, target_kind=ADDRESS_KIND, target_id=address.email, by=by, detail=detail)
