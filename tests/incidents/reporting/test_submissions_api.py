"""`/api/v1/submissions/`: who may, what is read, what is said; once and no more."""

import base64
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.intake.submissions import decide
from incidents.intake.submissions.models import Submission
from incidents.intake.submissions.proposal import ProposalForm
from incidents.partners.keys import revoke_key
from incidents.partners.models import ApiKey
from incidents.partners.scopes import Scope
from incidents.reporting.shapes import SubmissionGiven
from incidents.reporting.submissions import FIELDS, LISTS
from incidents.representations.api.schema.components import components_of
from incidents.vocabulary.tlp import TLP
from tests.factories import make_editor, publish_incident
from tests.factories.partners import make_partner, make_partner_key

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/submissions/"
BODY = {
    "title": "Payments stand still",
    "what_happened": "Since noon.",
    "occurred_from": "2025-01",
    "techniques": ["T1566"],
    "sources": ["https://news.example/1"],
    "tlp": "amber",
    "language": "de-at",
    "contact_email": "soc@example.org",
}


@pytest.fixture
def known() -> tuple[ApiKey, Client]:
    """A key that may send, and a client that shows it."""
    key, token = make_partner_key(make_partner(clearance=TLP.AMBER), scopes=[Scope.SUBMIT])
    return key, Client(headers={"authorization": f"Bearer {token}"})


def send(client: Client, body: Any = BODY, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(PLACE, raw, content_type="application/json", headers=given)


def kind(answer: Any) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, str(answer.json()["type"]).rstrip("/").rpartition("/")[2]


def test_a_partner_sends_and_asks_what_became_of_it(known: tuple[ApiKey, Client]) -> None:
    key, client = known
    content = base64.b64encode(b"PK\x03\x04zip").decode()

    answer = send(client, BODY | {"attachments": [{"name": "../logs.zip", "content": content}]})

    submission, said = Submission.objects.get(), answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, said["url"])
    assert (submission.partner, submission.key_prefix, submission.language) == (key.partner, key.prefix, "de-AT")
    assert (submission.techniques, submission.sources) == (["T1566"], ["https://news.example/1"])
    assert (said["reference"], said["state"]) == (submission.reference, "received")
    assert [file["name"] for file in said["attachments"]] == ["logs.zip"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Client().get(said["status_url"].partition("8000")[2]).status_code == 200
    assert client.get(f"{PLACE}{submission.reference}/").json()["state"] == "received"


def test_the_state_is_told_until_it_is_published(known: tuple[ApiKey, Client]) -> None:
    _, client = known
    place = send(client).headers["Location"].partition("8000")[2]
    incident = decide.accept(submission_id=Submission.objects.get().pk, by=make_editor("Author"))
    before = client.get(place).json()
    incident.summary = "In short."
    incident.save()
    publish_incident(incident)
    after = client.get(place).json()

    assert (before["state"], before["advisory"]) == ("accepted", None)
    assert (after["state"], after["advisory"].endswith(f"/incidents/{incident.public_id}/")) == ("published", True)


def test_a_reason_is_told(known: tuple[ApiKey, Client]) -> None:
    _, client = known
    place = send(client).headers["Location"].partition("8000")[2]
    decide.decline(submission_id=Submission.objects.get().pk, by=make_editor("Author"), reason="Known.")

    said = client.get(place).json()

    assert (said["state"], said["reason"]) == ("declined", "Known.")


def test_only_the_right_key_sends(known: tuple[ApiKey, Client]) -> None:
    key, client = known
    _, reading = make_partner_key(scopes=[Scope.READ])

    assert kind(send(Client())) == (401, "not-authenticated")
    assert kind(send(Client(headers={"authorization": f"Bearer {reading}"}))) == (403, "insufficient-scope")
    revoke_key(key, by=None)
    assert kind(send(client)) == (401, "not-authenticated")
    assert Submission.objects.count() == 0


def test_nobody_else_s_submission_exists(known: tuple[ApiKey, Client]) -> None:
    _, client = known
    _, token = make_partner_key(scopes=[Scope.SUBMIT])
    send(client)
    place = f"{PLACE}{Submission.objects.get().reference}/"

    assert kind(Client(headers={"authorization": f"Bearer {token}"}).get(place)) == (404, "not-found")
    assert kind(Client().get(place)) == (401, "not-authenticated")


def test_everything_that_is_wrong_is_named_at_once(known: tuple[ApiKey, Client]) -> None:
    answer = send(
        known[1],
        {
            "titel": "x",
            "what_happened": 3,
            "occurred_from": "yesterday",
            "techniques": "T1566",
            "sources": ["ftp://x.example"],
            "tlp": "purple",
            "attachments": [{"name": "a"}],
        },
    )

    assert kind(answer) == (422, "invalid-body")
    errors = {error["parameter"]: error for error in answer.json()["errors"]}
    assert sorted(errors) == sorted(
        ["titel", "title", "what_happened", "occurred_from", "techniques", "sources", "tlp", "attachments"]
    )
    assert errors["titel"]["nearest"] == "title"
    assert errors["tlp"]["allowed"] == list(TLP.values)
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"{", (400, "bad-request")),
        (b"[" * 20_000, (400, "bad-request")),
        (b"\xff\xfe", (400, "bad-request")),
        (b'{"title": "\\ud800 x", "what_happened": "y"}', (400, "bad-request")),
        (b"[]", (422, "invalid-body")),
        (b'{"title": "\\u0000", "what_happened": "y"}', (422, "invalid-body")),
        (b'{"title": "x", "what_happened": "y", "attachments": {}}', (422, "invalid-body")),
        (b'{"title": "x", "what_happened": "y", "attachments": [1]}', (422, "invalid-body")),
        (
            b'{"title": "x", "what_happened": "y", "attachments": [{"name": "a", "content": "!"}]}',
            (422, "invalid-body"),
        ),
        (
            b'{"title": "x", "what_happened": "y", "attachments": [{"name": "a", "content": "\xc3\xa4"}]}',
            (422, "invalid-body"),
        ),
        (b'{"title": "' + b"x" * (10 * 1024 * 1024) + b'"}', (413, "content-too-large")),
    ],
    ids=range(11),
)
def test_what_is_no_submission_is_refused(raw: bytes, expected: tuple[int, str], known: tuple[ApiKey, Client]) -> None:
    assert kind(send(known[1], raw)) == expected
    assert Submission.objects.count() == 0


def test_other_kinds_of_bodies_and_methods_are_refused(known: tuple[ApiKey, Client]) -> None:
    _, client = known

    assert kind(client.post(PLACE, BODY)) == (415, "unsupported-media-type")
    assert kind(client.get(PLACE)) == (405, "method-not-allowed")
    assert kind(client.post(f"{PLACE}?x=1", b"{}", content_type="application/json")) == (400, "invalid-parameters")


# Idempotency-Key


def test_the_same_key_and_body_have_the_same_answer(known: tuple[ApiKey, Client]) -> None:
    _, client = known
    first = send(client, idempotency_key='"8e03978e"')
    decide.put_aside(submission_id=Submission.objects.get().pk, by=make_editor("Author"))

    again = send(client, dict(reversed(BODY.items())), idempotency_key="8e03978e")

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert Submission.objects.count() == 1


def test_the_same_key_and_another_body_are_refused(known: tuple[ApiKey, Client]) -> None:
    _, client = known
    send(client, idempotency_key='"a"')

    assert kind(send(client, BODY | {"title": "Another"}, idempotency_key='"a"')) == (422, "idempotency-key-reused")
    assert kind(send(client, {}, idempotency_key='"a"')) == (422, "idempotency-key-reused")
    assert Submission.objects.count() == 1


def test_a_refused_body_does_not_use_up_the_key(known: tuple[ApiKey, Client]) -> None:
    _, client = known
    send(client, {}, idempotency_key='"a"')

    assert send(client, idempotency_key='"a"').status_code == 201


def test_keys_are_the_partner_s_and_outlive_an_api_key(known: tuple[ApiKey, Client]) -> None:
    key, client = known
    _, token = make_partner_key(key.partner, scopes=[Scope.SUBMIT])
    _, other = make_partner_key(scopes=[Scope.SUBMIT])
    first = send(client, idempotency_key='"a"')

    assert send(Client(headers={"authorization": f"Bearer {token}"}), idempotency_key='"a"').content == first.content
    assert send(Client(headers={"authorization": f"Bearer {other}"}), idempotency_key='"a"').content != first.content


@pytest.mark.parametrize("wrong", ['""', "", '"a', "ä", '"' + "x" * 256 + '"', 'a"b'])
def test_a_key_that_cannot_be_read_is_refused(wrong: str, known: tuple[ApiKey, Client]) -> None:
    assert kind(send(known[1], idempotency_key=wrong)) == (400, "bad-request")


def test_partners_are_not_held_to_the_bounds_of_the_form(known: tuple[ApiKey, Client], settings: Settings) -> None:
    settings.REPORTS_PER_HOUR = 1

    assert [send(known[1]).status_code for _ in range(3)] == [201, 201, 201]


def test_what_the_api_says_of_its_fields_is_what_the_form_reads() -> None:
    told = components_of([SubmissionGiven])["SubmissionGiven"]
    fields = {name: next(iter(one.get("anyOf", [one]))) for name, one in told["properties"].items()}
    texts = {name: field for name, field in ProposalForm.base_fields.items() if name not in LISTS}

    assert told["properties"].keys() == set(FIELDS)
    assert set(told["required"]) == {name for name, field in ProposalForm.base_fields.items() if field.required}
    assert {name for name, one in fields.items() if one.get("type") == "array"} == {*LISTS, "attachments"}
    bounds = {name: field.max_length for name, field in texts.items() if hasattr(field, "max_length")}
    assert {name: fields[name].get("maxLength", 40) for name in bounds} == bounds
