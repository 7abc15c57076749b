"""Editors with one role or several."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from portal.accounts.models import User

PASSWORD = "correct horse battery staple"


def make_editor(*roles: str, email: str = "", superuser: bool = False) -> User:
    """An account in the groups named, such as `make_editor("Author", "Publisher")`; without roles it may do nothing.

    The same roles without an e-mail address give the same account again.
    """
    address = email or f"{'-'.join(roles).lower() or 'nobody'}@example.org"
    known = get_user_model().objects.filter(email=address).first()
    if known:
        return known
    user = User.objects.create_user(
        address, PASSWORD, full_name=" ".join(roles) or "Nobody", is_staff=True, is_superuser=superuser
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    return user
