"""The front page of the desk and the lists: what waits for whom, found and counted in few queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.audit.models import AuditEntry
from incidents.publication import review
from incidents.record.models import Incident
from tests.factories import make_editor, make_full_incident, make_incident, make_organization, publish_incident

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = "/admin/incidents/incident/"
LISTS = {
    "incident": 6,
    "organization": 7,
    "service": 7,
    "technique": 7,
    "mitigation": 7,
    "tactic": 7,
    "threatactor": 7,
    "tag": 7,
    "release": 6,
    "advisory": 6,
    "auditentry": 8,
}


def submitted(title: str, **fields: Any) -> Incident:
    incident = make_incident(title, **fields)
    return review.submit(incident_id=incident.pk, by=make_editor("Author"))


def titles(client: Client, query: str = "") -> list[str]:
    return [incident.title for incident in client.get(LIST + query).context["cl"].result_list]


def test_the_front_page_shows_what_waits_for_the_one_who_looks(sign_in: SignIn) -> None:
    make_incident("A draft")
    submitted("To be reviewed")
    publish_incident(make_incident("Out"))

    piles = {
        role: {
            pile.title: [one.title for one in pile.incidents] for pile in sign_in(role).get("/admin/").context["piles"]
        }
        for role in ("Author", "Reviewer", "Publisher")
    }

    assert piles == {
        "Author": {"Your drafts": ["A draft"], "Scheduled": []},
        "Reviewer": {"Your drafts": [], "To review": ["To be reviewed"], "Scheduled": []},
        "Publisher": {"Approved, to be published": [], "Scheduled": []},
    }


def test_ones_own_writing_does_not_wait_for_ones_own_review(sign_in: SignIn) -> None:
    reviewer = make_editor("Reviewer")
    mine = make_incident("Mine", by=reviewer)
    review.submit(incident_id=mine.pk, by=reviewer)
    submitted("Theirs")

    assert titles(sign_in(user=reviewer), "?waiting=review") == ["Theirs"]


def test_the_list_is_narrowed_to_ones_own(sign_in: SignIn) -> None:
    make_incident("Theirs", by=make_editor("Author", email="other@example.org"))
    make_incident("Mine")

    assert titles(sign_in("Author"), "?waiting=mine") == ["Mine"]


@pytest.mark.parametrize("words", ["INC-2025-0001", "unreadable", "harbour"])
def test_an_incident_is_found_by_id_title_and_organisation(sign_in: SignIn, words: str) -> None:
    make_incident("Unreadable ledgers", organization=make_organization("Harbour Bank"))
    make_incident("Something else")

    assert titles(sign_in("Author"), f"?q={words}") == ["Unreadable ledgers"]


def test_the_audit_log_is_searched_by_incident(sign_in: SignIn) -> None:
    wanted, _ = make_incident("A"), make_incident("B")

    page = sign_in("Author").get(f"/admin/incidents/auditentry/?q={wanted.public_id}")

    assert [entry.target_id for entry in page.context["cl"].result_list] == [wanted.public_id]


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("model", LISTS)
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    sign_in: SignIn, model: str, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_incident(f"Incident {number}", organization=make_organization(f"Bank {number}"))
    publish_incident(make_full_incident())
    client = sign_in("Author", "Reviewer", "Publisher")
    client.get(f"/admin/incidents/{model}/")

    with django_assert_num_queries(LISTS[model]):
        client.get(f"/admin/incidents/{model}/")


@pytest.mark.parametrize("count", [1, 30])
def test_the_front_page_takes_as_many_queries_for_thirty_rows_as_for_one(
    sign_in: SignIn, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        submitted(f"Incident {number}", organization=make_organization(f"Bank {number}"))
    client = sign_in("Author", "Reviewer", "Publisher")
    client.get("/admin/")

    with django_assert_num_queries(10):
        client.get("/admin/")


def test_acts_of_everybody_are_on_the_front_page(sign_in: SignIn) -> None:
    publish_incident(make_incident())

    acts = sign_in("Author").get("/admin/").context["recent_acts"]

    assert [entry.act for entry in acts] == list(AuditEntry.objects.values_list("act", flat=True)[:12])
