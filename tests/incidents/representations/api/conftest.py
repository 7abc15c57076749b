"""Partners who call."""

from collections.abc import Callable

import pytest
from django.test import Client

from incidents.vocabulary.tlp import TLP
from tests.factories.partners import make_partner, make_partner_key


@pytest.fixture
def partner() -> Callable[[TLP], Client]:
    """A client for somebody with this clearance, as far as there can be one."""

    def call(clearance: TLP) -> Client:
        clearance = TLP.AMBER_STRICT if clearance is TLP.RED else clearance
        _, token = make_partner_key(make_partner(clearance=clearance))
        return Client(headers={"authorization": f"Bearer {token}"})

    return call
