"""Webhooks by the API: what a partner's program can do with them, and what it cannot see."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from incidents.audit.models import AuditEntry
from incidents.partners.models import Partner
from incidents.partners.scopes import Scope
from incidents.subscriptions.again import send_test
from incidents.subscriptions.endpoints import MOST_ENDPOINTS, By
from incidents.subscriptions.enqueue import enqueue_releases
from incidents.subscriptions.models import Attempt, Delivery, DeliveryState, Endpoint
from portal import replica
from tests.factories import make_incident, publish_incident
from tests.factories.partners import make_partner, make_partner_key
from tests.factories.webhooks import make_webhook

pytestmark = pytest.mark.django_db
HOOKS = "/api/v1/webhooks/"
URL = "https://soc.example/hook"


def client_of(partner: Partner, *scopes: Scope) -> Client:
    """A program of a partner."""
    _, token = make_partner_key(partner, scopes=scopes or (Scope.WEBHOOKS,))
    return Client(headers={"authorization": f"Bearer {token}"})


def post(client: Client, path: str, **body: Any) -> Any:
    """Send JSON."""
    return client.post(path, json.dumps(body), content_type="application/json")


def patch(client: Client, path: str, **body: Any) -> Any:
    """Send JSON to change something."""
    return client.patch(path, json.dumps(body), content_type="application/json")


def errors(answer: Any) -> list[str]:
    """The names of the fields that are refused."""
    return [error["parameter"] for error in answer.json()["errors"]]


def test_an_endpoint_is_made_and_its_secret_is_said_once() -> None:
    program = client_of(make_partner())

    made = post(
        program,
        HOOKS,
        url=URL,
        description=" Our  SOC ",
        filter="severity=critical,high&sort=newest",
        events=["created"],
    )

    said = made.json()
    assert (made.status_code, made["Location"]) == (201, said["self"])
    assert Webhook(said.pop("secret"))
    assert program.get(f"{HOOKS}{said['id']}/").json() == said
    assert program.get(HOOKS).json() == {"data": [said]}
    wanted = {
        "url": URL,
        "description": "Our SOC",
        "filter": "severity=critical,high",
        "events": ["created"],
        "slim": False,
    }
    assert {name: said[name] for name in wanted} == wanted
    entry = AuditEntry.objects.get(act="make_webhook")
    assert (entry.target_id, len(entry.detail["key"])) == (said["id"], 10)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, ["url"]),
        ({"url": "http://soc.example/"}, ["url"]),
        ({"url": "https://127.0.0.1/"}, ["url"]),
        ({"url": "https://169.254.169.254/latest/"}, ["url"]),
        ({"url": 5}, ["url"]),
        ({"url": URL, "filter": "severty=high"}, ["filter"]),
        ({"url": URL, "filter": "severity=huge"}, ["filter"]),
        ({"url": URL, "events": []}, ["events"]),
        ({"url": URL, "events": ["deleted"]}, ["events"]),
        ({"url": URL, "description": "x" * 201}, ["description"]),
        ({"url": URL, "colour": "red"}, ["colour"]),
    ],
)
def test_what_cannot_be_understood_is_named(body: dict[str, Any], wrong: list[str]) -> None:
    answer = post(client_of(make_partner()), HOOKS, **body)

    assert (answer.status_code, answer["Content-Type"], errors(answer)) == (422, "application/problem+json", wrong)
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("[]", 422), ("\xff", 400), ('"' + "x" * 30_000 + '"', 413)])
def test_a_body_that_is_no_object_is_a_problem(body: str, status: int) -> None:
    answer = client_of(make_partner()).post(HOOKS, body.encode("latin-1"), content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_body_of_another_kind_is_not_read() -> None:
    answer = client_of(make_partner()).post(HOOKS, json.dumps({"url": URL}), content_type="text/plain")

    assert (answer.status_code, answer.json()["type"].split("/")[-2]) == (415, "unsupported-media-type")
    assert not Endpoint.objects.exists()


def test_a_near_miss_of_a_filter_is_named() -> None:
    answer = post(client_of(make_partner()), HOOKS, url=URL, filter="severty=high")

    assert "Did you mean “severity”?" in answer.json()["errors"][0]["detail"]


def test_a_partner_has_a_bounded_number_of_endpoints() -> None:
    partner = make_partner()
    for _ in range(MOST_ENDPOINTS):
        make_webhook(partner)

    answer = post(client_of(partner), HOOKS, url=URL)

    assert (answer.status_code, answer.json()["type"][-15:]) == (409, "/limit-reached/")


def test_an_endpoint_is_changed_paused_resumed_and_deleted() -> None:
    partner = make_partner()
    endpoint, _ = make_webhook(partner)
    program, place = client_of(partner), f"{HOOKS}{endpoint.pk}/"

    changed = patch(program, place, url="https://other.example/", slim=True)
    paused = patch(program, place, state="paused")
    resumed = patch(program, place, state="active", skip_missed=True)
    wrong = patch(program, place, state="asleep")

    assert (changed.json()["url"], changed.json()["slim"]) == ("https://other.example/", True)
    assert (paused.json()["state"], paused.json()["paused_because"]) == ("paused", "Paused by hand.")
    assert resumed.json()["state"] == "active"
    assert (wrong.status_code, errors(wrong)) == (422, ["state"])
    assert program.delete(place).status_code == 204
    assert program.get(place).status_code == 404
    acts = AuditEntry.objects.filter(target_id=str(endpoint.pk)).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["make_webhook", "change_webhook", "pause_webhook", "resume_webhook", "delete_webhook"]


def test_the_secret_is_rotated() -> None:
    partner = make_partner()
    endpoint, old = make_webhook(partner)

    answer = post(client_of(partner), f"{HOOKS}{endpoint.pk}/rotate/")

    assert answer.json()["secret"] not in ("", old)
    assert answer.json()["previous_secret_until"] > timezone.now().isoformat()


def test_a_test_is_asked_for_and_seen() -> None:
    partner = make_partner()
    endpoint, _ = make_webhook(partner)
    program = client_of(partner)

    asked = post(program, f"{HOOKS}{endpoint.pk}/test/")
    seen = program.get(asked["Location"].removeprefix("http://127.0.0.1:8000"))

    assert (asked.status_code, seen.status_code) == (202, 200)
    assert seen.json() == {**asked.json(), "log": []}
    assert post(program, f"{HOOKS}{endpoint.pk}/test/").json() == asked.json()
    assert (seen.json()["event"], seen.json()["release"], seen.json()["state"]) == ("test", None, "waiting")


def test_deliveries_are_paged_and_filtered() -> None:
    partner = make_partner()
    endpoint, _ = make_webhook(partner)
    incidents = [make_incident(f"Incident {number}") for number in range(3)]
    for incident in incidents:
        publish_incident(incident)
    enqueue_releases(timezone.now())
    Delivery.objects.filter(public_id=incidents[0].public_id).update(
        state=DeliveryState.FAILED, finished_at=timezone.now()
    )
    program, place = client_of(partner), f"{HOOKS}{endpoint.pk}/deliveries/"

    first = program.get(f"{place}?limit=2").json()
    second = program.get(f"{place}?limit=2&cursor={first['next']}").json()
    failed = program.get(f"{place}?state=failed").json()["data"]

    told = [row["advisory"] for row in first["data"] + second["data"]]
    assert told == [incident.public_id for incident in reversed(incidents)]
    assert [(row["advisory"], row["next_attempt_at"]) for row in failed] == [(incidents[0].public_id, None)]
    assert errors(program.get(f"{place}?state=lost")) == ["state"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_deliveries_takes_few_queries(count: int, django_assert_num_queries: Any) -> None:
    partner = make_partner()
    endpoint, _ = make_webhook(partner)
    for number in range(count):
        publish_incident(make_incident(f"Incident {number}"))
    enqueue_releases(timezone.now())
    program = client_of(partner)

    program.get(HOOKS)  # notes that the key is used

    with django_assert_num_queries(3):  # key, endpoint, deliveries
        program.get(f"{HOOKS}{endpoint.pk}/deliveries/")


def test_one_or_a_range_is_sent_again() -> None:
    partner = make_partner()
    endpoint, _ = make_webhook(partner)
    publish_incident(make_incident("After"))
    enqueue_releases(timezone.now())
    Delivery.objects.update(state=DeliveryState.DELIVERED, finished_at=timezone.now(), attempts=4)
    delivery, program = Delivery.objects.get(), client_of(partner)
    place = f"{HOOKS}{endpoint.pk}/"

    one = post(program, f"{place}deliveries/{delivery.message_id}/replay/")
    ranged = post(program, f"{place}replay/", since="2020-01-01T00:00:00Z")
    nothing = post(program, f"{place}replay/", since="2020-01-01T00:00:00Z", until="2020-01-02T00:00:00Z")
    wrong = [
        post(program, f"{place}replay/", **body)
        for body in ({}, {"since": "yesterday"}, {"since": "2020-01-01T00:00:00"})
    ]

    assert (one.status_code, one.json()["state"], one.json()["attempts"]) == (202, "waiting", 0)
    assert (ranged.json(), nothing.json()) == ({"count": 1}, {"count": 0})
    assert [(answer.status_code, errors(answer)) for answer in wrong] == [(422, ["since"])] * 3


def everything(endpoint: Endpoint, message: str) -> list[tuple[str, str]]:
    """Every method and address there is."""
    one = f"{HOOKS}{endpoint.pk}/"
    delivery = f"{one}deliveries/{message}/"
    return [
        *(("get", place) for place in (HOOKS, one, f"{one}deliveries/", delivery)),
        *(("post", place) for place in (HOOKS, f"{one}rotate/", f"{one}test/", f"{one}replay/", f"{delivery}replay/")),
        *(("patch", one), ("delete", one)),
    ]


@pytest.mark.parametrize(("scopes", "status"), [(None, 401), ((Scope.READ, Scope.SUBMIT), 403)])
def test_nobody_and_the_wrong_scope_do_nothing(scopes: tuple[Scope, ...] | None, status: int) -> None:
    partner = make_partner()
    endpoint, _ = make_webhook(partner)
    message = send_test(endpoint, by=By()).message_id
    program = client_of(partner, *scopes) if scopes else Client()
    before = AuditEntry.objects.count()

    answers = [
        getattr(program, method)(place, content_type="application/json")
        for method, place in everything(endpoint, message)
    ]

    assert [(answer.status_code, answer["Content-Type"]) for answer in answers] == [
        (status, "application/problem+json")
    ] * 11
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert AuditEntry.objects.count() == before


def test_what_belongs_to_another_partner_does_not_exist() -> None:
    endpoint, _ = make_webhook()
    mine, _ = make_webhook(make_partner("Mine"))
    message = send_test(endpoint, by=By()).message_id
    program = client_of(mine.partner)

    theirs = [call for call in everything(endpoint, message) if call[1] != HOOKS]
    answers = [getattr(program, method)(place, content_type="application/json") for method, place in theirs]
    crossed = program.get(f"{HOOKS}{mine.pk}/deliveries/{message}/")

    assert {answer.status_code for answer in answers} == {404}
    assert (crossed.status_code, program.get(f"{HOOKS}{uuid4()}/").status_code) == (404, 404)
    assert [row["id"] for row in program.get(HOOKS).json()["data"]] == [str(mine.pk)]
    assert Delivery.objects.count() == 1


def test_answers_are_kept_by_nobody_and_come_from_where_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[str] = []

    def note() -> str:
        noted.append("replica")
        return "default"

    monkeypatch.setattr(replica, "reading_alias", note)
    partner = make_partner()
    make_webhook(partner)

    answer = client_of(partner).get(HOOKS)

    assert (answer["Cache-Control"], noted) == ("private, no-store", [])


def test_a_log_says_what_was_sent_and_what_came_back() -> None:
    partner = make_partner()
    endpoint, _ = make_webhook(partner)
    delivery = send_test(endpoint, by=By())
    Attempt.objects.create(
        delivery=delivery,
        number=1,
        at=timezone.now(),
        url=URL,
        milliseconds=7,
        status=503,
        response_body="no",
        request_sha256="0" * 64,
    )

    log = client_of(partner).get(f"{HOOKS}{endpoint.pk}/deliveries/{delivery.message_id}/").json()["log"]

    assert [(one["status"], one["response_body"], one["milliseconds"], one["succeeded"]) for one in log] == [
        (503, "no", 7, False)
    ]
