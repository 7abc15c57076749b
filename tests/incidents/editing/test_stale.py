"""Two editors never overwrite each other silently (INV-EDIT)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from incidents.record.models import Incident
from portal.accounts.models import User
from tests.factories import make_editor, make_full_incident
from tests.incidents.editing.sent_form import Sent, add_row, read_sent_form

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def incident() -> Incident:
    return make_full_incident()


@pytest.fixture
def other() -> User:
    return make_editor("Author", email="other@example.org")


def read(client: Client, incident: Incident) -> Sent:
    return read_sent_form(client.get(url(incident)).content.decode())


def url(incident: Incident) -> str:
    return reverse("admin:incidents_incident_change", args=[incident.pk])


def save(client: Client, incident: Incident, sent: Sent, **changes: str) -> str:
    """Send the form with some values changed; the page one ends on."""
    answer = client.post(url(incident), sent | {name: [value] for name, value in changes.items()}, follow=True)
    return answer.content.decode()


def stale_page(
    sign_in: SignIn, incident: Incident, other: User, mine: dict[str, str], theirs: dict[str, str]
) -> tuple[Client, str]:
    """The page an editor gets who saves after somebody else did."""
    client, rival = sign_in("Author"), sign_in(user=other)
    sent = read(client, incident)
    save(rival, incident, read(rival, incident), **theirs)
    return client, save(client, incident, sent, **mine)


def test_a_stale_form_is_refused_and_nothing_is_saved(sign_in: SignIn, incident: Incident, other: User) -> None:
    _, page = stale_page(sign_in, incident, other, {"title": "Mine"}, {"title": "Theirs"})

    incident.refresh_from_db()
    assert (incident.title, incident.revision) == ("Theirs", 2)
    assert "saved this incident while you were writing" in page


def test_a_stale_form_shows_both_versions_and_who_saved(sign_in: SignIn, incident: Incident, other: User) -> None:
    other.full_name = "Olga Other"
    other.save()

    _, page = stale_page(sign_in, incident, other, {"title": "Mine"}, {"title": "Theirs"})

    panel = page.partition('class="conflict"')[2].partition("</section>")[0]
    assert [text in panel for text in ("Mine", "Theirs", "Olga Other")] == [True, True, True]


def test_a_stale_form_keeps_everything_that_was_typed(sign_in: SignIn, incident: Incident, other: User) -> None:
    mine = {"title": "Mine", "takeaway": "My *words*", "attacks-0-description": "My step"}

    _, page = stale_page(sign_in, incident, other, mine, {"title": "Theirs"})

    again = read_sent_form(page)
    assert {name: again[name][0] for name in mine} == mine


def test_only_what_the_other_one_changed_needs_a_choice(sign_in: SignIn, incident: Incident, other: User) -> None:
    mine = {"title": "Mine", "takeaway": "My words"}

    _, page = stale_page(sign_in, incident, other, mine, {"title": "Theirs", "impact": "Their impact"})

    assert read_sent_form(page)["differs"] == ["title", "impact"]


@pytest.mark.parametrize(("choice", "title"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_after_looking_the_chosen_version_is_saved(
    sign_in: SignIn, incident: Incident, other: User, choice: str, title: str
) -> None:
    client, page = stale_page(sign_in, incident, other, {"title": "Mine", "takeaway": "My words"}, {"title": "Theirs"})

    save(client, incident, read_sent_form(page), **{"choice:title": choice, "revision_seen_now": "2"})

    incident.refresh_from_db()
    assert (incident.title, incident.takeaway, incident.revision) == (title, "My words", 3)


def test_without_a_choice_nothing_is_overwritten(sign_in: SignIn, incident: Incident, other: User) -> None:
    client, page = stale_page(sign_in, incident, other, {"title": "Mine"}, {"title": "Theirs"})

    page = save(client, incident, read_sent_form(page), revision_seen_now="2")

    incident.refresh_from_db()
    assert (incident.title, incident.revision) == ("Theirs", 2)
    assert read_sent_form(page)["differs"] == ["title"]


def test_a_third_save_in_between_is_noticed_too(sign_in: SignIn, incident: Incident, other: User) -> None:
    client, page = stale_page(sign_in, incident, other, {"title": "Mine"}, {"title": "Theirs"})
    rival = sign_in(user=other)
    save(rival, incident, read(rival, incident), title="Theirs again")

    save(client, incident, read_sent_form(page), **{"choice:title": "mine", "revision_seen_now": "2"})

    incident.refresh_from_db()
    assert (incident.title, incident.revision) == ("Theirs again", 3)


def test_a_form_that_hides_its_revision_is_stale(sign_in: SignIn, incident: Incident) -> None:
    client = sign_in("Author")

    save(client, incident, read(client, incident), title="Mine", revision="")

    incident.refresh_from_db()
    assert incident.revision == 1


def test_rows_can_be_chosen_field_by_field(sign_in: SignIn, incident: Incident, other: User) -> None:
    client, page = stale_page(
        sign_in,
        incident,
        other,
        {"sources-0-title": "My source", "sources-1-title": "My report"},
        {"sources-0-title": "Their source", "sources-1-title": "Their report"},
    )
    choices = {"choice:sources-0-title": "theirs", "choice:sources-1-title": "mine", "revision_seen_now": "2"}

    save(client, incident, read_sent_form(page), **choices)

    assert [source.title for source in incident.sources.all()] == ["Their source", "My report"]


def test_a_row_the_other_one_added_stays(sign_in: SignIn, incident: Incident, other: User) -> None:
    client, rival = sign_in("Author"), sign_in(user=other)
    sent, theirs = read(client, incident), read(rival, incident)
    add_row(theirs, "sources", title="Their source", url="https://their.example/", kind="news")
    save(rival, incident, theirs)

    page = save(client, incident, sent, title="Mine")
    assert "Source: [3] Their source" in page
    save(client, incident, read_sent_form(page), revision_seen_now="2")

    incident.refresh_from_db()
    assert (incident.title, incident.sources.count()) == ("Mine", 3)


@pytest.mark.parametrize(("choice", "count"), [("mine", 3), ("theirs", 2)])
def test_a_row_the_other_one_removed_comes_back_or_goes(
    sign_in: SignIn, incident: Incident, other: User, choice: str, count: int
) -> None:
    mine = {"attacks-0-description": "I wrote this for an hour."}
    client, page = stale_page(sign_in, incident, other, mine, {"attacks-0-DELETE": "on"})
    assert incident.attacks.count() == 2

    save(client, incident, read_sent_form(page), **{"choice:attacks-0-id": choice, "revision_seen_now": "2"})

    assert incident.attacks.count() == count
    assert incident.attacks.filter(description="I wrote this for an hour.").exists() == (choice == "mine")


@pytest.mark.parametrize(("choice", "count"), [("mine", 2), ("theirs", 3)])
def test_a_row_that_i_remove_and_the_other_one_changed(
    sign_in: SignIn, incident: Incident, other: User, choice: str, count: int
) -> None:
    client, page = stale_page(
        sign_in, incident, other, {"attacks-0-DELETE": "on"}, {"attacks-0-description": "They wrote this."}
    )

    save(client, incident, read_sent_form(page), **{"choice:attacks-0-DELETE": choice, "revision_seen_now": "2"})

    assert incident.attacks.count() == count
    assert incident.attacks.filter(description="They wrote this.").exists() == (choice == "theirs")
