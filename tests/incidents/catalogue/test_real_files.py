"""MITRE's own files, whole: every count is right, nothing is lost, a second run changes nothing."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from incidents.catalogue.importing.atlas import read_atlas
from incidents.catalogue.importing.attack import read_attack
from incidents.catalogue.importing.entries import Reading
from incidents.catalogue.importing.outcome import Tally
from incidents.catalogue.importing.stix import ENTRY_TYPES, FURNITURE
from incidents.catalogue.importing.store import store_reading
from incidents.catalogue.models import Mitigation, MitigationCoverage, Technique, ThreatActor
from incidents.catalogue.starter.load import load_starter
from incidents.prose.markdown import render_markdown

SIZES = {
    "enterprise-attack-18.1-stix20.json.gz": (14, 835, 268, 187, 1445),
    "ics-attack-18.1.json.gz": (12, 95, 52, 16, 331),
    "mobile-attack-17.1.json.gz": (14, 188, 15, 15, 163),
    "ATLAS.yaml": (16, 170, 35, 0, 244),
    "stix-atlas.json": (16, 170, 35, 0, 244),
}


def read(test_data: Path, name: str) -> Reading:
    if "atlas" in name.lower():
        return read_atlas(test_data / "atlas" / name)
    return read_attack(test_data / "attack" / name)


def objects_of(path: Path) -> list[dict[str, Any]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    objects: list[dict[str, Any]] = json.loads(content)["objects"]
    return objects


@pytest.mark.parametrize(("name", "sizes"), SIZES.items())
def test_every_entry_is_read(test_data: Path, name: str, sizes: tuple[int, ...]) -> None:
    reading = read(test_data, name)

    assert (
        len(reading.tactics),
        len(reading.techniques),
        len(reading.mitigations),
        len(reading.actors),
        len(reading.coverage),
    ) == sizes


@pytest.mark.parametrize("name", [name for name in SIZES if name.endswith((".json", ".gz"))])
def test_every_object_is_an_entry_a_link_or_a_remark(test_data: Path, name: str) -> None:
    objects = objects_of(test_data / ("atlas" if "atlas" in name else "attack") / name)
    reading = read(test_data, name)
    topics = Counter(remark.topic for remark in reading.remarks)

    entries = sum(1 for found in objects if found["type"] in ENTRY_TYPES)
    furniture = sum(1 for found in objects if found["type"] in FURNITURE)
    aside = sum(count for topic, count in topics.items() if topic.startswith("not part of the catalogue"))
    joined = topics["several relationships of one pair"]
    parents = sum(1 for found in reading.techniques if found.parent)
    successors = sum(1 for found in reading.techniques if found.superseded_by)
    successors += sum(1 for found in reading.actors if found.superseded_by)
    explicit = sum(1 for found in objects if found.get("relationship_type") == "subtechnique-of")

    assert entries == reading.size - len(reading.coverage)
    assert len(objects) == entries + furniture + aside + len(reading.coverage) + joined + explicit + successors
    assert parents >= explicit


def test_reused_relationship_ids_are_all_remarked(test_data: Path) -> None:
    reading = read(test_data, "stix-atlas.json")
    reused = [remark.id for remark in reading.remarks if remark.topic == "relationship id used more than once"]

    assert (len(reused), len(set(reused))) == (80, 34)


def test_both_forms_of_atlas_say_the_same(test_data: Path) -> None:
    from_yaml, from_stix = read(test_data, "ATLAS.yaml"), read(test_data, "stix-atlas.json")

    assert {
        (found.external_id, found.name, found.summary, found.parent, found.tactics) for found in from_yaml.techniques
    } == {(found.external_id, found.name, found.summary, found.parent, found.tactics) for found in from_stix.techniques}
    assert {(found.mitigation, found.technique, found.how) for found in from_yaml.coverage} == {
        (found.mitigation, found.technique, found.how) for found in from_stix.coverage
    }


@pytest.mark.django_db
@pytest.mark.slow
def test_all_files_are_stored_once_and_again_without_change(test_data: Path) -> None:
    readings = [read(test_data, name) for name in SIZES]
    load_starter()

    for reading in readings:
        store_reading(reading, by=None)
    again = [store_reading(reading, by=None) for reading in readings]

    assert [outcome.sum for outcome in again] == [
        Tally(unchanged=2749),
        Tally(unchanged=506),
        Tally(unchanged=394, newer=1),
        Tally(unchanged=465),
        Tally(unchanged=465),
    ]
    assert Technique.objects.count() == 835 + 95 + 188 + 170
    assert Mitigation.objects.count() == 268 + 52 + 14 + 35
    assert MitigationCoverage.objects.count() == 1445 + 331 + 163 + 244
    assert ThreatActor.objects.count() == 187 + 2 + 2
    assert Technique.objects.filter(status="revoked", superseded_by=None).count() == 3
    assert load_starter().sum.created == 0


@pytest.mark.parametrize("name", SIZES)
def test_prose_keeps_no_marks_of_its_origin(test_data: Path, name: str) -> None:
    reading = read(test_data, name)
    texts = [found.summary for found in [*reading.tactics, *reading.techniques, *reading.mitigations, *reading.actors]]
    texts += [found.how for found in reading.coverage]

    left = [text for text in texts if "(Citation" in text or "<code>" in text or "](/" in text]
    relative = [text for text in texts if 'href="/' in render_markdown(text)]

    assert (left, relative) == ([], [])
