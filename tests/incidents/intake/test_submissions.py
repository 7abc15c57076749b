"""The inbox: what is taken in, what editors decide, what the sender is told."""

import datetime as dt
import hashlib
import re

import pytest
import time_machine
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from incidents.audit.models import AuditEntry
from incidents.intake.models import IntakeMark
from incidents.intake.submissions import decide
from incidents.intake.submissions.link import REFERENCE_PATTERN, digest_of, find_token
from incidents.intake.submissions.models import IdempotencyKey, SendingAddress, Submission, SubmissionState
from incidents.intake.submissions.proposal import Proposal
from incidents.intake.submissions.receive import (
    ABANDONED_AFTER,
    InProgress,
    KeyReused,
    Once,
    Sender,
    TooMany,
    find_earlier,
    take_in_submission,
)
from incidents.intake.submissions.standing import find_by_token, standing_of
from incidents.intake.submissions.translate import unknown_names
from incidents.record.models import Incident
from incidents.record.states import WorkflowState
from incidents.record.workflow import NotAllowed, discard
from incidents.vocabulary.tlp import TLP
from tests.factories import make_editor, make_organization, make_service, make_technique, publish_incident
from tests.factories.partners import make_partner, make_partner_key
from tests.factories.submissions import link_of, make_submission

pytestmark = pytest.mark.django_db
ZIP = b"PK\x03\x04" + b"\0" * 20


def send(once: Once | None = None, title: str = "Title") -> Submission:
    proposal = Proposal(title=title, what_happened="Text")
    return take_in_submission(proposal=proposal, sender=Sender(None, "192.0.2.1"), once=once)


# Taking in


def test_what_is_sent_waits_in_the_inbox_with_who_sent_it() -> None:
    key, _ = make_partner_key()

    one, other = make_submission(key=key), make_submission(contact_email="ada@example.org", address="192.0.2.9")

    assert (one.partner, one.key_prefix, one.sent_from, one.state) == (key.partner, key.prefix, None, "received")
    assert (other.partner, other.contact_email, other.origin) == (None, "ada@example.org", "192.0.2.9")
    assert Incident.objects.count() == 0


def test_of_the_link_only_a_digest_is_stored() -> None:
    submission = make_submission()
    token = find_token(submission.seed, submission.link_digest)

    assert find_by_token(token) == submission
    stored = [str(value) for row in Submission.objects.values_list() for value in row]
    assert token not in stored
    assert submission.link_digest == hashlib.sha256(token.encode()).hexdigest()


def test_the_link_outlives_a_change_of_the_secret(settings: Settings) -> None:
    submission = make_submission()
    token = find_token(submission.seed, submission.link_digest)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret"

    assert find_token(submission.seed, submission.link_digest) == token
    settings.SECRET_KEY_FALLBACKS = []
    assert find_token(submission.seed, submission.link_digest) == ""
    assert find_by_token(token) == submission


def test_references_are_easy_to_say_and_tell_no_order() -> None:
    references = [make_submission(key=make_partner_key()[0]).reference for _ in range(5)]

    assert len(set(references)) == 5
    assert [reference for reference in references if not re.fullmatch(REFERENCE_PATTERN, reference)] == []


def test_taking_in_is_written_into_the_log_without_the_sender_s_address() -> None:
    submission = make_submission(contact_email="ada@example.org", contact_name="Ada")

    entry = AuditEntry.objects.get(target_kind="submission")

    assert (entry.act, entry.target_id, entry.by, entry.detail) == ("send_in", submission.reference, None, {})


def test_files_are_stored_apart_under_their_hash() -> None:
    submission = make_submission(files={"../../evil.zip": ZIP})

    file = submission.files.get()

    assert (file.name, file.media_type, file.size) == ("evil.zip", "application/zip", len(ZIP))
    assert file.file.name == f"submissions/{file.sha256[:2]}/{file.sha256}"
    assert default_storage.open(str(file.file.name)).read() == ZIP


# Bounds


def test_one_address_sends_so_much_in_an_hour_and_a_day(settings: Settings) -> None:
    settings.REPORTS_PER_HOUR, settings.REPORTS_PER_DAY = 2, 3
    with time_machine.travel("2026-01-01T00:00Z", tick=False) as clock:
        make_submission()
        clock.shift(dt.timedelta(minutes=10))
        make_submission()
        with pytest.raises(TooMany) as refusal:
            make_submission()
        assert refusal.value.retry_after == 50 * 60 + 1
        clock.shift(dt.timedelta(minutes=51))
        make_submission()
        clock.shift(dt.timedelta(hours=2))
        with pytest.raises(TooMany) as later:
            make_submission()
        assert 20 * 3600 < later.value.retry_after < 24 * 3600
        make_submission(address="198.51.100.4")
        make_submission(key=make_partner_key()[0])
    assert Submission.objects.count() == 5


def test_a_household_of_ipv6_counts_as_one(settings: Settings) -> None:
    settings.REPORTS_PER_HOUR = 1
    make_submission(address="2001:db8:1:2::1")

    with pytest.raises(TooMany):
        make_submission(address="2001:db8:1:2:ffff::9")
    make_submission(address="2001:db8:1:3::1")

    assert {"2001:db8" in row.digest for row in SendingAddress.objects.all()} == {False}


def test_no_report_an_hour_closes_the_form(settings: Settings) -> None:
    settings.REPORTS_PER_HOUR = 0

    with pytest.raises(TooMany):
        make_submission()


# Once


def test_the_same_key_and_text_is_the_same_submission() -> None:
    once = Once("partner 1", "key", "a" * 64)

    assert send(once) == send(once)
    assert find_earlier(once) == Submission.objects.get()
    with pytest.raises(KeyReused):
        send(Once("partner 1", "key", "b" * 64), "Another")
    assert send(Once("partner 2", "key", "b" * 64), "Another").title == "Another"


def test_what_is_being_worked_on_is_not_begun_twice_but_taken_over_when_abandoned() -> None:
    once = Once("partner 1", "key", "a" * 64)
    held = IdempotencyKey.objects.create(owner="partner 1", key="key", fingerprint="a" * 64, begun_at=timezone.now())

    for ask in (send, find_earlier):
        with pytest.raises(InProgress):
            ask(once)
    IdempotencyKey.objects.filter(pk=held.pk).update(begun_at=timezone.now() - ABANDONED_AFTER * 2)
    assert find_earlier(once) is None
    assert send(once) == find_earlier(once)


def test_a_refusal_leaves_the_key_free(settings: Settings) -> None:
    settings.REPORTS_PER_HOUR = 0
    once = Once("form", "key", "a" * 64)

    with pytest.raises(TooMany):
        send(once)

    assert find_earlier(once) is None
    assert IdempotencyKey.objects.count() == 0


# Deciding


def test_accepting_begins_a_draft_that_says_what_was_sent() -> None:
    bank = make_organization()
    make_service(organization=bank)
    make_technique("T1566", "Phishing")
    editor = make_editor("Author")
    submission = make_submission(
        what_happened="It **began**.",
        impact="All stood still.",
        occurred_from="2025-01",
        organization="harbour bank",
        service="Online banking",
        techniques=("T1566", "AML.T9999"),
        sources=("https://news.example/1",),
        tlp="green",
        language="de",
    )

    incident = decide.accept(submission_id=submission.pk, by=editor)

    submission.refresh_from_db()
    assert (submission.state, submission.incident, submission.handled_by) == ("accepted", incident, editor)
    assert (incident.title, incident.tlp, incident.language, incident.impact) == (
        submission.title,
        "green",
        "de",
        "All stood still.",
    )
    assert (incident.organization, incident.occurred_from, incident.workflow_state) == (
        bank,
        "2025-01",
        WorkflowState.DRAFT,
    )
    assert incident.what_happened.startswith("It **began**.")
    assert "AML.T9999" in incident.what_happened
    assert [step.technique.external_id for step in incident.attacks.all()] == ["T1566"]
    assert [source.url for source in incident.sources.all()] == ["https://news.example/1"]
    assert incident.affected_services.count() == 1
    mark = IntakeMark.objects.get(incident=incident)
    assert (mark.format, mark.external_id) == ("submission", submission.reference)


def test_strangers_add_nothing_to_the_catalogue() -> None:
    submission = make_submission(organization="Unheard Ltd", service="Their shop")

    incident = decide.accept(submission_id=submission.pk, by=make_editor("Author"))

    assert incident.organization is None
    assert unknown_names(submission) == ["Unheard Ltd", "Their shop"]


def test_each_act_is_written_into_the_log() -> None:
    editor, submission = make_editor("Author"), make_submission()

    decide.begin_review(submission_id=submission.pk, by=editor)
    decide.put_aside(submission_id=submission.pk, by=editor)
    decide.decline(submission_id=submission.pk, by=editor, reason="No.")
    decide.accept(submission_id=submission.pk, by=editor)

    acts = AuditEntry.objects.filter(target_id=submission.reference).order_by("pk").values_list("act", "by")
    assert list(acts) == [
        ("send_in", None),
        ("review", editor.pk),
        ("spam", editor.pk),
        ("decline", editor.pk),
        ("accept", editor.pk),
    ]


@pytest.mark.parametrize("role", ["Publisher", ""])
def test_who_may_not_decide_is_refused(role: str) -> None:
    submission, person = make_submission(), make_editor(*filter(None, [role]))

    for act in (decide.begin_review, decide.accept, decide.put_aside):
        with pytest.raises(NotAllowed):
            act(submission_id=submission.pk, by=person)
    with pytest.raises(NotAllowed):
        decide.decline(submission_id=submission.pk, by=person, reason="No.")


def test_a_decision_is_not_taken_twice_nor_without_a_reason() -> None:
    editor, submission = make_editor("Author"), make_submission()

    with pytest.raises(NotAllowed, match="reason"):
        decide.decline(submission_id=submission.pk, by=editor, reason="  ")
    decide.accept(submission_id=submission.pk, by=editor)
    for act in (decide.begin_review, decide.accept, decide.put_aside):
        with pytest.raises(NotAllowed, match="accepted by now"):
            act(submission_id=submission.pk, by=editor)


def test_when_its_draft_was_deleted_it_can_be_declined() -> None:
    editor, submission = make_editor("Author"), make_submission()
    discard(incident_id=decide.accept(submission_id=submission.pk, by=editor).pk, by=editor)

    decide.decline(submission_id=submission.pk, by=editor, reason="It was a drill.")

    submission.refresh_from_db()
    assert (submission.state, submission.incident) == ("declined", None)


# What the sender is told


def test_the_sender_hears_what_was_decided_and_nothing_of_what_was_sent(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    editor = make_editor("Author")
    submission = make_submission("Buy now\nhttps://spam.example", contact_email="ada@example.org", language="de")

    with django_capture_on_commit_callbacks(execute=True):
        decide.decline(submission_id=submission.pk, by=editor, reason="Known since May.")

    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert submission.reference in letter.subject
    assert "Known since May." in letter.body
    assert f"{settings.SITE_URL}/de{link_of(submission)}" in letter.body
    assert "spam.example" not in f"{letter.subject}{letter.body}"


def test_nothing_is_written_before_an_editor_decided_nor_for_spam(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submission = make_submission(contact_email="ada@example.org")
        decide.begin_review(submission_id=submission.pk, by=make_editor("Author"))
        decide.put_aside(submission_id=submission.pk, by=make_editor("Author"))

    assert mail.outbox == []


def test_editors_are_told_that_something_came(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    settings.INBOX_NOTICES_TO = ["desk@example.org"]

    with django_capture_on_commit_callbacks(execute=True):
        submission = make_submission("A secret title")

    (letter,) = mail.outbox
    assert (letter.to, submission.reference in letter.body) == (["desk@example.org"], True)
    assert "secret" not in f"{letter.subject}{letter.body}"


def test_a_letter_that_cannot_be_sent_holds_up_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Settings
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        9,
    )
    submission = make_submission(contact_email="ada@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        decide.decline(submission_id=submission.pk, by=make_editor("Author"), reason="No.")

    submission.refresh_from_db()
    assert submission.state == "declined"


def test_a_published_advisory_is_told_once_and_only_to_who_may_read_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    editor, key = make_editor("Author"), make_partner_key(make_partner(clearance=TLP.AMBER))[0]
    public = make_submission(tlp="green", contact_email="ada@example.org")
    partner = make_submission(tlp="green", contact_email="soc@example.org", key=key)
    for submission in (public, partner):
        incident = decide.accept(submission_id=submission.pk, by=editor)
        Incident.objects.filter(pk=incident.pk).update(summary="In short.")
        publish_incident(Incident.objects.get(pk=incident.pk))

    with django_capture_on_commit_callbacks(execute=True):
        first, second = decide.note_published(), decide.note_published()

    assert ([one.pk for one in first], second) == ([partner.pk], [])
    assert [letter.to for letter in mail.outbox] == [["soc@example.org"]]
    standings = [standing_of(Submission.objects.get(pk=one.pk)) for one in (public, partner)]
    assert [one.state for one in standings] == [SubmissionState.ACCEPTED, SubmissionState.PUBLISHED]
    assert [bool(one.public_id) for one in standings] == [False, True]


def test_spam_is_declined_without_a_word() -> None:
    submission = make_submission()
    decide.put_aside(submission_id=submission.pk, by=make_editor("Author"))

    standing = standing_of(Submission.objects.get())

    assert (standing.state, standing.reason, standing.public_id) == (SubmissionState.DECLINED, "", "")


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "../" * 21 + "x", "Ä" * 64, digest_of("0" * 64)])
def test_a_guess_opens_nothing(token: str) -> None:
    make_submission()

    assert find_by_token(token) is None
