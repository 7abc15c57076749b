"""ATLAS case studies: what becomes of each field, what is reported, and that taking in twice changes nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from incidents.audit.models import AuditEntry
from incidents.catalogue.models import Organization, Tactic, Technique, ThreatActor
from incidents.intake.atlas.translate import read_case_studies
from incidents.intake.models import IntakeMark
from incidents.intake.reading import IntakeFileError
from incidents.intake.take_in import Outcome, take_in
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Release
from incidents.publication.verify import find_damage
from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed
from tests.factories import make_actor, make_editor, make_organization, make_technique

pytestmark = pytest.mark.django_db

STUDY: dict[str, Any] = {
    "id": "AML.CS0001",
    "name": "Poisoned chatbot",
    "object-type": "case-study",
    "summary": "A bot by Microsoft was taught bad manners. It was closed after a day.\n\nMore in [the matrix](/matrices/ATLAS).",
    "incident-date": "2016-03-23",
    "incident-date-granularity": "DATE",
    "procedure": [
        {"tactic": "AML.TA0004", "technique": "AML.T0047", "description": "They talked to it."},
        {"tactic": "AML.TA0006", "technique": "AML.T0020", "description": "It [learnt](../techniques/AML.T0020)."},
    ],
    "target": "Microsoft's Tay chatbot",
    "actor": "Some Users",
    "reporter": "Cato CTRL",
    "case-study-type": "incident",
    "references": [{"title": "What we learnt", "url": "https://blog.example/tay/"}],
}


def atlas(*changes: dict[str, Any]) -> dict[str, Any]:
    """A small ATLAS.yaml with one case study for each set of changes."""
    return {
        "version": "9.9",
        "matrices": [
            {"tactics": [{"id": "AML.TA0004", "name": "Initial Access"}, {"id": "AML.TA0006", "name": "Persistence"}]}
        ],
        "case-studies": [{**STUDY, "id": f"AML.CS{number:04}", **change} for number, change in enumerate(changes, 1)],
    }


@pytest.fixture
def catalogue() -> None:
    """The techniques that the case study names."""
    make_technique("AML.T0047", "AI-Enabled Product or Service")
    make_technique("AML.T0020", "Poison Training Data")


@pytest.fixture
def write(tmp_path: Path, catalogue: None) -> Any:
    """Writes an ATLAS.yaml of case studies with these changes."""

    def write_file(*changes: dict[str, Any]) -> Path:
        path = tmp_path / "ATLAS.yaml"
        path.write_text(yaml.safe_dump(atlas(*changes), allow_unicode=True))
        return path

    return write_file


def take(path: Path) -> Outcome:
    """Take a file in, as an author."""
    return take_in(read_case_studies(path), by=make_editor("Author"))


def topics(outcome: Outcome) -> list[str]:
    """What was remarked on, in order."""
    return [remark.topic for remark in outcome.remarks]


def test_a_case_study_becomes_a_draft(write):
    take(write({}))

    incident = Incident.objects.get()
    assert (incident.public_id, incident.workflow_state, incident.title) == (
        "INC-2016-0001",
        "draft",
        "Poisoned chatbot",
    )
    assert (incident.occurred_from, incident.is_exercise, incident.severity) == ("2016-03-23", False, "medium")
    assert incident.summary == "A bot by Microsoft was taught bad manners. It was closed after a day."
    assert incident.who_is_affected == "Microsoft's Tay chatbot"
    assert incident.what_happened == (
        "A bot by Microsoft was taught bad manners. It was closed after a day.\n\n"
        "More in [the matrix](https://atlas.mitre.org/matrices/ATLAS).\n\n"
        "*Adapted from MITRE ATLAS case study AML.CS0001, © The MITRE Corporation, under the Apache License 2.0.* [^1]"
    )


def test_steps_keep_their_order_tactic_and_prose(write):
    take(write({}))

    assert list(
        Incident.objects.get().attacks.values_list(
            "order", "technique__external_id", "tactic", "certainty", "description"
        )
    ) == [
        (1, "AML.T0047", "initial-access", "observed", "They talked to it."),
        (2, "AML.T0020", "persistence", "observed", "It [learnt](https://atlas.mitre.org/techniques/AML.T0020)."),
    ]


def test_the_page_at_atlas_is_the_first_source_and_references_follow(write):
    take(write({}))

    assert list(Incident.objects.get().sources.values_list("number", "url", "publisher")) == [
        (1, "https://atlas.mitre.org/studies/AML.CS0001", "MITRE ATLAS"),
        (2, "https://blog.example/tay/", ""),
    ]


def test_target_and_reporter_become_organizations(write):
    make_organization("Microsoft", slug="microsoft")

    take(write({}))

    incident = Incident.objects.get()
    assert incident.organization == Organization.objects.get(slug="microsoft")
    assert [str(one) for one in incident.involved.all()] == ["Cato Networks, reporter"]


def test_a_target_that_names_several_organizations_involves_them_all(write):
    take(write({"target": "Google Translate, Bing Translator, Systran Translate", "reporter": ""}))

    incident = Incident.objects.get()
    assert str(incident.organization) == "Google"
    assert [str(one) for one in incident.involved.all()] == ["Microsoft, victim", "Systran, victim"]


@pytest.mark.parametrize(("granularity", "date"), [("YEAR", "2016"), ("MONTH", "2016-03"), ("DATE", "2016-03-23")])
def test_a_date_is_kept_as_exactly_as_it_is_known(write, granularity, date):
    take(write({"incident-date-granularity": granularity}))

    assert Incident.objects.get().occurred_from == date


def test_an_exercise_is_marked_and_its_team_is_no_stranger(write):
    take(write({"case-study-type": "exercise", "actor": "Quiet Harbour Labs", "reporter": ""}))

    incident = Incident.objects.get()
    claim = incident.attributions.get()
    assert (incident.is_exercise, incident.severity, incident.organization_role) == (True, "informational", "operator")
    assert (claim.actor and claim.actor.kind, claim.status) == ("researcher", "confirmed")
    assert incident.who_is_responsible == "This was an exercise by Quiet Harbour Labs, not an attack. [^1]"


@pytest.mark.parametrize("actor", ["Unknown", "unknown threat actor", "Unknown Bad Actor", "One individual", ""])
def test_where_nobody_is_named_nobody_is_made_up(write, actor):
    take(write({"actor": actor}))

    claim = Incident.objects.get().attributions.get()
    assert (claim.actor, claim.status) == (None, "unclaimed")
    assert ThreatActor.objects.count() == 0


def test_an_actor_is_found_under_another_name_and_only_suspected(write):
    known = make_actor("Grey Heron", aliases=["Some Users"])

    take(write({}))

    claim = Incident.objects.get().attributions.get()
    assert (claim.actor, claim.status, claim.said_by) == (known, "suspected", "Cato Networks")


def test_several_accused_in_one_text_are_left_to_the_editors(write):
    outcome = take(write({"actor": "DeepSeek, Moonshot AI, MiniMax"}))

    claim = Incident.objects.get().attributions.get()
    assert (claim.actor, claim.status) == (None, "suspected")
    assert "DeepSeek, Moonshot AI, MiniMax" in claim.basis
    assert topics(outcome) == ["several actors in one text"]


def test_a_step_with_an_unknown_technique_is_told_in_the_narrative_and_reported(write):
    Technique.objects.filter(external_id="AML.T0020").delete()

    outcome = take(write({}))

    incident = Incident.objects.get()
    assert [attack.technique.external_id for attack in incident.attacks.all()] == ["AML.T0047"]
    assert "### Further steps\n\n**AML.T0020 (persistence):** It [learnt]" in incident.what_happened
    assert topics(outcome) == ["unknown technique"]


def test_taking_in_twice_changes_nothing(write):
    take(write({}, {"name": "Another"}))
    before = list(Incident.objects.values())

    outcome = take(write({}, {"name": "Another"}))

    assert (outcome.created, outcome.known, outcome.remarks) == ([], 2, [])
    assert list(Incident.objects.values()) == before


def test_a_change_in_the_source_is_reported_and_the_record_left_alone(write):
    take(write({}))

    outcome = take(write({"name": "Another name"}))

    assert topics(outcome) == ["changed in the source"]
    assert Incident.objects.get().title == "Poisoned chatbot"


@pytest.mark.parametrize(
    ("change", "topic"),
    [
        ({"case-study-type": "rumour"}, "unreadable case study"),
        ({"incident-date": "Late 2016"}, "unreadable case study"),
        ({"name": None}, "unreadable case study"),
        ({"summary": "x" * 50_001}, "unreadable case study"),
        ({"id": "AML.CS0002"}, "unreadable case study"),
        ({"incident-date": "0001-01-01"}, "not taken in"),
    ],
)
def test_a_case_study_that_does_not_fit_does_not_hold_up_the_rest(write, change, topic):
    outcome = take(write(change, {}))

    assert (len(outcome.created), outcome.refused) == (1, 1)
    assert topic in topics(outcome)


@pytest.mark.parametrize(
    ("change", "topic"),
    [
        ({"references": [{"title": "Bad", "url": "javascript:alert(1)"}]}, "reference without a usable address"),
        ({"references": [{"title": "Bad", "url": None}]}, "reference without a usable address"),
        ({"summary": "A [link](javascript:alert(1)) here."}, "link that leads nowhere"),
        ({"name": "A name " * 40}, "too long"),
        ({"references": [{"title": "t" * 400, "url": "https://x.example/"}]}, "too long"),
        ({"target": "Somebody's thing"}, "target that is no organisation we know"),
        ({"note-to-self": "x"}, "property without a place: note-to-self"),
        ({"procedure": [{"tactic": "AML.TA9999", "technique": "AML.T0020"}]}, "unknown tactic"),
    ],
)
def test_what_cannot_be_mapped_is_reported_and_the_draft_made_all_the_same(write, change, topic):
    outcome = take(write(change))

    assert (topics(outcome), len(outcome.created)) == ([topic], 1)


def test_a_reference_without_an_address_is_kept_in_the_narrative(write):
    take(write({"references": [{"title": "A talk", "url": None}]}))

    assert "without a usable address:\n\n- A talk" in Incident.objects.get().what_happened


def test_a_relative_reference_leads_to_atlas(write):
    take(write({"references": [{"title": "Case", "url": "/studies/AML.CS0009"}]}))

    assert Incident.objects.get().sources.get(number=2).url == "https://atlas.mitre.org/studies/AML.CS0009"


def test_characters_that_no_database_stores_are_dropped(write, tmp_path):
    path = tmp_path / "hostile.yaml"
    path.write_text(json.dumps(atlas({"summary": "a\0b", "target": "x\0y", "actor": "u\0v", "name": "n\0m"})))

    take(path)

    incident = Incident.objects.get()
    assert (incident.title, incident.summary, incident.who_is_affected) == ("nm", "ab", "xy")


@pytest.mark.parametrize("content", ["a: b", "[1, 2]", "case-studies: 3", "\0"])
def test_a_file_that_is_not_atlas_is_refused(tmp_path, content):
    path = tmp_path / "other.yaml"
    path.write_text(content)

    with pytest.raises(IntakeFileError, match=r"other\.yaml"):
        read_case_studies(path)


def test_only_an_author_may_take_in(write):
    with pytest.raises(NotAllowed, match="right"):
        take_in(read_case_studies(write({})), by=make_editor("Publisher"))


def test_the_command_summarises_reports_and_logs(write, tmp_path):
    said, report = StringIO(), tmp_path / "report.jsonl"

    call_command("intake", "atlas", write({"target": "Somebody's thing"}), "--report", report, stdout=said)

    assert said.getvalue().splitlines()[-1] == (
        "atlas 9.9: 1 taken in as drafts, 0 known already, 0 refused, 1 remarks."
    )
    assert [json.loads(line)["topic"] for line in report.read_text().splitlines()] == [
        "target that is no organisation we know"
    ]
    assert list(AuditEntry.objects.order_by("id").values_list("act", "origin", "by__email")) == [
        ("create", "command intake", "intake@localhost"),
        ("intake", "command intake", "intake@localhost"),
    ]


def test_a_dry_run_stores_nothing(write):
    call_command("intake", "atlas", write({}), "--dry-run", stdout=StringIO())

    assert (Incident.objects.count(), IntakeMark.objects.count(), Organization.objects.count()) == (0, 0, 0)


def test_the_command_fails_when_a_row_was_refused(write):
    with pytest.raises(CommandError, match="1 could not become a draft"):
        call_command("intake", "atlas", write({"name": None}, {}), stdout=StringIO())

    assert Incident.objects.count() == 1


def test_an_unknown_author_is_refused(write):
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        call_command("intake", "atlas", write({}), "--by", "nobody@example.org")


def publish_command(*arguments: str) -> str:
    """Run `publish` and return what it says."""
    said = StringIO()
    call_command("publish", *arguments, stdout=said, stderr=said, verbosity=0)
    return said.getvalue().strip()


def test_what_was_taken_in_is_published_by_somebody_else(write):
    take(write({}, {"name": "Another"}))
    chief = make_editor("Reviewer", "Publisher")

    assert publish_command("--intake", "atlas", "--by", chief.email) == "2 published, 0 refused."

    assert [advisory.title for advisory in Advisory.objects.order_by("public_id")] == ["Poisoned chatbot", "Another"]
    acts = AuditEntry.objects.filter(origin="command publish").order_by("id").values_list("act", "by__email")[:3]
    assert list(acts) == [("submit", "author@example.org"), ("approve", chief.email), ("publish", chief.email)]
    assert publish_command("--intake", "atlas", "--by", chief.email) == "No draft of atlas waits to be published."


def test_the_author_cannot_publish_what_he_took_in(write):
    everything = make_editor("Author", "Reviewer", "Publisher")
    take_in(read_case_studies(write({})), by=everything)

    with pytest.raises(CommandError, match="1 of 1 were refused"):
        publish_command("--intake", "atlas", "--by", everything.email)

    assert (Release.objects.count(), Incident.objects.get().workflow_state) == (0, "draft")


def test_rights_of_a_reviewer_and_a_publisher_are_needed(write):
    take(write({}))

    for roles in (("Reviewer",), ("Publisher",), ()):
        with pytest.raises(CommandError, match="refused"):
            publish_command("--intake", "atlas", "--by", make_editor(*roles).email)

    assert Incident.objects.get().workflow_state == "draft"


def test_one_unfit_draft_does_not_hold_up_the_rest(write):
    take(write({}, {"summary": " "}))

    with pytest.raises(CommandError, match="1 of 2"):
        publish_command("--intake", "atlas", "--by", make_editor("Reviewer", "Publisher").email)

    assert [advisory.title for advisory in Advisory.objects.all()] == ["Poisoned chatbot"]


def test_a_deleted_draft_is_taken_in_again(write):
    take(write({}))
    Incident.objects.get().delete()

    outcome = take(write({}))

    assert [incident.public_id for incident in outcome.created] == ["INC-2016-0002"]


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


def test_the_command_publishes_one_approved_incident(write):
    take(write({}))
    chief = make_editor("Reviewer", "Publisher").email

    with pytest.raises(CommandError, match="not possible"):
        publish_command("INC-2016-0001", "--by", chief)
    with pytest.raises(CommandError, match="There is no incident"):
        publish_command("INC-2016-0009", "--by", chief)
    with pytest.raises(CommandError, match="either"):
        publish_command("--by", chief)
    assert get_user_model().objects.filter(email=chief).exists()
