"""Public history, any release for ever, the difference between two."""

import pytest
from django.urls import reverse

from incidents.publication.models import Advisory
from tests.factories import make_full_incident, make_incident, publish_incident, withdraw_incident
from tests.incidents.representations.html.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    """An incident with two releases: the second says more."""
    incident = make_incident()
    publish_incident(incident)
    incident.impact = "Payments stood still."
    incident.save()
    publish_incident(incident, reason="The impact is known.")
    return incident


def release_many(incident, count: int) -> None:
    for number in range(count):
        publish_incident(incident, reason=f"Reason {number}.")


def paths(public_id: str) -> list[str]:
    return [
        reverse("advisories:history", args=[public_id]),
        reverse("advisories:release", args=[public_id, 1]),
        reverse("advisories:changes", args=[public_id, 1, 2]),
    ]


def test_the_current_page_is_served_at_the_address_of_the_advisory(client, incident):
    page = Page(client.get(f"/incidents/{incident.public_id}/").content)

    assert page.answers()["What changed"] == "The impact is known. See the difference"
    assert "noindex" not in page.attributes("meta", "content")


def test_the_history_gives_every_release_with_its_reason(client, incident):
    page = Page(client.get(f"/incidents/{incident.public_id}/history/").content)

    assert page.texts("h2") == ["Release 2: update (current)", "Release 1: first publication"]
    assert [text for text in page.texts("p") if text in ("The impact is known.", "First publication.")] == [
        "The impact is known.",
        "First publication.",
    ]


def test_an_earlier_release_stays_and_points_to_the_current_one(client, incident):
    page = Page(client.get(f"/incidents/{incident.public_id}/releases/1/").content)

    assert page.texts("div", "standing")[0].startswith("An earlier release.")
    assert f"/incidents/{incident.public_id}/changes/1..2/" in page.attributes("a", "href")
    assert "Payments stood still." not in "".join(page.texts("article"))
    assert "noindex" in page.attributes("meta", "content")
    assert f"http://127.0.0.1:8000/incidents/{incident.public_id}/" in page.attributes("link", "href")


def test_the_current_release_says_so_at_its_permanent_address(client, incident):
    page = Page(client.get(f"/incidents/{incident.public_id}/releases/2/").content)

    assert "the current one, at its permanent address" in page.texts("div", "standing")[0]


def test_a_release_that_was_withdrawn_since_says_so(client, incident):
    withdraw_incident(incident, reason="It did not happen.")

    page = Page(client.get(f"/incidents/{incident.public_id}/releases/2/").content)

    assert page.texts("div", "standing")[0].startswith("Withdrawn since.")
    assert "It did not happen." in page.texts("div", "standing")[0]
    assert "Payments stood still." in "".join(page.texts("article"))


def test_the_difference_says_what_it_said_what_it_says_and_why(client, incident):
    page = Page(client.get(f"/incidents/{incident.public_id}/changes/1..2/").content)

    assert page.texts("section", "entry") == ["Impact It said Nothing It says Payments stood still."]
    assert "The impact is known." in page.texts("p")
    assert page.texts("ins") == ["underlined", "Payments stood still."]


def test_a_difference_over_several_releases_gives_all_reasons_and_the_steps(client, incident):
    publish_incident(incident, reason="A third time.")

    page = Page(client.get(f"/incidents/{incident.public_id}/changes/1..3/").content)

    assert [text for text in page.texts("p") if text in ("The impact is known.", "A third time.")] == [
        "The impact is known.",
        "A third time.",
    ]
    assert f"/incidents/{incident.public_id}/changes/2..3/" in page.attributes("a", "href")


def test_a_withdrawal_without_other_changes_is_said_to_be_one(client, incident):
    withdraw_incident(incident)

    page = Page(client.get(f"/incidents/{incident.public_id}/changes/2..3/").content)

    assert page.texts("p", "notice") == ["The text of the two releases is the same. Release 3 withdraws it."]


def test_addresses_in_lower_case_lead_to_the_right_ones(client, incident):
    for path in paths(incident.public_id):
        response = client.get(path.replace("INC", "inc"))
        assert (response.status_code, response.url) == (301, path)


def test_a_difference_asked_for_backwards_is_turned_round(client, incident):
    response = client.get(f"/incidents/{incident.public_id}/changes/2..1/")

    assert (response.status_code, response.url) == (301, f"/incidents/{incident.public_id}/changes/1..2/")


@pytest.mark.parametrize("asked", ["from=1&to=2", "from=2&to=1"])
def test_the_form_leads_to_the_difference_between_two_releases(client, incident, asked):
    response = client.get(f"/incidents/{incident.public_id}/changes/?{asked}")

    assert (response.status_code, response.url) == (302, f"/incidents/{incident.public_id}/changes/1..2/")


@pytest.mark.parametrize("asked", ["from=1&to=1", "from=1&to=9", "from=1", "from=x&to=2", "from=%00&to=²"])
def test_the_form_asks_again_where_there_is_nothing_to_compare(client, incident, asked):
    response = client.get(f"/incidents/{incident.public_id}/changes/?{asked}")

    assert response.status_code == 400
    assert "Choose two" in " ".join(Page(response.content).texts("p", "notice-warning"))


def test_the_form_without_a_choice_is_on_the_history_page(client, incident):
    response = client.get(f"/incidents/{incident.public_id}/changes/")

    assert (response.status_code, response.url) == (302, f"/incidents/{incident.public_id}/history/")


def test_the_history_offers_any_two_releases(client, incident):
    page = Page(client.get(f"/incidents/{incident.public_id}/history/").content)

    assert page.attributes("option", "value") == ["2", "1", "2", "1"]
    assert page.attributes("form", "action")[-1] == f"/incidents/{incident.public_id}/changes/"


def test_there_is_nothing_to_choose_with_one_release(client):
    incident = make_incident()
    publish_incident(incident)

    page = Page(client.get(f"/incidents/{incident.public_id}/history/").content)

    assert page.attributes("option", "value") == []


def test_changes_of_substance_stand_apart_from_those_of_wording(client, incident):
    incident.takeaway = "Test the restore."
    incident.save()
    publish_incident(incident, significance="editorial", reason="A clearer end.")

    page = Page(client.get(f"/incidents/{incident.public_id}/changes/1..3/").content)

    assert page.text_of("material").startswith("What readers know or do (1) Impact in release 2")
    assert page.text_of("editorial").startswith("Wording only (1) Takeaway in release 3")


@pytest.mark.parametrize("rest", ["releases/3/", "releases/0/", "changes/1..3/", "changes/0..1/", "changes/2..2/"])
def test_what_was_never_released_is_not_there(client, incident, rest):
    assert client.get(f"/incidents/{incident.public_id}/{rest}").status_code == 404


def test_an_unpublished_incident_is_not_there(client):
    draft = make_incident()

    assert {client.get(path).status_code for path in paths(draft.public_id)} == {404}


@pytest.mark.parametrize("label", ["green", "amber", "amber+strict"])
def test_what_the_public_may_not_see_is_not_there(client, label):
    incident = make_incident(tlp=label)
    publish_incident(incident)
    publish_incident(incident)

    assert {client.get(path).status_code for path in paths(incident.public_id)} == {404}


def test_releases_from_before_a_wider_label_stay_hidden(client):
    incident = make_incident("The quiet title", tlp="green")
    publish_incident(incident, reason="For partners only.")
    incident.tlp = "clear"
    incident.save()
    publish_incident(incident, reason="Now public.")

    history = Page(client.get(f"/incidents/{incident.public_id}/history/").content)

    assert history.texts("h2") == ["Release 2: update (current)"]
    assert "For partners only." not in " ".join(history.texts("main"))
    assert client.get(f"/incidents/{incident.public_id}/releases/1/").status_code == 404
    assert client.get(f"/incidents/{incident.public_id}/changes/1..2/").status_code == 404


def test_pages_set_no_cookie_and_vary_by_nothing_of_the_visitor(client, incident):
    for path in [*paths(incident.public_id), "/about/"]:
        response = client.get(path, headers={"cookie": "_ga=GA1.2.3; consent=yes"})
        assert (dict(response.cookies), response.headers.get("Vary", "")) == ({}, "Accept-Encoding")


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_releases(client, django_assert_num_queries, count):
    incident = make_full_incident()
    release_many(incident, count + 1)
    history, release, changes = paths(incident.public_id)

    whole = reverse("advisories:changes", args=[incident.public_id, 1, count + 1])
    for path, queries in ((history, 1), (release, 2), (changes, 3), (whole, 4 if 2 < count + 1 < 32 else 3)):
        with django_assert_num_queries(queries):
            client.get(path)
    with django_assert_num_queries(0):
        client.get("/about/")


def test_about_explains_every_severity_and_state(client):
    page = Page(client.get("/about/").content)

    assert page.texts("span", "severity") == ["Critical", "High", "Medium", "Low", "Informational"]
    assert page.texts("h1") == ["About Tocsin"]


def test_the_icon_is_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico").url == "/static/icons/favicon.ico"


def test_an_advisory_leads_from_the_projection_to_its_page(incident):
    assert Advisory.objects.get().get_absolute_url() == f"/incidents/{incident.public_id}/"
