"""Editors who are signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.models import User
from tests.factories import make_editor


@pytest.fixture
def sign_in(db: None) -> Callable[..., Client]:
    """A browser in which an editor with these roles is signed in."""

    def browser(*roles: str, user: User | None = None) -> Client:
        client = Client()
        client.force_login(user or make_editor(*roles))
        return client

    return browser
