"""INV-ONE: every registered format says the same release and builds the same bytes twice."""

import pytest

from incidents.publication.registry import Format, formats, get_format, register
from incidents.representations.formats import FORMATS
from tests.factories import make_full_incident, make_incident, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db
BASE = "https://tocsin.example"


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("make", [make_full_incident, make_incident])
def test_a_format_builds_the_same_bytes_twice(form, make):
    incident = make()

    for release in (publish_incident(incident), withdraw_incident(incident)):
        assert form.build(release.document, BASE) == form.build(release.document, BASE)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_format_says_id_title_release_and_reason(form):
    incident = make_full_incident()
    publish_incident(incident)
    release = publish_incident(incident, reason="The figures were wrong.")

    built = form.build(release.document, BASE)

    said = (release.public_id, incident.title, "The figures were wrong.")
    assert [words for words in said if words.encode() not in built] == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_format_is_registered_under_its_name_and_suffix(form):
    assert get_format(form.name) is form
    assert form in formats()
    assert form.suffix == "/" or form.suffix.startswith(".")


def test_two_formats_cannot_share_a_suffix():
    with pytest.raises(ValueError, match=r"\.json"):
        register(Format("other", ".json", "text/plain", "Other", lambda document, base_url: b"", ()))
