"""Changes between two releases, field by field, readable."""

from typing import get_args, get_type_hints

import pytest
from msgspec.structs import replace

from incidents.publication.changes import Change, ChangeKind, changes_between
from incidents.publication.document import AdvisoryDocument, Narrative, Timeline, Value
from incidents.publication.field_names import FIELDS, PART_FIELDS, PARTS
from incidents.record.models import Incident
from incidents.vocabulary.words import Severity
from tests.factories import make_full_incident, publish_incident
from tests.factories.languages import speaking

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    """A document with something in every part."""
    return publish_incident(make_full_incident()).document


def test_a_document_does_not_differ_from_itself(document):
    assert changes_between(document, document) == ()


def test_a_plain_field_says_what_it_said_and_says(document):
    other = replace(document, severity=Severity.CRITICAL)

    assert changes_between(document, other) == (
        Change(path="severity", label="Severity", kind=ChangeKind.CHANGED, before="High", after="Critical"),
    )


def test_dates_are_shown_as_they_are_known(document):
    other = replace(document, timeline=replace(document.timeline, disclosed="2025-01-29", resolved="2025-02"))

    assert changes_between(document, other) == (
        Change(
            path="timeline/disclosed",
            label="Date: disclosed",
            kind=ChangeKind.CHANGED,
            before="January 2025",
            after="29 January 2025",
        ),
        Change(
            path="timeline/resolved", label="Date: resolved", kind=ChangeKind.ADDED, before="", after="February 2025"
        ),
    )


def test_a_part_that_came_or_went_is_one_change(document):
    other = replace(document, sources=document.sources[1:], tags=())

    assert [(change.path, change.kind, change.before) for change in changes_between(document, other)] == [
        ("tags/denial-of-service", ChangeKind.REMOVED, "denial-of-service · denial of service"),
        (
            "sources/1",
            ChangeKind.REMOVED,
            "1 · Statement of the bank · https://bank.example/news · The organisation itself",
        ),
    ]


def test_a_part_that_changed_names_the_field(document):
    source = replace(document.sources[1], archive_url="https://archive.example/1")
    other = replace(document, sources=(document.sources[0], source))

    (change,) = changes_between(document, other)

    assert (change.path, change.label) == ("sources/2/archive_url", "Source 2, archive url")
    assert change.after == "https://archive.example/1"


def test_two_alike_parts_are_told_apart(document):
    other = replace(document, losses=(*document.losses, document.losses[0]))

    assert [change.kind for change in changes_between(document, other)] == [ChangeKind.ADDED]


def test_what_is_said_about_the_release_is_no_change():
    incident = make_full_incident()
    first = publish_incident(incident)
    Incident.objects.update(takeaway="Test both.")

    second = publish_incident(incident)

    assert [change.path for change in changes_between(first.document, second.document)] == ["narrative/takeaway"]


def test_parts_in_another_order_are_a_change(document):
    other = replace(document, sources=document.sources[::-1])

    assert changes_between(document, other) == (
        Change(path="sources/order", label="Source: order", kind=ChangeKind.CHANGED, before="1, 2", after="2, 1"),
    )


def test_every_field_of_a_document_has_a_name():
    hints = get_type_hints(AdvisoryDocument)
    parts = {name: get_args(hint)[0] for name, hint in hints.items() if name in PARTS}
    once = {name for name, hint in hints.items() if hint not in {Narrative, Timeline}} - parts.keys()
    within = {f"{name}/{field}" for name in ("timeline", "narrative") for field in hints[name].__struct_fields__}

    assert {
        name for name in hints if issubclass(get_args(hints[name])[0] if get_args(hints[name]) else str, Value)
    } == {
        *PARTS,
        "history",
    }
    assert once - {"id", "schema_version", "release", "history"} | within == FIELDS.keys()
    named = {field for part in (*parts.values(), Narrative) for field in part.__struct_fields__} - {"narrative"}
    assert named == PART_FIELDS.keys()


def test_paths_are_the_same_in_every_language_and_words_are_not(document, tmp_path):
    other = replace(document, severity=Severity.LOW, affected_services=())
    english = changes_between(document, other)
    messages = {
        ("severity", "Low"): "Malalta",
        ("state of a service", str(document.affected_services[0].impact.label)): "Alia",
        ("field of an advisory", "Severity"): "Graveco",
    }

    with speaking(tmp_path, messages):
        foreign = changes_between(document, other)

    assert [change.path for change in foreign] == [change.path for change in english]
    assert (foreign[0].label, foreign[0].after) == ("Graveco", "Malalta")
