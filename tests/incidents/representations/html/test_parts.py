"""The marks by which a reader's browser sees what changed since it was here."""

import pytest
from msgspec.structs import replace

from incidents.publication.document import AdvisoryDocument, Narrative, Timeline, UpdateNote
from incidents.representations.html.build import Standing, build_html, render_advisory
from incidents.representations.html.parts import parts_of
from incidents.vocabulary.words import Severity, UpdateKind
from tests.factories import make_full_incident, publish_incident
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.html.reading import Page

BASE = "https://tocsin.example"


def differing(old: AdvisoryDocument, new: AdvisoryDocument) -> list[str]:
    before = {part.key: part.mark for part in parts_of(old)}
    return [part.key for part in parts_of(new) if before.get(part.key) != part.mark]


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ({}, []),
        ({"severity": Severity.HIGH}, ["severity"]),
        ({"what_to_do_now": "Wait."}, ["to-do"]),
        ({"timeline": Timeline(detected="2025-01")}, ["dates"]),
        ({"narrative": Narrative(impact="Payments stood still.")}, ["impact"]),
        ({"updates": (UpdateNote(at="2025-01", kind=UpdateKind.MONITORING, title="Calm"),)}, ["update-1"]),
        ({"title": "Another", "narrative": Narrative(takeaway="Test.")}, ["title", "takeaway"]),
    ],
)
def test_the_mark_of_a_part_changes_with_its_content_alone(change, keys):
    old = make_document()

    assert differing(old, replace(old, **change)) == keys


def test_the_same_date_in_another_field_is_a_change():
    old = make_document(timeline=Timeline(detected="2025-01"))

    assert differing(old, replace(old, timeline=Timeline(disclosed="2025-01"))) == ["dates"]


def test_a_new_release_alone_changes_no_mark():
    old = make_document()

    assert differing(old, replace(old, release=make_note(2), history=(make_note(1), make_note(2)))) == []


@pytest.mark.django_db
def test_every_part_that_is_there_leads_to_a_place_on_the_page():
    document = publish_incident(make_full_incident()).document
    page = Page(build_html(document, BASE))

    ids = {attributes["id"] for _, attributes, _ in page.elements if "id" in attributes}
    assert [part.anchor for part in parts_of(document) if part.is_there and part.anchor not in ids] == []


def test_the_release_for_ever_does_not_count_as_a_visit():
    document = make_document()

    page = Page(render_advisory(document, BASE, Standing(current=document.release, is_withdrawn=False)))

    assert page.attributes("div", "data-visits") == []
    assert Page(build_html(document, BASE)).attributes("div", "data-visits") == ["INC-2025-0001"]


def test_the_notice_is_hidden_until_the_browser_knows_of_an_earlier_visit():
    page = Page(build_html(make_document(), BASE))

    (notice,) = [attributes for _, attributes, _ in page.elements if "data-visits" in attributes]
    assert "hidden" in notice


def test_two_hundred_updates_make_the_list_no_longer_than_twenty():
    updates = tuple(
        UpdateNote(at=f"2025-01-{day:02}T{hour:02}:00Z", kind=UpdateKind.MONITORING, title="Calm")
        for day in range(1, 11)
        for hour in range(20)
    )

    assert sum(part.key.startswith("update-") for part in parts_of(make_document(updates=updates))) == 20
