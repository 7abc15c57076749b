"""Webhook endpoints."""

from typing import Any

from incidents.partners.models import Partner
from incidents.subscriptions.endpoints import By, make_endpoint
from incidents.subscriptions.models import Endpoint
from tests.factories.partners import make_partner


def make_webhook(
    partner: Partner | None = None, *, url: str = "https://soc.example/hook", **wishes: Any
) -> tuple[Endpoint, str]:
    """An endpoint of a partner, and its secret."""
    return make_endpoint(partner or make_partner(), wishes={"url": url, **wishes}, by=By())
