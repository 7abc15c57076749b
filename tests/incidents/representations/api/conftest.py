"""Partners before there are partner keys: an authentication class, plugged in where theirs will be."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from incidents.publication.audience import Audience
from incidents.representations.api.caller import Caller
from incidents.representations.api.view import ApiView
from incidents.vocabulary.tlp import TLP


class ByClearance(BaseAuthentication):
    """Believes the clearance that somebody claims."""

    def authenticate(self, request: Request) -> tuple[None, Caller] | None:
        """`Authorization: Clearance amber`."""
        scheme, _, label = request.headers.get("Authorization", "").partition(" ")
        return (None, Caller(Audience(TLP(label)))) if scheme == "Clearance" else None


@pytest.fixture
def partner(monkeypatch: pytest.MonkeyPatch) -> Callable[[TLP], Client]:
    """A client for somebody with this clearance."""
    monkeypatch.setattr(ApiView, "authentication_classes", [ByClearance])
    return lambda clearance: Client(headers={"authorization": f"Clearance {clearance.value}"})
