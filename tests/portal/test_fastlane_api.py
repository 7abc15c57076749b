"""The API in the fast lane: answers are kept under the edition like pages, and a follower misses nothing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Release
from incidents.representations.api.exporting.building import build_exports
from incidents.representations.api.exporting.shelf import folder
from portal.fastlane import FastLane
from tests.conftest import ROOT
from tests.factories import make_editor, make_published
from tests.portal.asking import ask

LIST = "/api/v1/advisories/"


def queries_of(lane: FastLane, address: str, coding: str = "") -> int:
    with CaptureQueriesContext(connection) as queries:
        assert ask(lane, address, Accept_Encoding=coding).status == 200
    return len(queries)


def test_an_answer_is_kept_until_something_is_released(lane: FastLane) -> None:
    make_published("One")
    first = ask(lane, f"{LIST}?fields=title&limit=5")

    assert queries_of(lane, f"{LIST}?limit=5&fields=title") == 0
    make_published("Two")
    second = ask(lane, f"{LIST}?fields=title&limit=5")

    assert [row["title"] for row in json.loads(first.body)["data"]] == ["One"]
    assert [row["title"] for row in json.loads(second.body)["data"]] == ["Two", "One"]


def test_an_answer_is_compressed_as_asked_and_has_a_validator_of_its_own(lane: FastLane) -> None:
    make_published(full=True)

    plain, small = ask(lane, LIST), ask(lane, LIST, Accept_Encoding="gzip")

    assert (small["content-encoding"], small["etag"]) == ("gzip", plain["etag"][:-1] + '-gzip"')
    assert len(small.body) < len(plain.body)
    assert ask(lane, LIST, Accept_Encoding="gzip", If_None_Match=small["etag"]).status == 304
    assert queries_of(lane, LIST, "gzip") == 0


def test_an_answer_says_the_same_headers_as_without_the_lane(lane: FastLane) -> None:
    make_published()

    there, here = ask(lane, LIST), ask(lane.django, LIST)

    assert there == here


def test_a_parameter_without_a_value_is_no_excuse_for_its_name(lane: FastLane) -> None:
    make_published()

    assert (ask(lane, f"{LIST}?severity=").status, ask(lane, f"{LIST}?colour=").status) == (200, 400)


def test_a_key_is_never_answered_from_what_was_kept(lane: FastLane) -> None:
    make_published()
    ask(lane, LIST)

    answer = ask(lane, LIST, Authorization="Bearer wrong")

    assert answer["cache-control"] == "private, no-store"


@pytest.mark.parametrize("query", ["?wait=0", "?slim=1&wait=0", "stream/?released_since=2025-01-01", "stream/"])
def test_an_answer_that_waits_is_neither_kept_nor_without_its_headers(lane: FastLane, query: str) -> None:
    make_published()

    first = ask(lane, f"/api/v1/changes/{query}")
    queries = queries_of(lane, f"/api/v1/changes/{query}")
    refused = ask(lane, "/api/v1/changes/stream/", Last_Event_ID="wrong")

    assert (first["cache-control"], queries > 0, refused.status) == ("no-store", True, 400)


@pytest.mark.slow
def test_a_follower_misses_nothing_while_others_publish(lane: FastLane, server_environment: dict[str, str]) -> None:
    """INV-SEQUENCE from outside: three processes publish while the copy is made."""
    for role in ("Author", "Reviewer", "Publisher"):
        make_editor(role)
    writers = [start_publisher(f"Writer {number}", server_environment) for number in range(3)]
    told: list[Any] = []
    after, end = "", False

    while not end or any(writer.poll() is None for writer in writers):
        found = json.loads(ask(lane, f"/api/v1/changes/?slim=1&limit=2&after={after}").body)
        told, after, end = told + found["data"], found["next"], found["end"]
    rest = json.loads(ask(lane, f"/api/v1/changes/?slim=1&limit=200&after={after}").body)

    assert [(writer.returncode, writer.communicate()[1]) for writer in writers] == [(0, "")] * 3
    copy = [(one["id"], one["number"]) for one in told + rest["data"]]
    assert copy == list(Release.objects.visible_to(PUBLIC).order_by("sequence").values_list("public_id", "number"))
    assert len(copy) == 3 * 4 * 2


def start_publisher(name: str, environment: dict[str, str]) -> "subprocess.Popen[str]":
    """A process that publishes four incidents twice each."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.incidents.publication.publishing_process", "4", name],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_list_of_exports_is_renewed_and_parts_of_a_file_pass(
    lane: FastLane, settings: Settings, tmp_path: Path
) -> None:
    settings.EXPORT_ROOT = str(tmp_path)
    make_published()
    before = ask(lane, "/api/v1/exports/")

    export = build_exports(PUBLIC, formats=["ndjson"])[0]

    address, whole = f"/api/v1/exports/{export.file}", (folder(PUBLIC) / export.file).read_bytes()
    got, part = ask(lane, address, Accept_Encoding="gzip"), ask(lane, address, Range="bytes=4-9")
    listed = json.loads(ask(lane, "/api/v1/exports/").body)["data"]
    assert (json.loads(before.body)["data"], [one["file"] for one in listed][:1]) == ([], [export.file])
    assert (got.status, got.body, "content-encoding" in got.headers) == (200, whole, False)
    assert (part.status, part.body, part["content-range"]) == (206, whole[4:10], f"bytes 4-9/{len(whole)}")
    assert ask(lane, address, If_None_Match=got["etag"]).status == 304
    assert ask(lane, address, Cookie="sessionid=x")["cache-control"] == got["cache-control"] == before["cache-control"]
