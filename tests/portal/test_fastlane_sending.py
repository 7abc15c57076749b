"""What is sent in passes the fast lane: nothing of it is kept, and what is written reaches the database that is written to."""

import io
import json
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from incidents.intake.submissions.models import Submission
from incidents.partners.scopes import Scope
from portal.fastlane import FastLane
from portal.replica import REPLICA, PublicReadsMiddleware, ReplicaRouter
from tests.factories.partners import make_partner_key
from tests.portal.asking import Answer, ask

STAMP = re.compile(rb'name="stamp" value="([^"]+)"')


def post(lane: FastLane, address: str, body: bytes, media_type: str, **headers: str) -> Answer:
    sent = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": media_type}
    return ask(lane, address, method="POST", extra=sent, **headers)


def test_each_visitor_is_given_a_form_of_their_own(lane: FastLane) -> None:
    answers = [ask(lane, "/report/") for _ in range(2)]

    first, second = (STAMP.findall(answer.body)[0] for answer in answers)
    assert first != second
    assert [(answer["cache-control"], "etag" in answer.headers) for answer in answers] == [
        ("private, no-store", False)
    ] * 2


def test_a_form_and_a_link_pass_the_lane(lane: FastLane) -> None:
    with time_machine.travel("2026-01-01T00:00Z", tick=False) as clock:
        stamp = STAMP.findall(ask(lane, "/report/").body)[0].decode()
        clock.shift(10)
        fields = {"stamp": stamp, "title": "A", "what_happened": "B", "tlp": "clear", "language": "en"}
        sent = post(lane, "/report/", urlencode(fields).encode(), "application/x-www-form-urlencoded")

    assert sent.status == 303
    page = ask(lane, sent["location"])
    assert (page.status, page["cache-control"], page["referrer-policy"]) == (200, "private, no-store", "no-referrer")
    assert Submission.objects.get().reference.encode() in page.body


def test_a_partner_s_post_passes_the_lane(lane: FastLane) -> None:
    _, token = make_partner_key(scopes=[Scope.SUBMIT])
    body = json.dumps({"title": "A", "what_happened": "B"}).encode()

    sent = post(lane, "/api/v1/submissions/", body, "application/json", Authorization=f"Bearer {token}")

    assert (sent.status, Submission.objects.count()) == (201, 1)


def test_what_is_sent_is_never_read_from_a_replica(monkeypatch: pytest.MonkeyPatch, rf: RequestFactory) -> None:
    monkeypatch.setitem(settings.DATABASES, REPLICA, {})
    read: list[str | None] = []

    def note(request: HttpRequest) -> HttpResponse:
        read.append(ReplicaRouter().db_for_read(Submission))
        return HttpResponse()

    middleware = PublicReadsMiddleware(note)

    for request in (
        rf.get("/api/v1/changes/"),
        rf.post("/api/v1/submissions/"),
        rf.get("/report/"),
        rf.post("/report/"),
    ):
        middleware(request)

    assert read == [REPLICA, None, None, None]
