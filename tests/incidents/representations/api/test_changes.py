"""`changes`: every release once, in order, whoever publishes meanwhile; and what each means for a copy."""

import base64
import hashlib
import struct
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.document import Narrative
from incidents.publication.models import Advisory, Release
from incidents.publication.sealing import seal
from incidents.representations.api.sequence import NOWHERE, Place, last_place, write_place
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Severity
from tests.factories import make_incident, publish_incident, withdraw_incident
from tests.factories.corpus import release_again, release_document

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/changes/"


def ask(client: Client, **parameters: Any) -> Any:
    response = client.get(CHANGES, parameters)
    assert response.status_code == 200, response.content
    return response.json()


def refusal(client: Client, status: int = 409, **parameters: Any) -> str:
    response = client.get(CHANGES, parameters)
    assert response.status_code == status
    return str(response.json()["type"].rpartition("/problems/")[2])


def follow(client: Client, after: str = "", limit: int = 2, between: Callable[[], object] = lambda: None) -> Any:
    """Everything after a cursor, page by page, and the cursor at the end."""
    told = []
    while True:
        found = ask(client, after=after, limit=limit)
        told += found["data"]
        after = found["next"]
        if found["end"]:
            return told, after
        between()


def names(told: Any) -> list[tuple[str, str, int]]:
    return [(one["event"], one["id"], one["number"]) for one in told]


def test_every_release_is_told_once_in_the_order_of_the_ledger(client: Client) -> None:
    first, second = release_document("One"), release_document("Two")
    release_again(first)
    release_again(second, ReleaseKind.CORRECTION)
    release_again(first, ReleaseKind.WITHDRAWAL)

    told, _ = follow(client)

    assert names(told) == [
        ("created", "INC-2025-0001", 1),
        ("created", "INC-2025-0002", 1),
        ("updated", "INC-2025-0001", 2),
        ("corrected", "INC-2025-0002", 2),
        ("withdrawn", "INC-2025-0001", 3),
    ]


def test_a_release_says_what_it_is_and_what_changed(client: Client) -> None:
    advisory = release_document("As it was")
    release_again(
        advisory, title="As it is", severity=Severity.HIGH, narrative=Narrative(impact="None.", takeaway="Wait.")
    )
    stored = Release.objects.get(number=2)

    told = ask(client)["data"][1]

    document = told.pop("document")
    assert told == {
        "event": "updated",
        "id": advisory.public_id,
        "number": 2,
        "kind": "update",
        "significance": "material",
        "reason": "New facts.",
        "released_at": "2025-01-01T12:02:00Z",
        "tlp": "clear",
        "changed": ["narrative/impact", "narrative/takeaway", "severity", "title"],
        "sha256": hashlib.sha256(stored.document_json.encode()).hexdigest(),
        "merged_into": "",
    }
    assert document["title"] == "As it is"


def test_documents_are_the_bytes_of_the_ledger_and_slim_leaves_them_out(client: Client) -> None:
    release_document()
    stored = Release.objects.get().document_json.encode()

    assert stored in client.get(CHANGES).content
    assert "document" not in ask(client, slim="1")["data"][0]
    assert ask(client, slim="0") == ask(client)


def test_a_merged_advisory_says_into_which(client: Client) -> None:
    kept, merged = make_incident("Kept"), make_incident("Merged")
    publish_incident(kept)
    publish_incident(merged)
    withdraw_incident(merged, merged_into=kept.public_id, reason="The same incident.")

    told = ask(client)["data"]

    assert [one["merged_into"] for one in told] == ["", "", kept.public_id]
    assert (told[2]["event"], told[2]["id"], told[2]["reason"]) == ("merged", merged.public_id, "The same incident.")


def test_the_end_is_said_and_leads_on_when_there_is_more(client: Client) -> None:
    empty = ask(client)
    release_document("One")
    first = ask(client, after=empty["next"], limit=1)
    nothing_new = ask(client, after=first["next"])
    release_document("Two")

    second = ask(client, after=nothing_new["next"])

    assert [(found["end"], len(found["data"])) for found in (empty, first, nothing_new, second)] == [
        (True, 0),
        (True, 1),
        (True, 0),
        (True, 1),
    ]
    assert nothing_new["next"] == first["next"] == last_place(PUBLIC) or second["next"] == last_place(PUBLIC)


def test_the_link_leads_on_with_the_same_parameters(client: Client, settings: Settings) -> None:
    release_document()

    response = client.get(CHANGES, {"limit": "1", "slim": "1", "released_since": "2025-01-01"})

    after = response.json()["next"]
    assert response["Link"] == f'<{settings.SITE_URL}{CHANGES}?limit=1&slim=1&after={after}>; rel="next"'


def test_a_cursor_is_permanent_and_the_same_for_the_same_place(client: Client) -> None:
    release_document("One")
    cursor = ask(client)["next"]
    release_document("Two")

    again = ask(client, limit=1)["next"]

    release = Release.objects.order_by("sequence").values_list("sequence", "sha256")[0]
    assert again == cursor == write_place(Place(*release), PUBLIC)


def test_one_may_begin_at_a_time(client: Client) -> None:
    for title in ("One", "Two", "Three"):
        release_document(title)

    told = ask(client, released_since="2025-01-01T12:02:00Z")["data"]

    assert [one["id"] for one in told] == ["INC-2025-0002", "INC-2025-0003"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: ("B" if text[0] == "A" else "A") + text[1:],
        lambda text: text.swapcase(),
    ],
)
def test_a_changed_cursor_is_refused(client: Client, change: Callable[[str], str]) -> None:
    release_document()

    assert refusal(client, after=change(ask(client)["next"])) == "unknown-cursor/"


def test_a_cursor_of_a_list_is_none_of_changes(client: Client) -> None:
    release_document("One")
    release_document("Two")
    cursor = client.get("/api/v1/advisories/", {"limit": 1}).json()["next"]

    assert refusal(client, after=cursor) == "unknown-cursor/"


def test_no_answer_holds_a_number_of_the_sequence(client: Client, partner: Callable[[TLP], Client]) -> None:
    """The sequence is moved far away, so that its numbers cannot be mistaken for others."""
    release_document("Hidden", tlp=TLP.AMBER)
    release_document("Shown")
    found = client.get(CHANGES)
    sequence = Release.objects.get(public_id="INC-2025-0002").sequence

    said = found.json()

    raw = base64.urlsafe_b64decode(said["next"] + "==")
    assert struct.pack(">Q", sequence)[-3:] not in raw
    assert len(said["next"]) == len(partner(TLP.AMBER).get(CHANGES).json()["next"])
    assert "sequence" not in found.content.decode()
    assert Release.objects.get(public_id="INC-2025-0002").sha256 not in found.content.decode()


def test_what_is_hidden_moves_no_cursor(client: Client) -> None:
    release_document("Shown")
    before = client.get(CHANGES)

    release_document("Hidden", tlp=TLP.GREEN)

    after = client.get(CHANGES)
    assert (after.content, after["ETag"], after["Link"]) == (before.content, before["ETag"], before["Link"])


def test_a_widened_advisory_is_created_for_those_who_see_it_first_now(
    client: Client, partner: Callable[[TLP], Client]
) -> None:
    advisory = release_document("Narrow", tlp=TLP.AMBER)
    release_again(advisory, tlp=TLP.CLEAR)

    assert names(ask(client)["data"]) == [("created", advisory.public_id, 2)]
    assert names(ask(partner(TLP.AMBER))["data"]) == [
        ("created", advisory.public_id, 1),
        ("updated", advisory.public_id, 2),
    ]


def test_somebody_who_may_see_more_by_now_is_told_to_start_again(
    client: Client, partner: Callable[[TLP], Client]
) -> None:
    release_document("Hidden", tlp=TLP.GREEN)
    release_document("Shown")
    public, green = ask(client)["next"], ask(partner(TLP.GREEN))["next"]

    assert refusal(partner(TLP.GREEN), after=public) == "clearance-raised/"
    assert ask(client, after=green)["data"] == []
    assert last_place(Audience(TLP.GREEN)) == green


def test_a_cursor_of_before_there_were_marks_is_still_good(client: Client) -> None:
    release_document("One")
    release_document("Two")
    sequence = Release.objects.order_by("sequence").values_list("sequence", flat=True)[0]
    old = seal(struct.pack(">BQ", 0, sequence), "changes")

    assert [one["id"] for one in ask(client, after=old)["data"]] == ["INC-2025-0002"]


def test_a_cursor_of_a_history_that_was_lost_is_refused(client: Client) -> None:
    """A portal that was set back to a backup notices who has read further, also when it has released as much again."""
    release_document("Kept")
    kept = ask(client)["next"]
    with transaction.atomic():
        release_document("Lost")
        release_document("Lost too")
        ahead, beyond = ask(client, after=kept, limit=1)["next"], ask(client)["next"]
        transaction.set_rollback(True)

    release_document("Another instead")

    assert [refusal(client, 409, after=after) for after in (ahead, beyond)] == ["history-replaced/"] * 2
    assert [one["document"]["title"] for one in ask(client, after=kept)["data"]] == ["Another instead"]


def test_a_cursor_tells_nothing_of_the_hash_and_has_one_length(client: Client) -> None:
    release_document("One")
    release_document("Two")

    places = [ask(client, limit=1)["next"], ask(client)["next"], last_place(PUBLIC)]

    assert {len(place) for place in places} == {len(write_place(NOWHERE, PUBLIC))}
    raw = [base64.urlsafe_b64decode(place + "==") for place in places]
    hashes = [bytes.fromhex(one) for one in Release.objects.values_list("sha256", flat=True)]
    assert not [one for one in raw for sha256 in hashes if sha256[:4] in one]


def test_a_cursor_survives_a_new_secret(client: Client, settings: Settings) -> None:
    release_document("One")
    cursor = ask(client)["next"]
    release_document("Two")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another secret", [settings.SECRET_KEY]

    assert [one["id"] for one in ask(client, after=cursor)["data"]] == ["INC-2025-0002"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.sampled_from([TLP.CLEAR, TLP.GREEN])),
        st.tuples(st.just("again"), st.integers(0, 5)),
        st.tuples(st.just("read"), st.integers(1, 3)),
    ),
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(steps=STEPS)
def test_a_follower_misses_nothing_and_sees_nothing_twice(client: Client, steps: list[tuple[str, Any]]) -> None:
    """INV-SEQUENCE, whatever is published between which pages."""
    known = set(Release.objects.values_list("pk", flat=True))
    told: list[Any] = []
    after = last_place(PUBLIC)
    for step, value in steps:
        advisories = list(Advisory.objects.order_by("pk"))
        if step == "publish":
            release_document(f"Row {len(advisories)}", tlp=value)
        elif step == "again" and advisories:
            release_again(advisories[value % len(advisories)])
        elif step == "read":
            found = ask(client, after=after, limit=value)
            told, after = told + found["data"], found["next"]

    rest, _ = follow(client, after)

    visible = Release.objects.visible_to(PUBLIC).exclude(pk__in=known).order_by("sequence")
    assert [(one["id"], one["number"]) for one in told + rest] == list(visible.values_list("public_id", "number"))
