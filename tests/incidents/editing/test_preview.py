"""The preview: the very page readers will get, for editors only, kept nowhere."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from incidents.publication import registry
from incidents.publication.document import AdvisoryDocument
from incidents.publication.models import Rendition
from incidents.publication.publish import preview_document
from incidents.publication.registry import get_format
from incidents.record import workflow
from incidents.record.models import Incident
from tests.factories import make_editor, make_full_incident, make_incident, publish_incident

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def preview(incident: Incident, name: str = "preview") -> str:
    return reverse(f"admin:incidents_incident_{name}", args=[incident.pk])


@time_machine.travel("2025-02-01T10:00:00Z", tick=False)
def test_the_preview_is_the_page_the_format_builds(sign_in: SignIn) -> None:
    incident = make_full_incident()

    page = sign_in("Author").get(preview(incident, "preview_page")).content

    assert page == get_format("html").build(preview_document(incident), settings.SITE_URL)


@pytest.mark.parametrize("name", ["preview", "preview_page"])
def test_a_preview_is_kept_nowhere(sign_in: SignIn, name: str) -> None:
    incident = make_full_incident()

    answer = sign_in("Author").get(preview(incident, name))

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert Rendition.objects.count() == 0


def test_the_page_inside_the_frame_can_do_little_and_is_framed_by_us_alone(sign_in: SignIn) -> None:
    answer = sign_in("Author").get(preview(make_full_incident(), "preview_page"))

    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
        "object-src": "'none'",
    }
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_frame_says_that_it_is_a_draft(sign_in: SignIn) -> None:
    page = sign_in("Author").get(preview(make_full_incident())).content.decode()

    assert "Draft. Not published." in page


def test_the_page_can_be_opened_by_itself_to_follow_its_links(sign_in: SignIn) -> None:
    incident = make_full_incident()

    page = sign_in("Author").get(preview(incident)).content.decode()

    assert f'<a href="{preview(incident, "preview_page")}" target="_blank" rel="noopener">' in page


@pytest.mark.parametrize("name", ["preview", "preview_page"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_draft_does_not_leak_to_those_who_may_not_read_it(sign_in: SignIn, name: str, signed_in: bool) -> None:
    incident = make_incident("Zanzibar is leaking")
    client = sign_in() if signed_in else Client()

    answer = client.get(preview(incident, name))

    assert answer.status_code == (403 if signed_in else 302)
    assert b"Zanzibar" not in answer.content


def test_looking_at_a_preview_makes_nothing_public(sign_in: SignIn) -> None:
    incident = make_full_incident("Zanzibar is leaking")
    sign_in("Author").get(preview(incident, "preview_page"))

    answers = [Client().get(f"/incidents/{incident.public_id}{suffix}") for suffix in ("/", ".json", ".md")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_what_is_missing_is_listed_instead_of_a_page(sign_in: SignIn) -> None:
    incident, client = make_incident(summary=""), sign_in("Author")

    frame, page = client.get(preview(incident)), client.get(preview(incident, "preview_page"))

    assert "The summary is empty" in frame.content.decode()
    assert "<iframe" not in frame.content.decode()
    assert page.status_code == 409


def test_a_red_draft_has_no_preview(sign_in: SignIn) -> None:
    page = sign_in("Author").get(preview(make_incident("Zanzibar", tlp="red"), "preview_page"))

    assert page.content.decode() == "TLP:RED is never published. Choose a wider label or keep it as a draft."


def test_the_preview_names_what_differs_from_what_is_public(sign_in: SignIn) -> None:
    incident = make_full_incident()
    publish_incident(incident)
    workflow.note_edit(incident_id=incident.pk, seen_revision=1, by=make_editor("Author"))
    Incident.objects.filter(pk=incident.pk).update(title="A better title")

    answer = sign_in("Author").get(preview(incident))

    assert [(change.label, change.after) for change in answer.context["changes"]] == [("Title", "A better title")]


def test_the_preview_says_the_number_of_the_release_to_come() -> None:
    incident = make_full_incident()
    publish_incident(incident)

    assert preview_document(incident).release.number == 2


def test_a_page_that_cannot_be_built_says_so_in_its_frame(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(document: AdvisoryDocument, base_url: str) -> bytes:
        raise RuntimeError("no paper")

    monkeypatch.setitem(registry._formats, "html", replace(get_format("html"), build=fail))

    answer = sign_in("Author").get(preview(make_full_incident(), "preview_page"))

    assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert answer.content.decode().startswith("It could not be built (RuntimeError: no paper).")
