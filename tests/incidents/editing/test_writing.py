"""Writing an incident on its one page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from incidents.audit.models import AuditEntry
from incidents.record.models import Incident
from tests.factories import (
    make_actor,
    make_editor,
    make_full_incident,
    make_incident,
    make_mitigation,
    make_organization,
    make_service,
    make_tag,
    make_technique,
    make_translation,
)
from tests.incidents.editing.sent_form import Sent, add_row, read_sent_form

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
ADD = "/admin/incidents/incident/add/"


def change_url(incident: Incident) -> str:
    return reverse("admin:incidents_incident_change", args=[incident.pk])


def whole_incident(client: Client) -> Sent:
    """Everything the page asks for, filled in by hand."""
    bank, related = make_organization(), make_incident("Another one")
    service = make_service(organization=bank)
    sent = read_sent_form(client.get(ADD).content.decode())
    sent |= {
        "title": ["Harbour Bank cannot be reached"],
        "summary": ["It was out for a day."],
        "severity": ["high"],
        "organization": [str(bank.pk)],
        "tags": [str(make_tag().pk)],
        "occurred_from": ["January 2025"],
        "disclosed": ["2025-01-27 21:33"],
        "what_happened": ["It was *slow* [^1]."],
    }
    add_row(sent, "attacks", technique=str(make_technique().pk), certainty="observed", cites="[1]")
    add_row(sent, "affected_services", service=str(service.pk), impact="degraded", occurred_from="2025")
    add_row(sent, "recommendations", mitigation=str(make_mitigation().pk), audience="users", priority="now")
    add_row(sent, "attributions", actor=str(make_actor().pk), status="claimed", confidence="low")
    add_row(sent, "losses", kind="money", low="10", high="20.50", unit="EUR", confidence="moderate")
    add_row(sent, "date_claims", event="occurred_from", at="26 January 2025", confidence="low", cites="1")
    add_row(sent, "sources", title="News", url="https://news.example/", kind="news")
    add_row(sent, "sources", title="More news", url="https://news.example/2", kind="news")
    add_row(sent, "statements", organization=str(bank.pk), text="We are sorry.")
    add_row(sent, "updates", at="2025-01-28", kind="resolved", title="Over", then=f"{service.key}: Operational")
    add_row(sent, "related", other=str(related.pk), relation="similar")
    add_row(sent, "involved", organization=str(make_organization("Cloudworks").pk), role="supplier")
    add_row(sent, "translations", language="de", of_release="1", title="Die Harbour Bank ist nicht erreichbar")
    return sent


def test_a_whole_incident_is_written_in_one_go(sign_in: SignIn) -> None:
    client = sign_in("Author")

    answer = client.post(ADD, whole_incident(client))

    assert answer.status_code == 302, answer.context["errors"]
    incident = Incident.objects.get(title="Harbour Bank cannot be reached")
    assert incident.public_id.startswith("INC-2025-")
    assert (str(incident.occurred_from), str(incident.disclosed)) == ("2025-01", "2025-01-27T21:33Z")
    assert [source.number for source in incident.sources.all()] == [1, 2]
    assert [attack.cites for attack in incident.attacks.all()] == ["1"]
    update = incident.updates.get()
    assert [str(then) for then in update.impacts.all()] == ["Online banking (Harbour Bank): operational"]
    parts = (
        "affected_services",
        "recommendations",
        "attributions",
        "losses",
        "date_claims",
        "statements",
        "related",
        "involved",
        "translations",
        "tags",
    )
    assert [getattr(incident, part).count() for part in parts] == [1] * len(parts)
    assert incident.created_by == make_editor("Author")


def test_beginning_an_incident_is_in_the_audit_log_once(sign_in: SignIn) -> None:
    client = sign_in("Author")

    client.post(ADD, read_sent_form(client.get(ADD).content.decode()) | {"title": ["Only a title"]})

    incident = Incident.objects.get()
    acts = AuditEntry.objects.filter(target_id=incident.public_id).values_list("act", "by__email", "origin")
    assert list(acts) == [("create", "author@example.org", "127.0.0.1")]


def test_saving_without_a_change_saves_nothing(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_full_incident()
    sent = read_sent_form(client.get(change_url(incident)).content.decode())

    answer = client.post(change_url(incident), sent, follow=True)

    incident.refresh_from_db()
    assert incident.revision == 1
    assert "You changed nothing" in answer.content.decode()


def test_saving_a_change_counts_the_revision_and_names_the_fields(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_full_incident()
    sent = read_sent_form(client.get(change_url(incident)).content.decode())
    attack = incident.attacks.all()[1]

    client.post(change_url(incident), sent | {"title": ["Another title"], "attacks-1-tactic": ["impact"]})

    incident.refresh_from_db()
    assert (incident.title, incident.revision) == ("Another title", 2)
    entry = AuditEntry.objects.filter(act="edit").get()
    assert entry.detail == {"revision": 2, "fields": ["title", f"attacks/{attack.pk}/tactic"]}


def test_a_part_is_changed_added_and_removed(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_full_incident()
    sent = read_sent_form(client.get(change_url(incident)).content.decode())
    sent |= {"sources-1-title": ["A better report"], "attacks-0-DELETE": ["on"]}
    add_row(sent, "sources", title="Third", url="https://news.example/3", kind="news")

    client.post(change_url(incident), sent)

    assert [(one.number, one.title) for one in incident.sources.all()] == [
        (1, "Statement of the bank"),
        (2, "A better report"),
        (3, "Third"),
    ]
    assert incident.attacks.count() == 2


def test_a_row_that_has_nothing_but_a_number_is_no_row(sign_in: SignIn) -> None:
    client = sign_in("Author")
    sent = read_sent_form(client.get(ADD).content.decode()) | {"title": ["Only a title"]}
    add_row(sent, "sources", number="1", kind="news")
    add_row(sent, "attacks", order="1", certainty="suspected")

    answer = client.post(ADD, sent)

    assert answer.status_code == 302
    assert Incident.objects.get().sources.count() == 0


def test_errors_keep_everything_that_was_typed(sign_in: SignIn) -> None:
    client = sign_in("Author")
    sent = whole_incident(client) | {
        "occurred_from": ["27/01/2025"],
        "losses-0-low": ["99"],
        "updates-0-then": ["Nowhere: off"],
    }

    page = client.post(ADD, sent).content.decode()

    assert "can be read in two ways" in page
    assert "This is less than the “low” figure." in page
    assert "“off” is no state of a service" in page
    again = read_sent_form(page)
    typed = {
        name: values for name, values in sent.items() if values != [""] and not name.startswith(("csrf", "sources-"))
    }
    assert {name: again.get(name) for name in typed} == typed


def test_dates_are_read_and_shown_in_the_editors_zone(sign_in: SignIn) -> None:
    author = make_editor("Author")
    author.time_zone = "Asia/Shanghai"
    author.save()
    client, incident = sign_in(user=author), make_incident(occurred_from="2025-01-27T13:33Z", disclosed="2025")
    sent = read_sent_form(client.get(change_url(incident)).content.decode())
    assert (sent["occurred_from"], sent["disclosed"]) == (["2025-01-27 21:33"], ["2025"])

    client.post(change_url(incident), sent | {"detected": ["2025-01-28 07:00"]})

    incident.refresh_from_db()
    assert (str(incident.occurred_from), str(incident.detected)) == ("2025-01-27T13:33Z", "2025-01-27T23:00Z")


def test_a_published_incident_that_is_edited_is_a_draft_again(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_incident()
    Incident.objects.filter(pk=incident.pk).update(workflow_state="approved", approved_revision=1)
    sent = read_sent_form(client.get(change_url(incident)).content.decode())

    client.post(change_url(incident), sent | {"summary": ["New."]})

    incident.refresh_from_db()
    assert (incident.workflow_state, incident.approved_revision) == ("draft", None)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"]
)
def test_the_markdown_preview_is_sanitised(sign_in: SignIn, text: str) -> None:
    answer = sign_in("Author").post("/admin/incidents/incident/markdown/", {"text": text})

    html = answer.content.decode().replace("&lt;", "").lower()
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_an_incident_takes_as_many_queries_for_thirty_rows_as_for_one(
    sign_in: SignIn, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    incident, client = make_incident(), sign_in("Author")
    bank = make_organization()
    incident.tags.add(make_tag())
    for number in range(1, count + 1):
        technique, service = make_technique(f"T{2000 + number}", "Technique"), make_service(f"S{number}", bank)
        incident.attacks.create(order=number, technique=technique)
        incident.affected_services.create(order=number, service=service)
        incident.recommendations.create(
            order=number, mitigation=make_mitigation(f"M{2000 + number}", "Mitigation", technique)
        )
        incident.sources.create(number=number, title="News", url="https://news.example/")
        incident.attributions.create(order=number, actor=make_actor(f"Actor {number}"))
        incident.date_claims.create(order=number, at="2025")
        incident.statements.create(organization=make_organization(f"O{number}"), text="Sorry.")
        incident.involved.create(organization=make_organization(f"O{number}"), role="supplier")
        incident.related.create(other=make_incident(f"Other {number}"))
        incident.updates.create(at="2025", title="Note").impacts.create(service=service, impact="degraded")
        make_translation(incident, f"x{chr(97 + number % 26)}-{100 + number}")
    client.get(change_url(incident))

    with django_assert_num_queries(48):
        client.get(change_url(incident))
