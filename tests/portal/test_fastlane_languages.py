"""Pages in other languages are no stored renditions; the lane keeps them under the edition, and treats them as it does those."""

import brotli
import pytest

from portal.fastlane import FastLane
from tests.factories import make_full_incident, make_published, publish_incident
from tests.portal.asking import ask


def test_page_in_another_language_is_built_once_within_an_edition(
    lane: FastLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = make_published(full=True).public_id
    first = ask(lane, f"/de/incidents/{public_id}/")

    monkeypatch.setattr(lane, "django", None)

    assert ask(lane, f"/de/incidents/{public_id}/") == first
    assert first.status == 200


def test_release_is_seen_at_once_in_every_language(lane: FastLane) -> None:
    incident = make_full_incident("A title of old")
    publish_incident(incident)
    assert b"A title of old" in ask(lane, f"/ar/incidents/{incident.public_id}/").body

    incident.title = "Another title"
    incident.save()
    publish_incident(incident)

    answer = ask(lane, f"/ar/incidents/{incident.public_id}/")
    assert (b"A title of old" in answer.body, b"Another title" in answer.body) == (False, True)


def test_page_in_another_language_has_validators_and_codings(lane: FastLane) -> None:
    release = make_published(full=True).release
    address = f"/hi/incidents/{release.public_id}/"

    whole = ask(lane, address)
    packed = ask(lane, address, Accept_Encoding="br")
    again = ask(lane, address, Accept_Encoding="br", If_None_Match=packed["ETag"])

    assert brotli.decompress(packed.body) == whole.body
    assert packed["ETag"] != whole["ETag"]
    assert (again.status, again.body) == (304, b"")
    assert whole["Last-Modified"] == f"{release.released_at:%a, %d %b %Y %H:%M:%S} GMT"
    assert (whole["Cache-Control"], whole["Vary"]) == ("public, max-age=0, must-revalidate", "Accept-Encoding")


def test_cookies_and_preferences_do_not_reach_a_page_in_another_language(lane: FastLane) -> None:
    plain = ask(lane, "/fr/incidents/?severity=high")
    lane.pages.kept.clear()

    asking = ask(lane, "/fr/incidents/?severity=high", Accept_Language="ar", Cookie="django_language=de; sessionid=x")

    assert asking == plain
