"""The pages on which acts of the workflow are confirmed, for one incident and for several."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.publication import review
from incidents.publication.models import Release
from incidents.record import workflow
from incidents.record.models import Incident
from incidents.record.workflow import Act
from tests.factories import make_editor, make_incident, make_published, publish_incident
from tests.incidents.editing.sent_form import read_sent_form

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = "/admin/incidents/incident/"


def act_url(incident: Incident, act: str) -> str:
    return reverse("admin:incidents_incident_act", args=[incident.pk, act])


def do(client: Client, incident: Incident, act: str, **sent: str) -> HttpResponse:
    """Open the page of an act and confirm it."""
    page = client.get(act_url(incident, act))
    return client.post(
        act_url(incident, act), read_sent_form(page.content.decode()) | {name: [value] for name, value in sent.items()}
    )  # type: ignore[return-value]


def state_of(incident: Incident) -> str:
    incident.refresh_from_db()
    return incident.workflow_state


@pytest.fixture
def in_review() -> Incident:
    incident = make_incident()
    return review.submit(incident_id=incident.pk, by=make_editor("Author"))


@pytest.fixture
def approved(in_review: Incident) -> Incident:
    return review.approve(incident_id=in_review.pk, by=make_editor("Reviewer"), seen_revision=1)


def test_an_author_submits(sign_in: SignIn) -> None:
    incident = make_incident()

    answer = do(sign_in("Author"), incident, "submit", note="Please look at the dates.")

    assert (answer.status_code, state_of(incident)) == (302, "in_review")


def test_nothing_is_done_by_opening_the_page(sign_in: SignIn) -> None:
    incident = make_incident()

    sign_in("Author").get(act_url(incident, "submit"))

    assert state_of(incident) == "draft"


def test_a_confirmation_without_the_token_of_the_page_does_nothing() -> None:
    incident, client = make_incident(), Client(enforce_csrf_checks=True)
    client.force_login(make_editor("Author"))

    answer = client.post(act_url(incident, "submit"), {"note": ""})

    assert (answer.status_code, state_of(incident)) == (403, "draft")


@pytest.mark.parametrize(
    ("role", "act", "status"), [("Author", "approve", 403), ("Reviewer", "approve", 409), ("Author", "no_such", 404)]
)
def test_a_refusal_says_why_and_does_nothing(sign_in: SignIn, role: str, act: str, status: int) -> None:
    incident, client = make_incident(), sign_in(role)

    answers = [client.get(act_url(incident, act)), client.post(act_url(incident, act), {"note": ""})]

    assert [answer.status_code for answer in answers] == [status, status]
    assert state_of(incident) == "draft"


def test_a_reviewer_approves_what_was_read(sign_in: SignIn, in_review: Incident) -> None:
    do(sign_in("Reviewer"), in_review, "approve")

    assert state_of(in_review) == "approved"


def test_what_changed_while_one_was_reading_is_not_approved(sign_in: SignIn, in_review: Incident) -> None:
    client = sign_in("Reviewer")
    page = client.get(act_url(in_review, "approve") + "?revision=1").content.decode()
    workflow.note_edit(incident_id=in_review.pk, seen_revision=1, by=make_editor("Author"))
    review.submit(incident_id=in_review.pk, by=make_editor("Author"))

    answer = client.post(act_url(in_review, "approve"), read_sent_form(page) | {"note": ["Well done."]})

    assert (answer.status_code, state_of(in_review)) == (200, "in_review")
    assert "changed while you were reading" in answer.content.decode()
    assert "Well done." in answer.content.decode()


def test_who_wrote_it_is_told_that_somebody_else_has_to_approve(sign_in: SignIn) -> None:
    person = make_editor("Reviewer", email="one@example.org", superuser=True)
    incident = make_incident(by=person)
    review.submit(incident_id=incident.pk, by=person)

    page = sign_in(user=person).get(reverse("admin:incidents_incident_change", args=[incident.pk])).content.decode()

    assert "someone else has to approve it (four eyes)" in page
    assert act_url(incident, "approve") not in page


def test_sending_back_without_a_word_is_refused(sign_in: SignIn, in_review: Incident) -> None:
    answer = do(sign_in("Reviewer"), in_review, "send_back", note=" ")

    assert (answer.status_code, state_of(in_review)) == (200, "in_review")
    assert "Say in a sentence" in answer.content.decode()


def test_the_first_release_needs_no_reason(sign_in: SignIn, approved: Incident) -> None:
    do(sign_in("Publisher"), approved, "publish", reason="")

    release = Release.objects.get()
    assert (release.kind, release.reason, state_of(approved)) == ("initial", "First publication.", "published")


def published_again(**sent: str) -> Incident:
    incident = Incident.objects.get(public_id=make_published().public_id)
    workflow.note_edit(incident_id=incident.pk, seen_revision=1, by=make_editor("Author"))
    review.submit(incident_id=incident.pk, by=make_editor("Author"))
    return review.approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=2)


def test_a_correction_says_what_was_wrong(sign_in: SignIn) -> None:
    incident = published_again()

    do(
        sign_in("Publisher"),
        incident,
        "publish",
        kind="correction",
        significance="editorial",
        reason="The day was wrong.",
    )

    release = Release.objects.get(number=2)
    assert (release.kind, release.significance, release.reason) == ("correction", "editorial", "The day was wrong.")


def test_a_further_release_without_a_reason_is_refused(sign_in: SignIn) -> None:
    incident = published_again()

    answer = do(sign_in("Publisher"), incident, "publish", reason="")

    assert (answer.status_code, Release.objects.count()) == (200, 1)
    assert "Give readers a reason" in answer.content.decode()


def test_what_cannot_be_read_yet_lists_what_to_mend_and_keeps_the_reason(sign_in: SignIn) -> None:
    incident = published_again()
    Incident.objects.filter(pk=incident.pk).update(summary="", what_happened="So [^7].")

    page = do(sign_in("Publisher"), incident, "publish", reason="Because of the news.").content.decode()

    assert [text in page for text in ("The summary is empty", "cites source 7", "Because of the news.")] == [True] * 3
    assert Release.objects.count() == 1


def test_what_cannot_be_built_is_told_and_keeps_the_reason(
    sign_in: SignIn, break_building: Callable[..., None]
) -> None:
    incident = published_again()
    break_building(RuntimeError("no paper"))

    page = do(
        sign_in("Publisher"), incident, "publish", reason="Because of the news.", kind="correction"
    ).content.decode()

    assert "It could not be built (RuntimeError: no paper). Nothing became public" in page
    sent = read_sent_form(page)
    assert (sent["reason"], sent["kind"]) == (["Because of the news."], ["correction"])
    assert (state_of(incident), Release.objects.count()) == ("approved", 1)


def test_a_schedule_is_read_in_the_editors_zone(sign_in: SignIn, approved: Incident) -> None:
    publisher = make_editor("Publisher")
    publisher.time_zone = "Asia/Shanghai"
    publisher.save()
    soon = (timezone.now() + dt.timedelta(days=2)).replace(hour=13, minute=33, second=0, microsecond=0)

    do(sign_in(user=publisher), approved, "schedule", at=f"{soon:%Y-%m-%d}T21:33", reason="Embargo ends.")

    approved.refresh_from_db()
    assert (approved.workflow_state, approved.scheduled_for) == ("scheduled", soon)


def test_a_schedule_in_the_past_is_refused_and_keeps_what_was_typed(sign_in: SignIn, approved: Incident) -> None:
    answer = do(sign_in("Publisher"), approved, "schedule", at="2020-01-01T10:00", reason="Embargo ends.")

    assert "lies in the past" in answer.content.decode()
    assert read_sent_form(answer.content.decode())["reason"] == ["Embargo ends."]
    assert state_of(approved) == "approved"


def test_a_schedule_is_cancelled(sign_in: SignIn, approved: Incident) -> None:
    client = sign_in("Publisher")
    tomorrow = timezone.now() + dt.timedelta(days=1)
    do(client, approved, "schedule", at=f"{tomorrow:%Y-%m-%dT%H:%M}", reason="Embargo ends.")

    do(client, approved, "unschedule")

    assert state_of(approved) == "approved"


def test_a_withdrawal_can_lead_to_another_incident(sign_in: SignIn) -> None:
    standing = make_published("The one that stays").public_id
    gone = Incident.objects.get(public_id=make_published("The one that goes").public_id)

    do(sign_in("Publisher"), gone, "withdraw", reason="Told twice.", merged_into=standing.lower())

    release = Release.objects.get(public_id=gone.public_id, number=2)
    assert (state_of(gone), release.document.merged_into) == ("withdrawn", standing)


def test_a_withdrawal_cannot_lead_nowhere(sign_in: SignIn) -> None:
    gone = Incident.objects.get(public_id=make_published().public_id)

    answer = do(sign_in("Publisher"), gone, "withdraw", reason="Told twice.", merged_into="INC-2025-9999")

    assert "No other standing advisory INC-2025-9999" in answer.content.decode()
    assert state_of(gone) == "published"


def bulk(client: Client, action: str, incidents: list[Incident], **sent: str) -> tuple[HttpResponse, list[str]]:
    """Choose incidents in the list, confirm, and read what was said about each."""
    chosen = {"action": action, "_selected_action": [str(one.pk) for one in incidents]}
    page = client.post(LIST, chosen).content.decode()
    answer = client.post(LIST, read_sent_form(page) | {name: [value] for name, value in sent.items()})
    return answer, [str(message) for message in get_messages(answer.wsgi_request)]  # type: ignore[return-value]


def test_a_bulk_act_passes_the_gate_for_each_and_answers_for_each(sign_in: SignIn) -> None:
    reviewer = make_editor("Reviewer")
    theirs, mine, draft = make_incident("A"), make_incident("B", by=reviewer), make_incident("C")
    for one in (theirs, mine):
        review.submit(incident_id=one.pk, by=make_editor("Author"))

    answer, said = bulk(sign_in(user=reviewer), "approve_chosen", [theirs, mine, draft])

    assert answer.status_code == 302
    assert [state_of(one) for one in (theirs, mine, draft)] == ["approved", "in_review", "draft"]
    assert sorted(said) == [
        f"{theirs.public_id} is approved and can be published.",
        f"{mine.public_id}: “Approve” is not possible. You last changed the content; someone else has to approve it (four eyes).",
        f"{draft.public_id}: “Approve” is not possible. It is draft; this is possible for in review.",
    ]


def test_a_bulk_act_asks_first(sign_in: SignIn) -> None:
    incident = make_incident()

    sign_in("Author").post(LIST, {"action": "submit_chosen", "_selected_action": incident.pk})

    assert state_of(incident) == "draft"


def test_a_bulk_approval_is_for_the_revisions_that_were_listed(sign_in: SignIn, in_review: Incident) -> None:
    client = sign_in("Reviewer")
    page = client.post(LIST, {"action": "approve_chosen", "_selected_action": in_review.pk}).content.decode()
    workflow.note_edit(incident_id=in_review.pk, seen_revision=1, by=make_editor("Author"))
    review.submit(incident_id=in_review.pk, by=make_editor("Author"))

    client.post(LIST, read_sent_form(page))

    assert state_of(in_review) == "in_review"


def test_bulk_publishing_releases_those_that_are_fit(sign_in: SignIn, approved: Incident) -> None:
    unfit = make_incident("Unfit")
    review.submit(incident_id=unfit.pk, by=make_editor("Author"))
    review.approve(incident_id=unfit.pk, by=make_editor("Reviewer"), seen_revision=1)
    Incident.objects.filter(pk=unfit.pk).update(summary="")

    _, said = bulk(sign_in("Publisher"), "publish_chosen", [approved, unfit])

    assert [state_of(one) for one in (approved, unfit)] == ["published", "approved"]
    assert any("The summary is empty" in one for one in said)


def test_bulk_publishing_tells_which_one_could_not_be_built(
    sign_in: SignIn, approved: Incident, break_building: Callable[..., None]
) -> None:
    faulty = make_incident("Faulty")
    review.submit(incident_id=faulty.pk, by=make_editor("Author"))
    review.approve(incident_id=faulty.pk, by=make_editor("Reviewer"), seen_revision=1)
    break_building(RuntimeError("no paper"), faulty)

    _, said = bulk(sign_in("Publisher"), "publish_chosen", [approved, faulty])

    assert [state_of(one) for one in (approved, faulty)] == ["published", "approved"]
    assert any(one.startswith(f"{faulty.public_id}: It could not be built (RuntimeError: no paper)") for one in said)


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("Author", {"submit_chosen"}),
        ("Reviewer", {"submit_chosen", "approve_chosen"}),
        ("Publisher", {"publish_chosen"}),
    ],
)
def test_only_acts_one_has_the_right_for_are_offered(sign_in: SignIn, role: str, actions: set[str]) -> None:
    make_incident()

    form = sign_in(role).get(LIST).context["action_form"]

    assert {name for name, _ in form.fields["action"].choices if name} == actions


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.EDIT])
def test_the_page_of_an_incident_offers_what_is_possible_and_explains_the_rest(
    sign_in: SignIn, approved: Incident, act: Act
) -> None:
    client = sign_in("Publisher")

    page = client.get(reverse("admin:incidents_incident_change", args=[approved.pk])).content.decode()

    decision = workflow.decide(approved, act, make_editor("Publisher"))
    assert (act_url(approved, act) in page, f"<dt>{act.label}</dt>" in page) == (
        decision.is_allowed,
        not decision.is_allowed,
    )


def test_the_history_tells_who_did_what(sign_in: SignIn) -> None:
    incident = make_incident()
    publish_incident(incident)

    page = sign_in("Author").get(reverse("admin:incidents_incident_history", args=[incident.pk]))

    assert [(entry.act, str(entry.by)) for entry in page.context["entries"]] == [
        ("publish", "Publisher"),
        ("approve", "Reviewer"),
        ("submit", "Author"),
        ("create", "Author"),
    ]
