"""People who sign in."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from portal.accounts.editors import make_editor
from portal.accounts.models import User

Person = Callable[..., tuple[User, str]]


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    """Sign-in attempts are counted in the cache; each test starts at nought."""
    cache.clear()


@pytest.fixture
def person(db: None) -> Person:
    """Make an account; returns it with its password."""

    def make(role: str = "author", email: str = "ada@example.org") -> tuple[User, str]:
        return make_editor(email=email, name="Ada Lovelace", role=role)

    return make


@pytest.fixture
def signed_in(person: Person, client: Client) -> Callable[..., tuple[Client, User]]:
    """A browser in which somebody of a role is signed in."""

    def sign_in(role: str = "author", factor: str = "") -> tuple[Client, User]:
        user, _ = person(role)
        if factor:
            Authenticator.objects.create(user=user, type=factor, data={})
        client.force_login(user)
        return client, user

    return sign_in
