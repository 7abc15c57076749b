"""Writing translations on the page of an incident."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from incidents.audit.models import AuditEntry
from incidents.record.models import Incident
from tests.factories import make_full_incident, make_incident, make_translation, publish_incident
from tests.incidents.editing.sent_form import Sent, add_row, read_sent_form

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def change_url(incident: Incident) -> str:
    return reverse("admin:incidents_incident_change", args=[incident.pk])


def sent_form(client: Client, incident: Incident) -> Sent:
    return read_sent_form(client.get(change_url(incident)).content.decode())


def test_a_translation_is_written_and_makes_the_incident_a_draft_again(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_full_incident()
    publish_incident(incident)
    sent = sent_form(client, incident)
    add_row(sent, "translations", language="ZH-HANS", of_release="1", title="港湾银行", summary="停机一天。")

    answer = client.post(change_url(incident), sent)

    assert answer.status_code == 302, answer.context["errors"]
    incident.refresh_from_db()
    (written,) = incident.translations.all()
    assert (written.language, written.of_release, written.title) == ("zh-Hans", 1, "港湾银行")
    assert (incident.workflow_state, incident.revision) == ("draft", 2)
    assert AuditEntry.objects.filter(act="edit").first().detail["fields"] == ["translations/new"]  # type: ignore[union-attr]


def test_a_new_translation_is_of_the_current_release(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_incident()
    publish_incident(incident)
    publish_incident(incident)

    page = client.get(f"{change_url(incident)}?rows=1").content.decode()

    assert read_sent_form(page)["translations-0-of_release"] == ["2"]
    assert "2 is public now, 3 is the one being written." in page


def test_an_empty_row_is_no_translation(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_incident()
    sent = sent_form(client, incident) | {"title": ["Another title"]}
    add_row(sent, "translations", language="", of_release="7", title="")

    answer = client.post(change_url(incident), sent)

    assert (answer.status_code, incident.translations.count()) == (302, 0)


@pytest.mark.parametrize("language", ["en", "EN"])
def test_a_translation_into_the_language_of_the_incident_is_refused(sign_in: SignIn, language: str) -> None:
    client, incident = sign_in("Author"), make_incident()
    sent = sent_form(client, incident)
    add_row(sent, "translations", language=language, of_release="1", title="The same", summary="Again.")

    page = client.post(change_url(incident), sent).content.decode()

    assert "The incident itself is written in English; a translation is into another language." in page
    assert incident.translations.count() == 0


def test_what_counts_is_the_language_that_is_sent_along(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_incident()
    sent = sent_form(client, incident) | {"language": ["de"]}
    add_row(sent, "translations", language="de", of_release="1", title="Dasselbe", summary="Noch einmal.")

    assert "itself is written in German" in client.post(change_url(incident), sent).content.decode()


def test_a_second_translation_into_a_language_is_refused(sign_in: SignIn) -> None:
    client, incident = sign_in("Author"), make_incident()
    make_translation(incident, "de")
    sent = sent_form(client, incident)
    add_row(sent, "translations", language="DE", of_release="1", title="Noch eine", summary="Noch eine.")

    page = client.post(change_url(incident), sent).content.decode()

    assert "There are two translations into German." in page
    assert incident.translations.count() == 1


def test_the_original_stands_beside_each_text_as_text(sign_in: SignIn) -> None:
    client = sign_in("Author")
    incident = make_full_incident(impact="Payments <b>stood</b> still [^2].")
    make_translation(incident)

    page = client.get(change_url(incident)).content.decode()

    assert 'lang="en" dir="auto">Payments &lt;b&gt;stood&lt;/b&gt; still [^2].</div>' in page
    assert "<b>stood" not in page


def test_who_may_only_read_sees_translations_and_cannot_write_them(sign_in: SignIn) -> None:
    incident = make_incident()
    make_translation(incident, title="Zwiebelkuchen")

    page = sign_in("Publisher").get(change_url(incident)).content.decode()

    assert "Zwiebelkuchen" in page
    assert 'name="translations-0-title"' not in page
