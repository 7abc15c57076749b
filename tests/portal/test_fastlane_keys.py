"""Keys and limits at the real lane: what is for one caller is never kept, and what was kept costs nobody anything."""

import json
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from incidents.vocabulary.tlp import TLP
from portal.fastlane import FastLane
from tests.factories import make_editor, make_full_incident, publish_incident
from tests.factories.partners import make_partner, make_partner_key
from tests.portal.asking import Answer, ask

LIST = "/api/v1/advisories/"


@pytest.fixture
def token(lane: FastLane) -> str:
    """A key with the clearance TLP:AMBER, to a portal with an advisory for everybody and one that is not."""
    for role in ("Author", "Reviewer", "Publisher"):
        make_editor(role)
    publish_incident(make_full_incident("For everybody"))
    publish_incident(make_full_incident("For partners", tlp=TLP.AMBER))
    return make_partner_key(make_partner(clearance=TLP.AMBER))[1]


def titles(answer: Answer) -> list[str]:
    return sorted(row["title"] for row in json.loads(answer.body)["data"])


def test_what_a_partner_reads_is_never_kept_for_others(lane: FastLane, token: str) -> None:
    for place in (LIST, "/api/v1/changes/?slim=1", "/api/v1/facets/", "/api/v1/nothing/", f"{LIST}?colour=red"):
        first = ask(lane, place, Authorization=f"Bearer {token}")
        then = ask(lane, place)
        again = ask(lane, place, Authorization=f"Bearer {token}")
        assert first["cache-control"] == again["cache-control"] == "private, no-store", place
        assert b"For partners" not in then.body
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers.get("etag") == first.headers.get("etag")

    assert titles(ask(lane, LIST, Authorization=f"Bearer {token}")) == ["For everybody", "For partners"]
    assert titles(ask(lane, LIST)) == ["For everybody"]


def test_304_and_refusals_to_a_key_are_kept_by_nobody(lane: FastLane, token: str) -> None:
    etag = ask(lane, LIST, Authorization=f"Bearer {token}")["etag"]

    unchanged = ask(lane, LIST, Authorization=f"Bearer {token}", If_None_Match=etag)
    refused = ask(lane, LIST, Authorization=f"Bearer {token[:-1]}")
    public = ask(lane, LIST, If_None_Match=etag)

    assert (unchanged.status, refused.status, public.status) == (304, 401, 200)
    assert unchanged["cache-control"] == refused["cache-control"] == "private, no-store"


def test_what_is_kept_is_free_and_says_nobodys_standing(
    lane: FastLane, token: str, settings: Settings, tmp_path: Path
) -> None:
    settings.API_LIMITS, settings.METER_FILE = {"public": (2, 600), "standard": (2, 600)}, str(tmp_path / "meter")

    built, kept = ask(lane, LIST), [ask(lane, LIST) for _ in range(5)]
    other = ask(lane, f"{LIST}?limit=1")
    refused = ask(lane, f"{LIST}?limit=2")
    still = ask(lane, LIST)

    assert built["ratelimit"].startswith('"public";r=1;')
    assert [answer.headers.get("ratelimit") for answer in kept] == [None] * 5
    assert {answer["ratelimit-policy"] for answer in kept} == {'"public";q=2;w=600'}
    assert (other.status, refused.status, still.status) == (200, 429, 200)
    assert refused["cache-control"] == "private, no-store"
    settings.API_LIMITS = {}
    assert ask(lane, f"{LIST}?limit=2").status == 200, "a refusal was kept"
