"""The inbox at the desk: who may, what is shown, what the buttons do; files leave it inert."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.intake.submissions import decide
from incidents.intake.submissions.models import Submission
from incidents.record.models import Incident
from tests.factories import make_editor
from tests.factories.partners import make_partner, make_partner_key
from tests.factories.submissions import make_submission

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = "/admin/incidents/submission/"
HTML = b"<script>alert(document.cookie)</script>"


def page_of(submission: Submission) -> str:
    return f"{LIST}{submission.pk}/change/"


def press(client: Client, submission: Submission, act: str, reason: str = "") -> str:
    answer = client.post(f"{LIST}{submission.pk}/decide/", {"act": act, "reason": reason}, follow=True)
    return str(answer.content.decode())


def test_the_desk_says_how_many_wait(sign_in: SignIn) -> None:
    assert "Nothing waits in the" in sign_in("Author").get("/admin/").content.decode()
    make_submission()
    make_submission()

    assert "2 reports to read" in sign_in("Author").get("/admin/").content.decode()
    assert sign_in().get("/admin/").context["inbox"] is None


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_costs_the_same_however_long(
    count: int, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        make_submission(key=make_partner_key()[0], files={"a.txt": b"text"})
    client = sign_in("Author")

    with django_assert_num_queries(6):
        assert len(client.get(LIST).context["cl"].result_list) == count


def test_the_list_shows_what_waits_and_everything_when_asked(sign_in: SignIn) -> None:
    waiting, closed = make_submission("Waiting"), make_submission("Closed")
    decide.put_aside(submission_id=closed.pk, by=make_editor("Author"))
    client = sign_in("Author")

    found = {
        query: [one.title for one in client.get(f"{LIST}{query}").context["cl"].result_list]
        for query in ("", "?pile=all", "?state__exact=spam", f"?q={waiting.reference}", "?q=nothing")
    }

    assert found == {
        "": ["Waiting"],
        "?pile=all": ["Closed", "Waiting"],
        "?state__exact=spam": ["Closed"],
        f"?q={waiting.reference}": ["Waiting"],
        "?q=nothing": [],
    }


def test_one_page_tells_all_and_links_nothing_of_it(sign_in: SignIn) -> None:
    key, _ = make_partner_key(make_partner("Harbour CERT"))
    submission = make_submission(
        "<b>Title</b>",
        key=key,
        impact="Much.",
        occurred_from="2025-01",
        sources=("https://evil.example/a",),
        contact_name="Ada",
        files={"page.txt": HTML},
    )

    page = sign_in("Publisher").get(page_of(submission)).content.decode()

    for words in (
        "&lt;b&gt;Title",
        "Harbour CERT",
        "Much.",
        "January 2025",
        "https://evil.example/a",
        "Ada",
        "page.txt",
    ):
        assert words in page
    assert 'href="https://evil.example' not in page
    assert "Decide" not in page  # publishers read


def test_accepting_opens_the_form_of_the_draft(sign_in: SignIn) -> None:
    client, submission = sign_in("Author"), make_submission(organization="Unheard Ltd")

    page = press(client, submission, "accept")

    incident = Incident.objects.get()
    assert f'Begun with <a href="{page_of(submission)}">report {submission.reference}</a>' in page
    assert "does not know Unheard Ltd" in page
    assert f'value="{incident.title}"' in page
    assert incident.public_id in client.get(page_of(submission)).content.decode()


def test_declining_needs_a_reason_and_keeps_what_was_typed(sign_in: SignIn) -> None:
    client, submission = sign_in("Reviewer"), make_submission()

    assert "Give a reason" in press(client, submission, "decline")
    assert "Known since May." in press(client, submission, "decline", "Known since May.")
    late = press(client, submission, "decline", "Typed in vain")
    assert "is not possible" in late
    assert "Typed in vain" not in Submission.objects.get().reason


def test_review_and_spam_are_one_press_each(sign_in: SignIn) -> None:
    client, submission = sign_in("Author"), make_submission()

    press(client, submission, "review")
    assert Submission.objects.get().state == "in_review"
    press(client, submission, "spam")
    assert Submission.objects.get().state == "spam"
    assert press(client, submission, "nonsense") != ""
    assert Submission.objects.get().state == "spam"


def test_nobody_without_the_right_sees_or_decides_anything(sign_in: SignIn) -> None:
    submission = make_submission("A secret title", files={"a.txt": b"secret"})
    places = (LIST, page_of(submission), f"{LIST}{submission.pk}/files/{submission.files.get().pk}/")

    for client, status in ((Client(), 302), (sign_in(), 403)):
        assert [client.get(place).status_code for place in places] == [status] * 3
        assert client.post(f"{LIST}{submission.pk}/decide/", {"act": "spam"}).status_code == status
    assert "is not possible" in press(sign_in("Publisher"), submission, "accept")
    assert Submission.objects.get().state == "received"


def test_files_leave_the_desk_inert(sign_in: SignIn) -> None:
    submission = make_submission(files={"page.html": HTML})
    file = submission.files.get()

    answer = sign_in("Author").get(f"{LIST}{submission.pk}/files/{file.pk}/")

    assert b"".join(answer.streaming_content) == HTML  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="page.html.txt"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_file_belongs_to_its_submission(sign_in: SignIn) -> None:
    one, other = make_submission(files={"a.txt": b"a"}), make_submission()

    assert sign_in("Author").get(f"{LIST}{other.pk}/files/{one.files.get().pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999", "x", "٣"])
def test_what_does_not_exist_is_not_found(pk: str, sign_in: SignIn) -> None:
    assert sign_in("Author").get(f"{LIST}{pk}/change/").status_code in (302, 404)


def test_submissions_are_neither_added_nor_edited_nor_deleted_by_hand(sign_in: SignIn) -> None:
    submission = make_submission()
    client = sign_in(user=make_editor(email="root@example.org", superuser=True))

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(page_of(submission), {"title": "Forged"}).status_code == 200
    assert client.get(f"{LIST}{submission.pk}/delete/").status_code == 403
    assert Submission.objects.get().title == submission.title


def test_its_history_is_the_log(sign_in: SignIn) -> None:
    client, submission = sign_in("Author"), make_submission()
    press(client, submission, "review")

    page = client.get(f"{LIST}{submission.pk}/history/").content.decode()

    assert page.lower().count("review") >= 1
    assert "send_in" in page.lower() or "send in" in page.lower()
