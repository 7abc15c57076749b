"""The starter catalogue is whole, in order, and never overwrites what MITRE's files brought."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from incidents.audit.models import AuditEntry
from incidents.catalogue.importing.atlas import read_atlas
from incidents.catalogue.importing.attack import read_attack
from incidents.catalogue.importing.entries import Reading
from incidents.catalogue.models import MitigationCoverage, Technique
from incidents.catalogue.starter.load import FRAMEWORKS, load_starter, read_starter
from incidents.publication.edition import current_edition
from incidents.vocabulary.words import EntryStatus, Framework
from tests.factories import make_technique

IDS = {
    Framework.ATTACK: r"TA\d{4}|T\d{4}(\.\d{3})?|M\d{4}",
    Framework.ATLAS: r"AML\.(TA\d{4}|T\d{4}(\.\d{3})?|M\d{4})",
}
every_framework = pytest.mark.parametrize("framework", FRAMEWORKS)


@every_framework
def test_ids_are_well_formed(framework: Framework) -> None:
    reading = read_starter(framework)
    entries = [*reading.tactics, *reading.techniques, *reading.mitigations]

    assert [found.external_id for found in entries if not re.fullmatch(IDS[framework], found.external_id)] == []


@every_framework
def test_each_summary_is_one_sentence(framework: Framework) -> None:
    reading = read_starter(framework)
    texts = [found.summary for found in [*reading.tactics, *reading.techniques, *reading.mitigations]]
    texts += [found.how for found in reading.coverage]

    assert [text for text in texts if not re.fullmatch(r"[A-Z][^.!?]*\.", text)] == []


@every_framework
def test_parents_and_coverage_refer_to_what_is_there(framework: Framework) -> None:
    reading = read_starter(framework)
    techniques = {found.external_id for found in reading.techniques}

    assert {found.parent for found in reading.techniques} - techniques == {""}
    assert {found.technique for found in reading.coverage} <= techniques
    assert [found for found in reading.techniques if not found.tactics] == []


@every_framework
def test_every_mitigation_counters_something_once(framework: Framework) -> None:
    reading = read_starter(framework)
    pairs = [(found.mitigation, found.technique) for found in reading.coverage]

    assert len(pairs) == len(set(pairs))
    assert {mitigation for mitigation, _ in pairs} == {found.external_id for found in reading.mitigations}


@every_framework
def test_ids_names_tactics_and_pairs_are_mitres(framework: Framework, test_data: Path) -> None:
    theirs = read_mitre(framework, test_data)
    ours = read_starter(framework)

    assert names(ours) - names(theirs) == set()
    assert [found.external_id for found in ours.tactics] == [found.external_id for found in theirs.tactics]
    assert kinships(ours) - kinships(theirs) == set()
    assert pairs(ours) - pairs(theirs) == set()


def read_mitre(framework: Framework, test_data: Path) -> Reading:
    if framework == Framework.ATLAS:
        return read_atlas(test_data / "atlas" / "ATLAS.yaml")
    return read_attack(next(test_data.glob("attack/enterprise-attack-*.json.gz")))


def names(reading: Reading) -> set[tuple[str, str]]:
    entries = [*reading.tactics, *reading.techniques, *reading.mitigations]
    return {(found.external_id, found.name) for found in entries if found.status == EntryStatus.ACTIVE}


def kinships(reading: Reading) -> set[tuple[str, str, frozenset[str]]]:
    return {(found.external_id, found.parent, found.tactics) for found in reading.techniques}


def pairs(reading: Reading) -> set[tuple[str, str]]:
    return {(found.mitigation, found.technique) for found in reading.coverage}


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    first = load_starter()
    second = load_starter()

    assert first.sum.created == first.sum.total > 300
    assert (second.sum.created, second.sum.unchanged) == (0, first.sum.created)
    assert AuditEntry.objects.filter(act="load_starter_catalogue").count() == 2


@pytest.mark.django_db
def test_loading_keeps_entries_that_exist() -> None:
    make_technique("T1498", "As somebody named it", summary="As somebody wrote it.")

    load_starter()

    kept = Technique.objects.get(external_id="T1498")
    assert (kept.name, kept.summary) == ("As somebody named it", "As somebody wrote it.")
    assert Technique.objects.get(external_id="T1498.002").parent == kept
    assert MitigationCoverage.objects.filter(technique=kept).exists()


@pytest.mark.django_db
def test_command_says_what_it_added_and_renews_the_edition() -> None:
    edition = current_edition()
    out = StringIO()

    call_command("load_starter_catalogue", stdout=out)

    assert out.getvalue().splitlines()[0] == "MITRE ATT&CK tactics: 14 created, 0 there already"
    assert current_edition() == edition + 1
