"""A reading is stored once, repeatably, and nothing is deleted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from incidents.audit.models import AuditEntry
from incidents.catalogue.importing.entries import (
    ActorEntry,
    CoverageEntry,
    MitigationEntry,
    Reading,
    Remark,
    TacticEntry,
    TechniqueEntry,
)
from incidents.catalogue.importing.outcome import Outcome, Tally
from incidents.catalogue.importing.store import store_reading
from incidents.catalogue.models import Mitigation, MitigationCoverage, Tactic, Technique, ThreatActor
from incidents.vocabulary.words import EntryStatus, Framework
from tests.factories import make_actor, make_technique

pytestmark = pytest.mark.django_db

ENTERPRISE = frozenset({"enterprise"})
MOBILE = frozenset({"mobile"})
OLD = datetime(2024, 1, 1, tzinfo=UTC)
NEW = datetime(2025, 1, 1, tzinfo=UTC)


def impact(**fields: Any) -> TacticEntry:
    return TacticEntry(
        **{
            "external_id": "TA0040",
            "name": "Impact",
            "shortname": "impact",
            "position": 14,
            "revised_at": NEW,
            "domains": ENTERPRISE,
            **fields,
        }
    )


def flood(**fields: Any) -> TechniqueEntry:
    values = {"external_id": "T1498", "name": "Flood", "revised_at": NEW, "domains": ENTERPRISE}
    return TechniqueEntry(**{**values, "tactics": frozenset({"TA0040"}), **fields})


def filtering(**fields: Any) -> MitigationEntry:
    return MitigationEntry(
        **{"external_id": "M1037", "name": "Filter", "revised_at": NEW, "domains": ENTERPRISE, **fields}
    )


def covering(**fields: Any) -> CoverageEntry:
    return CoverageEntry(
        **{"mitigation": "M1037", "technique": "T1498", "how": "Upstream.", "revised_at": NEW, **fields}
    )


def group(**fields: Any) -> ActorEntry:
    return ActorEntry(**{"external_id": "G0001", "name": "Axiom", "summary": "A group.", "revised_at": NEW, **fields})


def reading(**parts: Any) -> Reading:
    whole = {
        "tactics": [impact()],
        "techniques": [flood()],
        "mitigations": [filtering()],
        "coverage": [covering()],
        "actors": [group()],
    }
    return Reading(framework=Framework.ATTACK, **{"domains": ENTERPRISE, **whole, **parts})


def store(stored: Reading, *, fill_only: bool = False) -> Outcome:
    return store_reading(stored, by=None, fill_only=fill_only)


def topics(outcome: Outcome) -> list[tuple[str, str]]:
    return [(remark.topic, remark.id) for remark in outcome.remarks]


def test_everything_is_created() -> None:
    outcome = store(reading())

    assert outcome.sum == Tally(created=5)
    technique = Technique.objects.get(framework="attack", external_id="T1498")
    assert [str(tactic) for tactic in technique.tactics.all()] == ["TA0040 Impact"]
    assert [str(cover) for cover in technique.coverage.all()] == ["M1037 Filter counters T1498 Flood"]
    assert ThreatActor.objects.get().slug == "axiom"


def test_a_second_run_changes_nothing() -> None:
    store(reading())

    outcome = store(reading())

    assert outcome.sum == Tally(unchanged=5)
    assert not outcome.has_changes


def test_a_newer_file_updates() -> None:
    store(reading())

    outcome = store(
        reading(
            techniques=[flood(name="Network flood", summary="Newer.", tactics=frozenset())],
            coverage=[covering(how="At the edge.")],
            actors=[group(aliases=("Group 72",))],
        )
    )

    assert outcome.tallies["techniques"] == Tally(changed=1)
    technique = Technique.objects.get()
    assert (technique.name, technique.summary, technique.tactics.count()) == ("Network flood", "Newer.", 0)
    assert MitigationCoverage.objects.get().how == "At the edge."
    assert ThreatActor.objects.get().aliases == ["Group 72"]


def test_the_report_says_what_changed_from_what_to_what() -> None:
    store(reading())

    outcome = store(reading(techniques=[flood(name="Network flood")]))

    assert outcome.remarks == [Remark("changed", "T1498", "Network flood", '{"name":["Flood","Network flood"]}')]


def test_local_edits_give_way_to_the_file() -> None:
    store(reading())
    Technique.objects.update(summary="Edited here.")

    outcome = store(reading(techniques=[flood(summary="MITRE's.")]))

    assert Technique.objects.get().summary == "MITRE's."
    assert outcome.remarks[0].why == '{"summary":["Edited here.","MITRE\'s."]}'


def test_an_older_file_does_not_undo_a_newer_one() -> None:
    store(reading())
    older = reading(
        techniques=[flood(name="Once", revised_at=OLD, tactics=frozenset(), parent="T1498")],
        coverage=[covering(how="Once.", revised_at=OLD)],
        actors=[group(summary="Once.", revised_at=OLD)],
    )

    outcome = store(older)

    assert outcome.sum == Tally(unchanged=2, newer=3)
    assert (Technique.objects.get().name, Technique.objects.get().tactics.count()) == ("Flood", 1)
    assert topics(outcome) == [
        ("newer in the catalogue", "T1498"),
        ("newer in the catalogue", "G0001"),
        ("newer in the catalogue", "M1037 → T1498"),
    ]


def test_an_entry_that_domains_share_belongs_to_all_of_them() -> None:
    store(reading())
    shared = filtering(domains=MOBILE, revised_at=OLD, name="Older name")

    outcome = store(reading(domains=MOBILE, tactics=[], techniques=[], coverage=[], actors=[], mitigations=[shared]))

    mitigation = Mitigation.objects.get()
    assert (mitigation.name, mitigation.domains) == ("Filter", ["enterprise", "mobile"])
    assert outcome.tallies["mitigations"] == Tally(changed=1)
    assert store(reading()).sum == Tally(unchanged=5)


def test_a_shared_technique_keeps_the_tactics_of_other_domains() -> None:
    store(reading())
    effects = impact(external_id="TA0034", domains=MOBILE)
    shared = flood(domains=MOBILE, tactics=frozenset({"TA0034"}))

    store(reading(domains=MOBILE, tactics=[effects], techniques=[shared], mitigations=[], coverage=[], actors=[]))

    assert set(Technique.objects.get().tactics.values_list("external_id", flat=True)) == {"TA0034", "TA0040"}


def test_two_objects_of_different_files_with_one_id_are_reported() -> None:
    store(reading(mitigations=[filtering(stix_id="course-of-action--1")]))

    outcome = store(reading(mitigations=[filtering(stix_id="course-of-action--2")]))

    assert ("another object with the same id", "M1037") in topics(outcome)


def test_a_file_without_stix_ids_leaves_those_there_are() -> None:
    store(reading(techniques=[flood(stix_id="attack-pattern--1")]))

    outcome = store(reading())

    assert Technique.objects.get().stix_id == "attack-pattern--1"
    assert not outcome.has_changes


def test_parents_and_successors_are_linked_and_unlinked() -> None:
    sub = flood(external_id="T1498.001", parent="T1498", superseded_by="T1498", status=EntryStatus.REVOKED)
    store(reading(techniques=[sub, flood()]))

    linked = Technique.objects.get(external_id="T1498.001")
    assert (str(linked.parent), str(linked.superseded_by), linked.status) == ("T1498 Flood", "T1498 Flood", "revoked")

    outcome = store(reading(techniques=[flood(external_id="T1498.001"), flood()]))

    freed = Technique.objects.get(external_id="T1498.001")
    assert (freed.parent, freed.superseded_by, freed.status) == (None, None, "active")
    assert outcome.sum == Tally(changed=1, unchanged=5)


def test_groups_and_mitigations_have_successors_too() -> None:
    store(
        reading(
            mitigations=[filtering(), filtering(external_id="M0001", name="Old", superseded_by="M1037")],
            actors=[group(), group(external_id="G0002", name="Old", superseded_by="G0001")],
        )
    )

    assert str(Mitigation.objects.get(external_id="M0001").superseded_by) == "M1037 Filter"
    assert str(ThreatActor.objects.get(external_id="G0002").superseded_by) == "Axiom"


def test_what_a_file_no_longer_has_stays_and_is_reported() -> None:
    extra = flood(external_id="T1499", name="Gone")
    store(reading(techniques=[flood(), extra], coverage=[covering(), covering(technique="T1499")]))

    outcome = store(reading(coverage=[]))

    assert Technique.objects.filter(external_id="T1499").exists()
    assert MitigationCoverage.objects.count() == 2
    assert topics(outcome) == [("absent from the file", "T1499"), ("absent from the file", "M1037 → T1498")]


def test_entries_of_other_domains_and_our_own_are_not_missed() -> None:
    make_technique("T9001", "Our own addition")
    mobile = flood(external_id="T1400", domains=MOBILE, tactics=frozenset())
    store(reading(domains=MOBILE, tactics=[], techniques=[mobile], coverage=[]))

    outcome = store(reading())

    assert [topic for topic, _ in topics(outcome) if topic == "absent from the file"] == []


def test_an_actor_written_here_becomes_the_group_of_its_name() -> None:
    actor = make_actor("AXIOM", description="Ours.")

    outcome = store(reading())

    merged = ThreatActor.objects.get()
    assert (merged.pk, merged.external_id, merged.description, merged.slug) == (
        actor.pk,
        "G0001",
        "A group.",
        actor.slug,
    )
    assert outcome.tallies["threat actors"] == Tally(changed=1)


def test_groups_of_one_name_get_slugs_of_their_own() -> None:
    make_actor("Winnti Group")
    groups = [group(external_id=f"G000{number}", name=name) for number, name in enumerate(("Axiom", "Axiom", "axiom"))]

    store(reading(actors=groups))

    assert sorted(ThreatActor.objects.values_list("slug", flat=True)) == ["axiom", "axiom-2", "axiom-3", "winnti-group"]


def test_filling_leaves_existing_rows_alone() -> None:
    store(reading())
    Technique.objects.update(name="Edited here")
    starter = reading(
        techniques=[flood(revised_at=None, parent="T1"), flood(external_id="T1499", revised_at=None)],
        coverage=[covering(how="Ours.", revised_at=None), covering(technique="T1499", how="Ours.", revised_at=None)],
    )

    outcome = store(starter, fill_only=True)

    assert outcome.sum == Tally(created=2, unchanged=5)
    assert list(Technique.objects.values_list("external_id", "name")) == [("T1498", "Edited here"), ("T1499", "Flood")]
    assert list(MitigationCoverage.objects.order_by("pk").values_list("how", flat=True)) == ["Upstream.", "Ours."]


def test_filling_does_not_bring_back_coverage_the_framework_dropped() -> None:
    store(reading(coverage=[]))

    store(reading(), fill_only=True)

    assert not MitigationCoverage.objects.exists()


def test_an_import_is_in_the_audit_log() -> None:
    store(reading(version="18.1"))

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.target_kind, entry.target_id) == ("import_catalogue", "catalogue", "attack")
    assert entry.detail == {
        "version": "18.1",
        "domains": ["enterprise"],
        "created": 5,
        "changed": 0,
        "unchanged": 0,
        "newer": 0,
        "absent": 0,
    }


def test_progress_is_told_for_every_entry() -> None:
    told: list[int] = []

    store_reading(reading(), by=None, advance=told.append)

    assert sum(told) == reading().size == 5


def test_frameworks_do_not_touch_each_other() -> None:
    store(reading())

    outcome = store(Reading(framework=Framework.ATLAS, tactics=[impact(domains=frozenset())]))

    assert outcome.sum == Tally(created=1)
    assert Tactic.objects.count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow(count: int, django_assert_max_num_queries: Any) -> None:
    many = [flood(external_id=f"T{number}", tactics=frozenset({"TA0040"})) for number in range(1000, 1000 + count)]

    with django_assert_max_num_queries(26):
        store(reading(techniques=many, coverage=[covering(technique=found.external_id) for found in many]))
