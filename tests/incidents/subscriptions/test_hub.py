"""The WebSub hub is told of each public release, once it is committed, and of nothing else."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from incidents.outgoing.client import Client
from incidents.representations.feeds.formats import FORMATS
from incidents.subscriptions.hub import ENDINGS, tell_hub
from incidents.subscriptions.models import HubProgress
from tests.factories import make_published
from tests.incidents.subscriptions.conftest import Receiver

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000/incidents"


@pytest.fixture
def tell(receiver: Receiver, settings: Any) -> Callable[..., bool]:
    """Tell the hub, some time from now."""
    settings.WEBSUB_HUB = receiver.url
    client = Client(seconds=5)
    tell_hub(client, timezone.now())

    def tell_it(**later: int) -> bool:
        return tell_hub(client, timezone.now() + dt.timedelta(**later))

    return tell_it


def test_every_kind_of_feed_is_told() -> None:
    assert set(ENDINGS) == set(FORMATS)


def test_a_hub_learns_which_feeds_changed(receiver: Receiver, tell: Callable[..., bool]) -> None:
    advisory = make_published()
    make_published("Secret", tlp="amber")

    assert (tell(), tell()) == (True, False)

    (request,) = receiver.heard
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(request.body.decode()) == [
        ("hub.mode", "publish"),
        *(("hub.url", f"{SITE}/feed.{ending}") for ending in ENDINGS),
        *(("hub.url", f"{SITE}/{advisory.public_id}/feed.{ending}") for ending in ENDINGS),
    ]


def test_a_hub_that_fails_is_told_later_and_longer_later(receiver: Receiver, tell: Callable[..., bool]) -> None:
    receiver.statuses = [500, 500, 202]
    make_published()

    assert (tell(), tell(), len(receiver.heard)) == (False, False, 1)
    assert (tell(seconds=40), tell(seconds=40), len(receiver.heard)) == (False, False, 2)
    assert tell(minutes=10)
    assert (HubProgress.objects.get().failures, len(receiver.heard)) == (0, 3)


def test_without_a_hub_nobody_is_told(receiver: Receiver, tell: Callable[..., bool], settings: Any) -> None:
    settings.WEBSUB_HUB = ""
    make_published()

    assert (tell(), receiver.heard) == (False, [])
