"""Pages that name an advisory name it in their own language, where its release has a translation into that."""

import pytest
from django.test import Client
from django.utils import translation

from incidents.publication.models import Advisory
from incidents.publication.publish import withdraw
from incidents.record.models import Incident
from tests.factories import make_full_incident, make_translation, publish_incident
from tests.factories.people import make_editor

pytestmark = pytest.mark.django_db
GERMAN = 'lang="de" dir="auto">Die Harbour Bank kommt nicht an ihre Bücher'
ORIGINAL = "Harbour Bank locked out of its ledgers"
PLACES = ("/", "/incidents/", "/organizations/harbour-bank/", "/incidents/2025/01/")


@pytest.fixture
def incident() -> Incident:
    """An incident that is published with a translation into German."""
    incident = make_full_incident(ORIGINAL)
    make_translation(incident, "de")
    publish_incident(incident)
    return incident


@pytest.mark.parametrize("place", PLACES)
def test_a_list_uses_the_title_in_its_own_language(client: Client, incident: Incident, place: str) -> None:
    german, french = (client.get(f"/{code}{place}").content.decode() for code in ("de", "fr"))

    assert GERMAN in german
    assert ORIGINAL not in german
    assert f'lang="en" dir="auto">{ORIGINAL}' in french


def test_every_kind_of_page_that_names_it_does(client: Client, incident: Incident) -> None:
    for facet in ("service", "technique", "mitigation", "tag"):
        for term in Advisory.objects.get().terms.filter(facet=facet)[:1]:
            page = client.get(f"/de/{facet}s/{term.value}/").content.decode()
            assert "Die Harbour Bank kommt nicht an ihre Bücher" in page, term
            assert ORIGINAL not in page, term


def test_a_suggestion_does_too(client: Client, incident: Incident) -> None:
    assert "Die Harbour Bank kommt" in client.get("/de/incidents/suggest.json?q=Harbour").content.decode()


def test_a_near_language_counts_and_a_withdrawn_one_is_named_as_it_was_written(incident: Incident) -> None:
    with translation.override("de-AT"):
        assert Advisory.objects.get().heading.language == "de"
    with translation.override("en-GB"):
        assert Advisory.objects.get().heading.text == ORIGINAL
    withdraw(incident_id=incident.pk, by=make_editor("Publisher"), reason="It did not happen.")
    with translation.override("de"):
        assert Advisory.objects.get().heading.text == ORIGINAL
