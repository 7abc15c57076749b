"""Publishing in bulk gives exactly what publishing one by one gives."""

import pytest

from incidents.audit.models import AuditEntry
from incidents.publication.audience import PUBLIC
from incidents.publication.bulk import NewIncident, publish_new
from incidents.publication.filters import found_by
from incidents.publication.freeze import NotFit, freezable, freeze
from incidents.publication.models import Advisory, Release, Rendition
from incidents.publication.verify import find_damage
from incidents.record.models import Incident, Source, Update
from incidents.record.workflow import NotAllowed
from incidents.vocabulary.dates import PartialDate
from tests.factories import make_editor, make_published, make_tag

pytestmark = pytest.mark.django_db


def new_incident(title: str, **fields: object) -> NewIncident:
    """An incident in memory with a tag, a source and an update."""
    values = {"summary": "Something happened.", "occurred_from": PartialDate("2025-03"), **fields}
    return NewIncident(
        incident=Incident(title=title, **values),
        tags=[make_tag()],
        parts={
            "sources": [Source(number=1, title="News", url="https://news.example/1")],
            "updates": [Update(at=PartialDate("2025-03-02"), title="Looking into it", cites="1")],
        },
    )


def publish_all(*news: NewIncident) -> list[Release | NotFit]:
    """Publish in bulk, as two people who may."""
    return publish_new(
        news, year_of=[2025] * len(news), author=make_editor("Author"), by=make_editor("Reviewer", "Publisher")
    )


def test_documents_are_those_that_freezing_the_stored_record_gives():
    make_published(occurred_from="2025")

    releases = publish_all(new_incident("One"), new_incident("Two"))

    assert [str(release) for release in releases] == ["INC-2025-0002 release 1", "INC-2025-0003 release 1"]
    for release in Release.objects.filter(sequence__gt=1):
        stored = freezable().get(public_id=release.public_id)
        assert release.document == freeze(stored, release=release.note)


def test_the_ledger_verifies_and_goes_on_afterwards():
    publish_all(new_incident("One"), new_incident("Two"))
    make_published("Three", occurred_from="2025")

    assert list(find_damage()) == []
    assert list(Release.objects.values_list("sequence", flat=True)) == [1, 2, 3]
    assert Advisory.objects.get(title="Three").public_id == "INC-2025-0003"


def test_record_rows_are_published_and_approved_by_somebody_else():
    publish_all(new_incident("One"))

    incident = Incident.objects.get()
    assert (incident.workflow_state, incident.released_number, incident.approved_revision) == ("published", 1, 1)
    assert incident.created_by == incident.changed_by == make_editor("Author")
    assert incident.approved_by == make_editor("Reviewer", "Publisher")
    assert [tag.name for tag in incident.tags.all()] == ["denial of service"]


def test_advisories_are_found_by_their_words_and_rendered_later():
    publish_all(new_incident("A heron at the harbour"), new_incident("Another"))

    found = found_by(Advisory.objects.all(), "heron")
    assert [advisory.title for advisory in found] == ["A heron at the harbour"]
    assert Rendition.objects.count() == 0


def test_an_incident_that_is_not_fit_is_left_out_and_the_rest_published():
    outcomes = publish_all(
        new_incident("One"), new_incident("Two", what_happened="See [^9]."), new_incident("Three", tlp="red")
    )

    assert [isinstance(outcome, NotFit) for outcome in outcomes] == [False, True, True]
    assert list(Incident.objects.values_list("title", flat=True)) == ["One"]
    assert Source.objects.count() == 1
    assert list(find_damage()) == []


def test_the_public_does_not_see_what_is_labelled_for_fewer():
    publish_all(new_incident("Open"), new_incident("Closed", tlp="green"))

    assert [advisory.title for advisory in Advisory.objects.visible_to(PUBLIC)] == ["Open"]


def test_four_eyes_hold_in_bulk_too():
    one = make_editor("Author", "Reviewer", "Publisher")

    with pytest.raises(NotAllowed, match="four eyes"):
        publish_new([new_incident("One")], year_of=[2025], author=one, by=one)

    assert (Incident.objects.count(), Release.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("author", "by"), [((), ("Reviewer", "Publisher")), (("Author",), ("Publisher",)), (("Author",), ("Reviewer",))]
)
def test_both_need_their_rights(author, by):
    with pytest.raises(NotAllowed, match="right"):
        publish_new([new_incident("One")], year_of=[2025], author=make_editor(*author), by=make_editor(*by))


def test_each_incident_has_its_line_in_the_audit_log():
    publish_all(new_incident("One"), new_incident("Two"))

    acts = AuditEntry.objects.filter(act="publish_new").order_by("id").values_list("target_id", "by__email")
    assert list(acts) == [
        ("INC-2025-0001", "reviewer-publisher@example.org"),
        ("INC-2025-0002", "reviewer-publisher@example.org"),
    ]


def test_nothing_to_publish_changes_nothing():
    assert publish_all() == []
