"""ATLAS case studies: what becomes of each field, what is reported, and that taking in twice changes nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from incidents.audit.models import AuditEntry
from incidents.catalogue.models import Organization, Technique, ThreatActor
from incidents.intake.atlas.translate import read_case_studies
from incidents.intake.models import IntakeMark
from incidents.intake.reading import IntakeFileError
from incidents.intake.take_in import Outcome, take_in
from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed
from tests.factories import make_actor, make_editor, make_organization
from tests.incidents.intake.case_study import atlas, take

pytestmark = pytest.mark.django_db


def topics(outcome: Outcome) -> list[str]:
    """What was remarked on, in order."""
    return [remark.topic for remark in outcome.remarks]


def test_a_case_study_becomes_a_draft(write_studies):
    take(write_studies({}))

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


def test_steps_keep_their_order_tactic_and_prose(write_studies):
    take(write_studies({}))

    assert list(
        Incident.objects.get().attacks.values_list(
            "order", "technique__external_id", "tactic", "certainty", "description"
        )
    ) == [
        (1, "AML.T0047", "initial-access", "observed", "They talked to it."),
        (2, "AML.T0020", "persistence", "observed", "It [learnt](https://atlas.mitre.org/techniques/AML.T0020)."),
    ]


def test_the_page_at_atlas_is_the_first_source_and_references_follow(write_studies):
    take(write_studies({}))

    assert list(Incident.objects.get().sources.values_list("number", "url", "publisher")) == [
        (1, "https://atlas.mitre.org/studies/AML.CS0001", "MITRE ATLAS"),
        (2, "https://blog.example/tay/", ""),
    ]


def test_target_and_reporter_become_organizations(write_studies):
    make_organization("Microsoft", slug="microsoft")

    take(write_studies({}))

    incident = Incident.objects.get()
    assert incident.organization == Organization.objects.get(slug="microsoft")
    assert [str(one) for one in incident.involved.all()] == ["Cato Networks, reporter"]


def test_a_target_that_names_several_organizations_involves_them_all(write_studies):
    take(write_studies({"target": "Google Translate, Bing Translator, Systran Translate", "reporter": ""}))

    incident = Incident.objects.get()
    assert str(incident.organization) == "Google"
    assert [str(one) for one in incident.involved.all()] == ["Microsoft, victim", "Systran, victim"]


@pytest.mark.parametrize(("granularity", "date"), [("YEAR", "2016"), ("MONTH", "2016-03"), ("DATE", "2016-03-23")])
def test_a_date_is_kept_as_exactly_as_it_is_known(write_studies, granularity, date):
    take(write_studies({"incident-date-granularity": granularity}))

    assert Incident.objects.get().occurred_from == date


def test_an_exercise_is_marked_and_its_team_is_no_stranger(write_studies):
    take(write_studies({"case-study-type": "exercise", "actor": "Quiet Harbour Labs", "reporter": ""}))

    incident = Incident.objects.get()
    claim = incident.attributions.get()
    assert (incident.is_exercise, incident.severity, incident.organization_role) == (True, "informational", "operator")
    assert (claim.actor and claim.actor.kind, claim.status) == ("researcher", "confirmed")
    assert incident.who_is_responsible == "This was an exercise by Quiet Harbour Labs, not an attack. [^1]"


@pytest.mark.parametrize("actor", ["Unknown", "unknown threat actor", "Unknown Bad Actor", "One individual", ""])
def test_where_nobody_is_named_nobody_is_made_up(write_studies, actor):
    take(write_studies({"actor": actor}))

    claim = Incident.objects.get().attributions.get()
    assert (claim.actor, claim.status) == (None, "unclaimed")
    assert ThreatActor.objects.count() == 0


def test_an_actor_is_found_under_another_name_and_only_suspected(write_studies):
    known = make_actor("Grey Heron", aliases=["Some Users"])

    take(write_studies({}))

    claim = Incident.objects.get().attributions.get()
    assert (claim.actor, claim.status, claim.said_by) == (known, "suspected", "Cato Networks")


def test_several_accused_in_one_text_are_left_to_the_editors(write_studies):
    outcome = take(write_studies({"actor": "DeepSeek, Moonshot AI, MiniMax"}))

    claim = Incident.objects.get().attributions.get()
    assert (claim.actor, claim.status) == (None, "suspected")
    assert "DeepSeek, Moonshot AI, MiniMax" in claim.basis
    assert topics(outcome) == ["several actors in one text"]


def test_a_step_with_an_unknown_technique_is_told_in_the_narrative_and_reported(write_studies):
    Technique.objects.filter(external_id="AML.T0020").delete()

    outcome = take(write_studies({}))

    incident = Incident.objects.get()
    assert [attack.technique.external_id for attack in incident.attacks.all()] == ["AML.T0047"]
    assert "### Further steps\n\n**AML.T0020 (persistence):** It [learnt]" in incident.what_happened
    assert topics(outcome) == ["unknown technique"]


def test_taking_in_twice_changes_nothing(write_studies):
    take(write_studies({}, {"name": "Another"}))
    before = list(Incident.objects.values())

    outcome = take(write_studies({}, {"name": "Another"}))

    assert (outcome.created, outcome.known, outcome.remarks) == ([], 2, [])
    assert list(Incident.objects.values()) == before


def test_a_change_in_the_source_is_reported_and_the_record_left_alone(write_studies):
    take(write_studies({}))

    outcome = take(write_studies({"name": "Another name"}))

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
def test_a_case_study_that_does_not_fit_does_not_hold_up_the_rest(write_studies, change, topic):
    outcome = take(write_studies(change, {}))

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
def test_what_cannot_be_mapped_is_reported_and_the_draft_made_all_the_same(write_studies, change, topic):
    outcome = take(write_studies(change))

    assert (topics(outcome), len(outcome.created)) == ([topic], 1)


def test_a_reference_without_an_address_is_kept_in_the_narrative(write_studies):
    take(write_studies({"references": [{"title": "A talk", "url": None}]}))

    assert "without a usable address:\n\n- A talk" in Incident.objects.get().what_happened


def test_a_relative_reference_leads_to_atlas(write_studies):
    take(write_studies({"references": [{"title": "Case", "url": "/studies/AML.CS0009"}]}))

    assert Incident.objects.get().sources.get(number=2).url == "https://atlas.mitre.org/studies/AML.CS0009"


def test_characters_that_no_database_stores_are_dropped(write_studies, tmp_path):
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


def test_only_an_author_may_take_in(write_studies):
    with pytest.raises(NotAllowed, match="right"):
        take_in(read_case_studies(write_studies({})), by=make_editor("Publisher"))


def test_the_command_summarises_reports_and_logs(write_studies, tmp_path):
    said, report = StringIO(), tmp_path / "report.jsonl"

    call_command("intake", "atlas", write_studies({"target": "Somebody's thing"}), "--report", report, stdout=said)

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


def test_a_dry_run_stores_nothing(write_studies):
    call_command("intake", "atlas", write_studies({}), "--dry-run", stdout=StringIO())

    assert (Incident.objects.count(), IntakeMark.objects.count(), Organization.objects.count()) == (0, 0, 0)


def test_the_command_fails_when_a_row_was_refused(write_studies):
    with pytest.raises(CommandError, match="1 could not become a draft"):
        call_command("intake", "atlas", write_studies({"name": None}, {}), stdout=StringIO())

    assert Incident.objects.count() == 1


def test_an_unknown_author_is_refused(write_studies):
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        call_command("intake", "atlas", write_studies({}), "--by", "nobody@example.org")


def test_a_deleted_draft_is_taken_in_again(write_studies):
    take(write_studies({}))
    Incident.objects.get().delete()

    outcome = take(write_studies({}))

    assert [incident.public_id for incident in outcome.created] == ["INC-2016-0002"]
