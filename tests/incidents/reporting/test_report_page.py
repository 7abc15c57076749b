"""The public form and the secret link."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from incidents.intake.submissions import decide
from incidents.intake.submissions.models import Submission
from incidents.reporting.stamp import make_stamp
from incidents.vocabulary.languages import LANGUAGES
from tests.factories import make_editor, publish_incident
from tests.factories.submissions import link_of, make_submission

pytestmark = pytest.mark.django_db
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
FIELDS = {"title": "Payments stand still", "what_happened": "Since noon.", "tlp": "clear", "language": "en"}


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time, which passes when a test says so."""
    with time_machine.travel("2026-01-01T00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def stamp(clock: Any) -> str:
    """The mark of a form that was opened ten seconds ago."""
    made = make_stamp()
    clock.shift(10)
    return made


def send(stamp: str, client: Client | None = None, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    return (client or Client()).post("/report/", {**FIELDS, "stamp": stamp, **fields}, headers=headers or {})


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_report_leads_to_a_secret_link_that_shows_it(stamp: str) -> None:
    answer = send(stamp, contact_name="Ada", attachments=[SimpleUploadedFile("../a.png", PNG)])

    submission = Submission.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, link_of(submission))
    assert (submission.title, submission.contact_name, submission.origin) == (
        "Payments stand still",
        "Ada",
        "127.0.0.1",
    )
    page = text_of(Client().get(answer.headers["Location"]))
    assert submission.reference in page
    assert "Since noon." in page
    assert "a.png" in page


@pytest.mark.parametrize("prefix", ["", *(f"/{one.code}" for one in LANGUAGES[1:])])
def test_the_form_speaks_every_language_and_sets_no_cookie(prefix: str) -> None:
    answer = Client().get(f"{prefix}/report/")

    assert answer.status_code == 200
    assert answer.cookies == {}
    assert f'<option value="{prefix[1:] or "en"}" selected>' in text_of(answer)


def test_neither_page_is_kept_and_the_link_is_told_to_nobody() -> None:
    link = link_of(make_submission())

    for place in ("/report/", link, f"/de{link}"):
        headers = Client().get(place).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        secret = place != "/report/"
        assert headers["Referrer-Policy"] == ("no-referrer" if secret else "same-origin")
        assert headers.get("X-Robots-Tag") == ("noindex, nofollow" if secret else None)
    assert '<meta name="robots" content="noindex, nofollow">' in text_of(Client().get(link))


def test_all_errors_stand_at_the_top_and_what_was_typed_stays(stamp: str) -> None:
    answer = send(
        stamp,
        title="",
        what_happened="<b>Kept</b>",
        occurred_from="yesterday",
        sources="javascript:alert(1)",
        techniques="T15",
        contact_email="nobody",
        attachments=[SimpleUploadedFile("a.png", PNG)],
    )

    page = text_of(answer)
    assert answer.status_code == 422
    linked = re.findall(r'<li><a href="#(\w+)">', page)
    names = ["title", "occurred_from", "techniques", "sources", "contact_email"]
    assert linked == [f"id_{name}" for name in names]
    assert [name for name in names if f'id="id_{name}"' not in page] == []
    assert "&lt;b&gt;Kept&lt;/b&gt;" in page
    assert "have to be chosen again" in page
    assert "<title>Error: Report an incident" in page
    assert Submission.objects.count() == 0


def test_sending_twice_makes_one_report_and_another_text_another(stamp: str) -> None:
    first, again, other = send(stamp), send(stamp), send(stamp, title="Something else")

    assert again.headers["Location"] == first.headers["Location"] != other.headers["Location"]
    assert Submission.objects.count() == 2


# Programs


def test_a_field_that_people_do_not_see_stops_programs(stamp: str) -> None:
    answer = send(stamp, website="https://spam.example")

    assert (answer.status_code, Submission.objects.count()) == (422, 0)


def test_a_form_that_comes_back_at_once_is_asked_again(clock: Any) -> None:
    stamp = make_stamp()

    answer = send(stamp)

    assert (answer.status_code, Submission.objects.count()) == (422, 0)
    assert STAMP.findall(text_of(answer)) == [stamp]
    clock.shift(5)
    assert send(stamp).status_code == 303


@pytest.mark.parametrize("wrong", ["", "x", "a.1:sig", "0" * 500])
def test_a_mark_that_was_not_made_here_is_replaced(wrong: str, clock: Any) -> None:
    answer = send(wrong)
    clock.shift(10)

    assert answer.status_code == 422
    assert send(STAMP.findall(text_of(answer))[0]).status_code == 303


def test_a_mark_is_good_for_a_day(stamp: str, clock: Any) -> None:
    clock.shift(25 * 3600)

    answer = send(stamp)

    assert (answer.status_code, Submission.objects.count()) == (422, 0)
    assert STAMP.findall(text_of(answer)) != [stamp]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver"}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "http://testserver"}, 303),
        ({}, 303),
    ],
)
def test_another_site_cannot_make_a_browser_send(headers: dict[str, str], status: int, stamp: str) -> None:
    assert send(stamp, headers=headers).status_code == status
    assert Submission.objects.count() == (status == 303)


def test_no_token_is_needed_and_cookies_change_nothing(stamp: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor("Author"))

    assert send(stamp, client).status_code == 303
    assert Submission.objects.get().handled_by is None


def test_one_address_is_told_when_more_is_taken(stamp: str, settings: Settings) -> None:
    settings.REPORTS_PER_HOUR = 1
    send(stamp)

    answer = send(stamp, title="Another")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3601")
    assert "61 minutes" in text_of(answer)
    assert 'value="Another"' in text_of(answer)


# Files


def test_files_are_refused_with_their_names(stamp: str) -> None:
    files = [
        SimpleUploadedFile("big.txt", b"x" * (10 * 1024 * 1024 + 1)),
        SimpleUploadedFile('<img src=x onerror="alert(1)">.exe', b"MZ\x90\0"),
        SimpleUploadedFile("nothing.txt", b"", content_type="text/plain"),
    ]

    page = text_of(send(stamp, attachments=files))

    assert "“big” is larger than 10 MB." in page
    assert "is of a sort we do not take" in page
    assert "“nothing” is empty." in page
    assert "<img src=x" not in page
    assert Submission.objects.count() == 0


def test_six_files_are_too_many(stamp: str) -> None:
    answer = send(stamp, attachments=[SimpleUploadedFile(f"{n}.txt", b"%d" % n) for n in range(6)])

    assert "At most 5 files" in text_of(answer)


def test_what_is_far_too_large_is_not_read() -> None:
    answer = Client().post("/report/", data=b"", content_type="multipart/form-data", CONTENT_LENGTH=str(10**9))

    assert answer.status_code == 413


def test_a_bomb_is_stored_as_it_is(stamp: str) -> None:
    bomb = b"PK\x03\x04" + b"\xff" * 1000

    send(stamp, attachments=[SimpleUploadedFile("bomb.zip", bomb)])

    file = Submission.objects.get().files.get()
    assert (file.sha256, file.file.read()) == (hashlib.sha256(bomb).hexdigest(), bomb)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "\u202egpj.exe",
        "a\r\nBcc: x@y",
        "{{ 7*7 }}",
        "\x00" * 3,
        "𓀀" * 150,
        "=cmd|' /C calc'!A0",
    ],
)
def test_hostile_words_are_words(hostile: str, stamp: str) -> None:
    answer = send(stamp, title=hostile, what_happened=hostile, organization=hostile, contact_name=hostile)

    if answer.status_code == 303:
        page = text_of(Client().get(answer.headers["Location"]))
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "\n" not in Submission.objects.get().title
    else:
        assert answer.status_code == 422
        assert "\x00" in hostile


# What the sender sees


def test_the_sender_reads_why_it_was_declined() -> None:
    submission = make_submission()
    decide.decline(submission_id=submission.pk, by=make_editor("Author"), reason="Known <since> May.")

    page = text_of(Client().get(link_of(submission)))

    assert "Known &lt;since&gt; May." in page
    assert "<h1>Declined</h1>" in page


def test_the_sender_sees_nothing_of_the_draft_until_it_is_published() -> None:
    submission = make_submission()
    incident = decide.accept(submission_id=submission.pk, by=make_editor("Author"))
    incident.summary = "A word of the editors"
    incident.save()

    before = text_of(Client().get(link_of(submission)))
    publish_incident(incident)
    after = text_of(Client().get(link_of(submission)))

    assert incident.public_id not in before
    assert "A word of the editors" not in before
    assert f'href="/incidents/{incident.public_id}/"' in after


def test_a_wrong_link_is_nothing() -> None:
    make_submission()

    assert Client().get(f"/report/{'0' * 64}/").status_code == 404
    assert Client().get("/report/x/").status_code == 404
    assert Client().post(f"/report/{'0' * 64}/").status_code == 405


def test_nothing_but_the_form_s_own_names_is_read(stamp: str) -> None:
    send(stamp, state="published", partner="1", reference="R-2222-2222", handled_by="1")

    submission = Submission.objects.get()
    assert (submission.state, submission.partner) == ("received", None)
    assert submission.reference != "R-2222-2222"
