"""`manage.py publish`: what was taken in, or one incident, through the gate by somebody else."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from incidents.audit.models import AuditEntry
from incidents.catalogue.models import Tactic
from incidents.intake.atlas.translate import read_case_studies
from incidents.intake.take_in import take_in
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Release
from incidents.publication.verify import find_damage
from incidents.record.models import Incident
from tests.factories import make_editor
from tests.incidents.intake.case_study import take

pytestmark = pytest.mark.django_db


def publish_command(*arguments: str) -> str:
    """Run `publish` and return what it says."""
    said = StringIO()
    call_command("publish", *arguments, stdout=said, stderr=said, verbosity=0)
    return said.getvalue().strip()


def test_what_was_taken_in_is_published_by_somebody_else(write_studies):
    take(write_studies({}, {"name": "Another"}))
    chief = make_editor("Reviewer", "Publisher")

    assert publish_command("--intake", "atlas", "--by", chief.email) == "2 published, 0 refused."

    assert [advisory.title for advisory in Advisory.objects.order_by("public_id")] == ["Poisoned chatbot", "Another"]
    acts = AuditEntry.objects.filter(origin="command publish").order_by("id").values_list("act", "by__email")[:3]
    assert list(acts) == [("submit", "author@example.org"), ("approve", chief.email), ("publish", chief.email)]
    assert publish_command("--intake", "atlas", "--by", chief.email) == "No draft of atlas waits to be published."


def test_the_author_cannot_publish_what_he_took_in(write_studies):
    everything = make_editor("Author", "Reviewer", "Publisher")
    take_in(read_case_studies(write_studies({})), by=everything)

    with pytest.raises(CommandError, match="1 of 1 were refused"):
        publish_command("--intake", "atlas", "--by", everything.email)

    assert (Release.objects.count(), Incident.objects.get().workflow_state) == (0, "draft")


def test_rights_of_a_reviewer_and_a_publisher_are_needed(write_studies):
    take(write_studies({}))

    for roles in (("Reviewer",), ("Publisher",), ()):
        with pytest.raises(CommandError, match="refused"):
            publish_command("--intake", "atlas", "--by", make_editor(*roles).email)

    assert Incident.objects.get().workflow_state == "draft"


def test_one_unfit_draft_does_not_hold_up_the_rest(write_studies):
    take(write_studies({}, {"summary": " "}))

    with pytest.raises(CommandError, match="1 of 2"):
        publish_command("--intake", "atlas", "--by", make_editor("Reviewer", "Publisher").email)

    assert [advisory.title for advisory in Advisory.objects.all()] == ["Poisoned chatbot"]


def test_one_draft_that_cannot_be_built_does_not_hold_up_the_rest(write_studies, break_building):
    take(write_studies({}, {"name": "Another"}))
    faulty = Incident.objects.get(title="Another")
    break_building(RuntimeError("no paper"), faulty)
    said, by = StringIO(), make_editor("Reviewer", "Publisher").email

    with pytest.raises(CommandError, match="1 of 2"):
        call_command("publish", "--intake", "atlas", "--by", by, stdout=said, stderr=said, verbosity=0)

    assert f"{faulty.public_id}: It could not be built (RuntimeError: no paper)." in said.getvalue()
    assert [advisory.title for advisory in Advisory.objects.all()] == ["Poisoned chatbot"]
    faulty.refresh_from_db()
    assert faulty.workflow_state == "draft"


@pytest.mark.slow
def test_all_real_case_studies_become_pages_that_can_be_read(test_data, client):
    path = test_data / "atlas" / "ATLAS.yaml"
    call_command("import_catalogue", "atlas", path, stdout=StringIO(), verbosity=0)
    call_command("intake", "atlas", path, stdout=StringIO(), verbosity=0)
    chief = make_editor("Reviewer", "Publisher")

    assert publish_command("--intake", "atlas", "--by", chief.email) == "57 published, 0 refused."

    assert Tactic.objects.filter(framework="atlas").count() == 16
    steps = sum(len(advisory.document.attacks) for advisory in Advisory.objects.visible_to(PUBLIC))
    assert (steps, list(find_damage())) == (449, [])
    for advisory in Advisory.objects.all():
        answer = client.get(advisory.get_absolute_url())
        page = answer.content.decode()
        assert (answer.status_code, advisory.public_id in page) == (200, True)
        assert [word for word in ("&lt;span", "&lt;div", "&lt;sup", "javascript:") if word in page] == []


def test_the_command_publishes_one_approved_incident(write_studies):
    take(write_studies({}))
    chief = make_editor("Reviewer", "Publisher").email

    with pytest.raises(CommandError, match="not possible"):
        publish_command("INC-2016-0001", "--by", chief)
    with pytest.raises(CommandError, match="There is no incident"):
        publish_command("INC-2016-0009", "--by", chief)
    with pytest.raises(CommandError, match="either"):
        publish_command("--by", chief)
    assert get_user_model().objects.filter(email=chief).exists()
