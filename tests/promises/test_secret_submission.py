"""INV-DRAFT for what is sent in: it appears at its own secret link, and at no other public address."""

import pytest
from django.test import Client

from incidents.intake.submissions import decide
from incidents.intake.submissions.models import Submission
from incidents.record.models import Incident
from incidents.vocabulary.languages import split_language
from tests.factories import make_editor
from tests.factories.partners import make_partner_key
from tests.factories.submissions import link_of, make_submission
from tests.promises.test_secret_word import make_public, parameter_values, read_everything

pytestmark = pytest.mark.django_db
DECISIONS = ("received", "accepted", "declined", "spam")


def make_secret_submission(decision: str) -> tuple[Submission, str]:
    """A submission that stands somewhere, with a word in everything its sender or an editor wrote."""
    word, editor = f"Zyx{decision}qwv", make_editor("Author")
    key = make_partner_key()[0] if decision == "accepted" else None
    texts = dict.fromkeys(("what_happened", "impact", "organization", "service", "contact_name"), word)
    submission = make_submission(
        f"{word} title",
        key=key,
        address="192.0.2.1",
        sources=(f"https://{word.lower()}.example/",),
        contact_email=f"{word.lower()}@example.org",
        files={f"{word}.txt": word.encode()},
        **texts,
    )
    match decision:
        case "accepted":
            incident = decide.accept(submission_id=submission.pk, by=editor)
            Incident.objects.filter(pk=incident.pk).update(summary=f"{word} of the editors")
        case "declined":
            decide.decline(submission_id=submission.pk, by=editor, reason=f"{word} reason")
        case "spam":
            decide.put_aside(submission_id=submission.pk, by=editor)
    return submission, word


def test_what_was_sent_stands_at_its_own_link_and_nowhere_else() -> None:
    public = make_public()
    sent = {decision: make_secret_submission(decision) for decision in DECISIONS}

    read = read_everything(parameter_values(list(Incident.objects.exclude(pk=public.pk)), public))

    found = {
        word: {split_language(place)[1] for place, text in read.items() if word.lower().encode() in text.lower()}
        for _, word in sent.values()
    }
    assert found == {word: {link_of(submission)} for submission, word in sent.values()}


def test_its_own_link_tells_nothing_that_editors_wrote_but_the_reason() -> None:
    for decision in DECISIONS:
        submission, word = make_secret_submission(decision)
        page = Client().get(link_of(submission)).content.decode()

        assert f"{word} of the editors" not in page
        assert (f"{word} reason" in page) == (decision == "declined")
        assert f"{word.lower()}@example.org" not in page
        assert str(make_editor("Author").full_name) not in page
        assert Incident.objects.filter(submission=submission, public_id__in=page.split()).count() == 0


def test_the_public_cannot_tell_that_something_was_sent() -> None:
    public = make_public()
    known = parameter_values([], public)
    before = read_everything(known)

    make_secret_submission("received")
    make_secret_submission("declined")

    after = read_everything(known)
    assert [place for place in before if before[place] != after[place] and "/report/" not in place] == [
        place for place in ("/healthz", "/readyz") if before[place] != after[place]
    ]
