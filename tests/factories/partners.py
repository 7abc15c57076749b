"""Partners and keys."""

from collections.abc import Collection
from itertools import count
from typing import Any

from incidents.partners.keys import make_key
from incidents.partners.models import ApiKey, Partner
from incidents.partners.scopes import Scope
from incidents.vocabulary.tlp import TLP

_NUMBERS = count(1)


def make_partner(name: str = "", *, clearance: TLP = TLP.AMBER, **fields: Any) -> Partner:
    """A partner with a clearance."""
    return Partner.objects.create(name=name or f"Partner {next(_NUMBERS)}", clearance=clearance, **fields)


def make_partner_key(
    partner: Partner | None = None, *, scopes: Collection[Scope] = (Scope.READ,), **fields: Any
) -> tuple[ApiKey, str]:
    """A key of a partner, and its text."""
    return make_key(partner or make_partner(), name="Collector", scopes=scopes, by=None, **fields)
