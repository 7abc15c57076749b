"""What a bundle of ATT&CK says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.catalogue.importing.attack import read_attack
from incidents.catalogue.importing.entries import CoverageEntry, Reading, Remark, TacticEntry, TechniqueEntry
from incidents.catalogue.importing.files import CatalogueFileError
from tests.factories.bundles import Json, entry, group, matrix, mitigation, relate, tactic, technique, write_bundle

IMPACT = tactic("TA0040", "Impact")
ACCESS = tactic("TA0001", "Initial Access")
MATRIX = matrix(ACCESS, IMPACT)
FLOOD = technique("T1498", "Network Denial of Service", "impact")
FILTER = mitigation("M1037", "Filter Network Traffic")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "attack.json"


def read(path: Path, *objects: Json) -> Reading:
    return read_attack(write_bundle(path, MATRIX, ACCESS, IMPACT, FLOOD, *objects))


def remarks_on(reading: Reading, topic: str) -> list[Remark]:
    return [remark for remark in reading.remarks if remark.topic == topic]


def test_tactics_stand_in_the_order_of_the_matrix(path: Path) -> None:
    reading = read(path)

    assert [(found.external_id, found.shortname, found.position) for found in reading.tactics] == [
        ("TA0001", "initial-access", 1),
        ("TA0040", "impact", 2),
    ]


def test_technique_carries_everything_the_catalogue_keeps(path: Path) -> None:
    reading = read(path)

    assert reading.techniques == [
        TechniqueEntry(
            external_id="T1498",
            name="Network Denial of Service",
            summary="Network Denial of Service, as described.",
            url="https://attack.mitre.org/T1498",
            stix_id=FLOOD["id"],
            revised_at=datetime(2025, 1, 1, tzinfo=UTC),
            domains=frozenset({"enterprise"}),
            tactics=frozenset({"TA0040"}),
        )
    ]


@pytest.mark.parametrize("version", ["2.0", "2.1", None])
def test_both_stix_versions_say_the_same(path: Path, version: str | None) -> None:
    write_bundle(path, MATRIX, ACCESS, IMPACT, FLOOD, FILTER, spec_version=version)

    assert [found.name for found in read_attack(path).mitigations] == ["Filter Network Traffic"]


def test_gzip_is_read(tmp_path: Path) -> None:
    assert read(tmp_path / "attack.json.gz").techniques[0].external_id == "T1498"


def test_parents_come_from_relationships_or_else_from_the_id(path: Path) -> None:
    direct = technique("T1498.001", "Direct Network Flood", "impact")
    moved = technique("T1700", "Elsewhere", "impact")

    reading = read(path, direct, moved, relate(moved, "subtechnique-of", FLOOD))

    assert {found.external_id: found.parent for found in reading.techniques} == {
        "T1498": "",
        "T1498.001": "T1498",
        "T1700": "T1498",
    }


def test_revoked_and_deprecated_are_marked_and_point_to_their_successor(path: Path) -> None:
    revoked = technique("T1001", "Old name", revoked=True)
    deprecated = technique("T1002", "Given up", x_mitre_deprecated=True)
    lost = technique("T1003", "Lost", revoked=True)

    reading = read(path, revoked, deprecated, lost, relate(revoked, "revoked-by", FLOOD))

    assert [(found.external_id, str(found.status), found.superseded_by) for found in reading.techniques] == [
        ("T1001", "revoked", "T1498"),
        ("T1002", "deprecated", ""),
        ("T1003", "revoked", ""),
        ("T1498", "active", ""),
    ]
    assert remarks_on(reading, "revoked without a successor") == [
        Remark("revoked without a successor", "T1003", "Lost", "the file names none")
    ]


def test_groups_bring_their_other_names(path: Path) -> None:
    reading = read(path, group("G0001", "Axiom", aliases=["Axiom", "Group 72", "Group 72"]))

    assert [(found.name, found.aliases) for found in reading.actors] == [("Axiom", ("Group 72",))]


def test_coverage_says_how_and_joins_several_relationships_of_one_pair(path: Path) -> None:
    first = relate(FILTER, "mitigates", FLOOD, description="Upstream.", id="relationship--1")
    second = relate(
        FILTER, "mitigates", FLOOD, description="At the edge.", id="relationship--2", modified="2025-03-01T00:00:00Z"
    )
    again = relate(FILTER, "mitigates", FLOOD, description="Upstream.", id="relationship--3")

    reading = read(path, FILTER, first, second, again)

    assert reading.coverage == [
        CoverageEntry(
            mitigation="M1037",
            technique="T1498",
            how="Upstream.\n\nAt the edge.",
            stix_id="relationship--1",
            revised_at=datetime(2025, 3, 1, tzinfo=UTC),
        )
    ]
    assert len(remarks_on(reading, "several relationships of one pair")) == 2


def test_reused_relationship_ids_lose_nothing(path: Path) -> None:
    direct = technique("T1498.001", "Direct Network Flood", "impact")
    relationships = [relate(FILTER, "mitigates", target, id="relationship--same") for target in (FLOOD, direct)]

    reading = read(path, FILTER, direct, *relationships)

    assert [(found.mitigation, found.technique) for found in reading.coverage] == [
        ("M1037", "T1498"),
        ("M1037", "T1498.001"),
    ]
    assert remarks_on(reading, "relationship id used more than once") == [
        Remark(
            "relationship id used more than once",
            "relationship--same",
            "M1037 mitigates T1498.001",
            "both relationships are kept",
        )
    ]


def test_of_two_objects_with_one_id_the_live_one_stands_for_both(path: Path) -> None:
    old = mitigation("M1037", "Old filter", id="course-of-action--old", x_mitre_deprecated=True)
    relationship = relate(old, "mitigates", FLOOD, description="Upstream.")

    reading = read(path, old, FILTER, relationship)

    assert [found.name for found in reading.mitigations] == ["Filter Network Traffic"]
    assert [(found.mitigation, found.technique) for found in reading.coverage] == [("M1037", "T1498")]
    assert [remark.name for remark in remarks_on(reading, "two objects with one id")] == ["Old filter"]


def test_of_two_versions_of_an_object_the_newer_is_read(path: Path) -> None:
    newer = {**FLOOD, "name": "Newer name", "modified": "2025-06-01T00:00:00.000Z"}

    reading = read_attack(write_bundle(path, MATRIX, IMPACT, newer, FLOOD))

    assert [found.name for found in reading.techniques] == ["Newer name"]
    assert len(remarks_on(reading, "older version in the same file")) == 1


def test_what_has_no_place_is_remarked_one_by_one(path: Path) -> None:
    malware = {"type": "malware", "id": "malware--1", "name": "Worm"}
    uses = {
        "type": "relationship",
        "id": "relationship--9",
        "relationship_type": "uses",
        "source_ref": "a",
        "target_ref": "b",
    }
    rich = mitigation("M1001", "Rich", x_mitre_platforms=["Linux"])
    foreign = entry("attack-pattern", "X-1", "Foreign", source="somebody-else")
    dangling = relate(FILTER, "mitigates", technique("T9999", "Not here"))

    reading = read(path, malware, uses, rich, foreign, FILTER, dangling)

    assert {(remark.topic, remark.id) for remark in reading.remarks} == {
        ("not part of the catalogue: malware", "malware--1"),
        ("not part of the catalogue: relationship (uses)", "relationship--9"),
        ("property without a place: x_mitre_platforms", rich["id"]),
        ("not of this framework", foreign["id"]),
        ("relationship with a missing end", dangling["id"]),
    }


def test_oversized_names_and_addresses_are_made_to_fit(path: Path) -> None:
    url = "https://attack.mitre.org/" + "x" * 1000
    wordy = technique("T1600", "n" * 250)
    wordy["external_references"][0]["url"] = url

    reading = read(path, wordy)

    assert reading.techniques[-1].name == "n" * 199 + "…"
    assert reading.techniques[-1].url == "https://attack.mitre.org/techniques/T1600/"
    assert remarks_on(reading, "shortened name")[0].why == "n" * 250


def test_tactics_of_a_deprecated_matrix_come_last(path: Path) -> None:
    gone = tactic("TA0038", "Network Effects", x_mitre_deprecated=True)
    gone_matrix = matrix(gone, id="x-mitre-matrix--gone", x_mitre_deprecated=True)

    reading = read_attack(write_bundle(path, gone_matrix, gone, MATRIX, ACCESS, IMPACT, FLOOD))

    assert [(found.external_id, found.position) for found in reading.tactics] == [
        ("TA0001", 1),
        ("TA0040", 2),
        ("TA0038", 3),
    ]
    assert isinstance(reading.tactics[0], TacticEntry)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("[1, 2]", "is not a STIX bundle"),
        ("id: ATLAS", "ATLAS.yaml is read by `import_catalogue atlas`"),
        ('{"type": "bundle", "objects": [', r"is not valid JSON \(Input data was truncated\)"),
        ('{"type": "report"}', "is not a STIX bundle"),
        ('{"type": "bundle", "spec_version": "1.2", "objects": [{}]}', "is STIX 1.2; only 2.0 and 2.1 are read"),
        ('{"type": "bundle", "objects": []}', "the bundle holds no objects"),
        ('{"type": "bundle", "objects": {"type": "bundle"}}', "the bundle holds no objects"),
        ('{"type": "bundle", "objects": ["attack-pattern"]}', "object 0 of the bundle is not a STIX object"),
        (
            '{"type": "bundle", "objects": [{"type": "attack-pattern", "id": "attack-pattern--1", "name": 7}]}',
            r"object 0 \(attack-pattern--1\) is malformed: Expected `str`, got `int` - at `\$.name`",
        ),
        (
            '{"type": "bundle", "objects": [{"type": "attack-pattern", "id": "a--1", "modified": "yesterday"}]}',
            r"object 0 \(a--1\) is malformed: Invalid RFC3339",
        ),
        (
            '{"type": "bundle", "objects": [{"type": "malware", "id": "malware--1"}]}',
            "holds no technique of MITRE ATT&CK",
        ),
    ],
)
def test_what_is_not_attack_is_refused(path: Path, content: str, word: str) -> None:
    path.write_text(content)

    with pytest.raises(CatalogueFileError, match=word):
        read_attack(path)


def test_a_part_of_attack_is_refused(path: Path) -> None:
    write_bundle(path, FLOOD)

    with pytest.raises(CatalogueFileError, match="no matrix, so it is not the whole framework"):
        read_attack(path)


def test_a_file_of_atlas_is_refused_with_the_right_command(path: Path) -> None:
    write_bundle(path, MATRIX, entry("attack-pattern", "AML.T0051", "LLM Prompt Injection", source="mitre-atlas"))

    with pytest.raises(CatalogueFileError, match=f"say `import_catalogue atlas {path}`"):
        read_attack(path)
