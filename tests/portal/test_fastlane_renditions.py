"""Renditions are answered without Django, and only those that the public may see."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from incidents.publication.models import Rendition
from incidents.publication.registry import get_format
from incidents.publication.renditions import rendition_of
from portal.fastlane import FastLane
from portal.fastlane.stored import Stored
from tests.factories import make_full_incident, make_incident, make_published, publish_incident, withdraw_incident
from tests.portal.asking import ask


@pytest.fixture
def alone(own_database: str) -> Iterator[FastLane]:
    """The lane with nobody behind it: what it does not answer itself is an error."""

    def nobody(environ: object, start_response: object) -> list[bytes]:
        raise AssertionError("Django was asked.")

    lane = FastLane(nobody)
    yield lane
    lane.stored.close()


def test_current_rendition_is_answered_without_django(alone: FastLane) -> None:
    advisory = make_published(full=True)
    stored = Rendition.objects.get(release=advisory.release, format="json")

    answer = ask(alone, f"/incidents/{advisory.public_id}.json")

    assert answer.status == 200
    assert answer.body == bytes(stored.body)
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Length"] == str(len(answer.body))
    assert answer["ETag"] == f'"{stored.etag}"'
    assert answer["Last-Modified"] == f"{advisory.released_at:%a, %d %b %Y %H:%M:%S} GMT"


def test_rendition_of_a_release_is_answered_without_django(alone: FastLane) -> None:
    incident = make_full_incident()
    first = publish_incident(incident)
    publish_incident(incident)

    answer = ask(alone, f"/incidents/{incident.public_id}/releases/1.md")

    assert answer.body == bytes(Rendition.objects.get(release=first, format="markdown").body)


def test_a_picture_is_sent_as_it_is_even_to_who_takes_compressed_pages(alone: FastLane) -> None:
    advisory = make_published()
    stored = rendition_of(advisory.release, get_format("picture"))

    answer = ask(alone, f"/incidents/{advisory.public_id}/releases/1.og.png", Accept_Encoding="br, gzip")

    assert answer.body == bytes(stored.body)
    assert answer["Content-Type"] == "image/png"
    assert answer["ETag"] == f'"{stored.etag}"'
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(("coding", "column"), [("br", "body_brotli"), ("gzip", "body_gzip")])
def test_compressed_twin_is_sent_to_who_takes_it(alone: FastLane, coding: str, column: str) -> None:
    advisory = make_published(full=True)
    stored = Rendition.objects.get(release=advisory.release, format="json")

    answer = ask(alone, f"/incidents/{advisory.public_id}.json", Accept_Encoding=coding)

    assert answer.body == bytes(getattr(stored, column))
    assert answer["Content-Encoding"] == coding
    assert answer["ETag"] == f'"{stored.etag}-{coding}"'
    assert answer["Vary"] == "Accept-Encoding"


def test_query_string_does_not_change_a_rendition(alone: FastLane) -> None:
    address = f"/incidents/{make_published().public_id}.json"

    assert ask(alone, f"{address}?utm_source=news&q=%00") == ask(alone, address)


def test_correction_is_seen_at_once(alone: FastLane) -> None:
    incident = make_incident()
    publish_incident(incident)
    before = ask(alone, f"/incidents/{incident.public_id}.json")

    publish_incident(incident, reason="The number was wrong.")
    after = ask(alone, f"/incidents/{incident.public_id}.json", If_None_Match=before["ETag"])

    assert after.status == 200
    assert b"The number was wrong." in after.body


def test_withdrawal_is_seen_at_once(alone: FastLane) -> None:
    incident = make_incident()
    publish_incident(incident)
    ask(alone, f"/incidents/{incident.public_id}.json")

    withdraw_incident(incident, reason="It was a drill.")

    assert b"It was a drill." in ask(alone, f"/incidents/{incident.public_id}.json").body


@pytest.mark.parametrize("tlp", ["green", "amber", "amber+strict"])
def test_narrower_labels_do_not_exist_for_the_public(lane: FastLane, tlp: str) -> None:
    incident = make_incident(tlp=tlp)
    release = publish_incident(incident)
    Rendition.objects.create(
        release=release, format="json", build=lane.stored.forms[".json"][1], etag="a", body=b"a", body_gzip=b"a"
    )

    for address in (f"/incidents/{incident.public_id}.json", f"/incidents/{incident.public_id}/releases/1.json"):
        assert ask(lane, address).status == 404


def test_draft_does_not_exist(lane: FastLane) -> None:
    incident = make_incident()

    assert ask(lane, f"/incidents/{incident.public_id}.json").status == 404


def test_merged_advisory_leads_on(lane: FastLane) -> None:
    standing, merged = make_incident("A"), make_incident("B")
    publish_incident(standing)
    publish_incident(merged)
    withdraw_incident(merged, merged_into=standing.public_id)

    answer = ask(lane, f"/incidents/{merged.public_id}.json")

    assert (answer.status, answer["Location"]) == (301, f"/incidents/{standing.public_id}.json")


def test_rendition_of_another_build_is_made_anew(lane: FastLane) -> None:
    advisory = make_published()
    Rendition.objects.update(build="older", body=b"old")

    answer = ask(lane, f"/incidents/{advisory.public_id}.json")

    assert answer.status == 200
    assert answer.body != b"old"
    assert lane.stored.rendition(f"/incidents/{advisory.public_id}.json", "") is not None


def test_page_of_a_release_is_left_to_django(own_database: str) -> None:
    advisory = make_published()
    stored = Stored()
    stored.forms["/"] = stored.forms[".json"]

    assert stored.rendition(f"/incidents/{advisory.public_id}/", "") is not None
    assert stored.rendition(f"/incidents/{advisory.public_id}/releases/1/", "") is None

    stored.close()


@pytest.mark.parametrize(
    "path", ["releases/01.json", "releases/0.json", "releases/1.JSON", "releases/1.json/", "releases/999999999.json"]
)
def test_odd_addresses_of_releases_find_no_rendition(own_database: str, path: str) -> None:
    advisory = make_published()
    stored = Stored()

    assert stored.rendition(f"/incidents/{advisory.public_id}/{path}", "") is None

    stored.close()


def test_lane_and_django_say_the_same(lane: FastLane) -> None:
    advisory = make_published(full=True)

    for address in (f"/incidents/{advisory.public_id}.json", f"/incidents/{advisory.public_id}/releases/1.md"):
        assert ask(lane, address) == ask(lane.django, address)


def test_lane_and_django_say_the_same_of_what_is_known(lane: FastLane) -> None:
    address = f"/incidents/{make_published(full=True).public_id}.json"
    etag = ask(lane, address)["ETag"]

    answer = ask(lane, address, If_None_Match=etag)

    assert answer.status == 304
    assert answer == ask(lane.django, address, If_None_Match=etag)


def test_lane_and_django_say_the_same_over_https(lane: FastLane, settings: Settings) -> None:
    lane.hsts_seconds = settings.SECURE_HSTS_SECONDS = 3600
    address = f"/incidents/{make_published(full=True).public_id}.json"
    secure = {"wsgi.url_scheme": "https"}

    answer = ask(lane, address, extra=secure)

    assert answer["Strict-Transport-Security"] == "max-age=3600"
    assert answer == ask(lane.django, address, extra=secure)
