"""Feeds through the fast lane: kept under the edition, validators, conditional requests, codings."""

import brotli
import pytest

from portal.fastlane import FastLane
from tests.factories import make_published, publish_incident
from tests.factories.record import make_incident
from tests.portal.asking import ask

FEEDS = ("/incidents/feed.atom", "/incidents/feed.rss", "/incidents/feed.json", "/incidents/feed.atom?severity=medium")


@pytest.mark.parametrize("address", FEEDS)
def test_lane_and_django_say_the_same_of_a_feed(lane: FastLane, address: str) -> None:
    make_published()

    built, kept = ask(lane, address), ask(lane, address)

    assert built == kept == ask(lane.django, address)
    assert built["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize("which", ["lane", "django"])
def test_a_feed_that_is_known_is_not_sent_again(lane: FastLane, address: str, which: str) -> None:
    make_published()
    application = lane if which == "lane" else lane.django
    known = ask(application, address)

    by_tag = ask(application, address, If_None_Match=known["ETag"])
    by_date = ask(application, address, If_Modified_Since=known["Last-Modified"])

    assert [(one.status, one.body) for one in (by_tag, by_date)] == [(304, b"")] * 2
    assert ask(application, address, If_None_Match='"other"', If_Modified_Since=known["Last-Modified"]).status == 200


def test_a_release_is_in_the_feed_at_once(lane: FastLane) -> None:
    incident = make_incident()
    publish_incident(incident)
    before = ask(lane, "/incidents/feed.atom")

    publish_incident(incident, reason="The figures were wrong.")

    after = ask(lane, "/incidents/feed.atom", If_None_Match=before["ETag"])
    assert after.status == 200
    assert b"The figures were wrong." in after.body


def test_a_feed_comes_compressed_and_without_body_to_who_asks_for_that(lane: FastLane) -> None:
    make_published()
    plain = ask(lane, "/incidents/feed.json")

    compressed = ask(lane, "/incidents/feed.json", Accept_Encoding="br")
    head = ask(lane, "/incidents/feed.json", method="HEAD")

    assert brotli.decompress(compressed.body) == plain.body
    assert (head.status, head.headers, head.body) == (200, plain.headers, b"")
