"""The card of an advisory, for other sites to frame."""

import pytest

from tests.factories import make_full_incident, make_incident, publish_incident, withdraw_incident
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db


def card_of(client, public_id: str) -> Page:
    return Page(client.get(f"/incidents/{public_id}/card/").content)


def test_the_card_says_severity_title_state_label_release_and_last_change(client):
    release = publish_incident(make_full_incident())
    day = f"{release.released_at.day} {release.released_at:%B %Y}"

    (text,) = card_of(client, release.public_id).texts("main")

    assert text == (
        "Tocsin TLP:CLEAR Harbour Bank locked out of its ledgers (opens in a new window) High Contained "
        f"{release.public_id}Release 1Last changed {day}"
    )


def test_the_card_has_no_script_and_no_form_and_its_link_leaves_the_frame(client):
    page = card_of(client, publish_incident(make_full_incident()).public_id)

    assert {tag for tag, _, _ in page.elements} & {"script", "form", "input", "button", "iframe", "base"} == set()
    assert [attributes for tag, attributes, _ in page.elements if tag == "a"] == [
        {
            "href": f"http://127.0.0.1:8000/incidents/{page.texts('span', 'id')[0]}/",
            "target": "_blank",
            "rel": "noopener",
        }
    ]


def test_the_card_follows_the_current_release(client):
    incident = make_incident()
    publish_incident(incident)
    incident.title = "A better title"
    incident.save()
    publish_incident(incident)

    assert card_of(client, incident.public_id).texts("span", "card-title") == ["A better title"]


def test_the_card_of_a_withdrawn_advisory_says_so(client):
    incident = make_incident()
    publish_incident(incident)
    withdraw_incident(incident)

    page = card_of(client, incident.public_id)

    assert page.texts("s") == [incident.title]
    assert page.texts("p", "card-signs") == ["Withdrawn What it said should not be relied on."]


def test_an_address_in_lower_case_leads_to_the_right_one(client):
    response = client.get("/incidents/inc-2025-0001/card/")

    assert (response.status_code, response.url) == (301, "/incidents/INC-2025-0001/card/")


def test_there_is_no_card_of_what_the_public_may_not_see(client):
    green = make_incident(tlp="green")
    publish_incident(green)

    assert client.get(f"/incidents/{green.public_id}/card/").status_code == 404


def test_only_the_card_may_be_framed(client):
    public_id = publish_incident(make_incident()).public_id

    framed = {
        path: "X-Frame-Options" not in client.get(f"/incidents/{public_id}/{path}").headers
        for path in ("", "card/", "history/", "releases/1/")
    }

    assert framed == {"": False, "card/": True, "history/": False, "releases/1/": False}


def test_the_card_takes_one_query(client, django_assert_num_queries):
    public_id = publish_incident(make_full_incident()).public_id

    with django_assert_num_queries(1):
        client.get(f"/incidents/{public_id}/card/")
