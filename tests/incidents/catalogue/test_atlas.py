"""What ATLAS.yaml says."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from incidents.catalogue.importing.atlas import read_atlas
from incidents.catalogue.importing.entries import CoverageEntry, Reading, TacticEntry, TechniqueEntry
from incidents.catalogue.importing.files import CatalogueFileError
from tests.factories.bundles import entry, matrix, relate, write_bundle

ATLAS = dedent(
    """\
    id: ATLAS
    version: 5.6.0
    matrices:
    - id: ATLAS
      name: ATLAS Matrix
      tactics:
      - {id: AML.TA0005, name: Execution, description: Running., object-type: tactic, modified_date: 2025-01-02}
      - {id: AML.TA0011, name: Impact, description: Harming., object-type: tactic}
      techniques:
      - id: AML.T0051
        name: LLM Prompt Injection
        description: See [Jailbreak](/techniques/AML.T0054).
        tactics: [AML.TA0005]
        modified_date: 2025-04-09
        maturity: realized
      - {id: AML.T0051.000, name: Direct, description: Typed in., subtechnique-of: AML.T0051}
      mitigations:
      - id: AML.M0020
        name: Generative AI Guardrails
        description: Filters.
        modified_date: 2025-05-01
        techniques:
        - {id: AML.T0051, use: Filter prompts.}
        - {id: AML.T0051, use: Filter answers.}
        - {id: AML.T9999, use: Nothing.}
    case-studies:
    - {id: AML.CS0001, name: A case}
    """
)


def read(tmp_path: Path, content: str = ATLAS) -> Reading:
    path = tmp_path / "ATLAS.yaml"
    path.write_text(content)
    return read_atlas(path)


def test_tactics_stand_in_the_order_of_the_matrix(tmp_path: Path) -> None:
    assert read(tmp_path).tactics == [
        TacticEntry(
            external_id="AML.TA0005",
            name="Execution",
            summary="Running.",
            url="https://atlas.mitre.org/tactics/AML.TA0005",
            revised_at=datetime(2025, 1, 2, tzinfo=UTC),
            shortname="execution",
            position=1,
        ),
        TacticEntry(
            external_id="AML.TA0011",
            name="Impact",
            summary="Harming.",
            url="https://atlas.mitre.org/tactics/AML.TA0011",
            shortname="impact",
            position=2,
        ),
    ]


def test_sub_techniques_have_their_parents_tactics(tmp_path: Path) -> None:
    assert read(tmp_path).techniques == [
        TechniqueEntry(
            external_id="AML.T0051",
            name="LLM Prompt Injection",
            summary="See [Jailbreak](https://atlas.mitre.org/techniques/AML.T0054).",
            url="https://atlas.mitre.org/techniques/AML.T0051",
            revised_at=datetime(2025, 4, 9, tzinfo=UTC),
            tactics=frozenset({"AML.TA0005"}),
        ),
        TechniqueEntry(
            external_id="AML.T0051.000",
            name="Direct",
            summary="Typed in.",
            url="https://atlas.mitre.org/techniques/AML.T0051.000",
            tactics=frozenset({"AML.TA0005"}),
            parent="AML.T0051",
        ),
    ]


def test_several_uses_of_one_technique_are_joined(tmp_path: Path) -> None:
    assert read(tmp_path).coverage == [
        CoverageEntry(
            mitigation="AML.M0020",
            technique="AML.T0051",
            how="Filter prompts.\n\nFilter answers.",
            revised_at=datetime(2025, 5, 1, tzinfo=UTC),
        )
    ]


def test_what_has_no_place_is_remarked(tmp_path: Path) -> None:
    assert [(remark.topic, remark.id) for remark in read(tmp_path).remarks] == [
        ("not part of the catalogue: case study", "AML.CS0001"),
        ("property without a place: maturity", "AML.T0051"),
        ("several uses of one pair", "AML.M0020"),
        ("coverage with a missing end", "AML.M0020"),
    ]


def test_gzip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ATLAS.yaml.gz"
    path.write_bytes(gzip.compress(ATLAS.encode()))

    assert read_atlas(path).version == "5.6.0"


def test_missing_parents_and_tactics_are_remarked(tmp_path: Path) -> None:
    content = ATLAS.replace("subtechnique-of: AML.T0051", "subtechnique-of: AML.T7777").replace(
        "[AML.TA0005]", "[AML.TA7777]"
    )

    reading = read(tmp_path, content)

    assert {("missing parent", "AML.T0051.000"), ("unknown tactic", "AML.T0051")} <= {
        (remark.topic, remark.id) for remark in reading.remarks
    }


def test_of_two_objects_with_one_id_the_first_is_kept(tmp_path: Path) -> None:
    reading = read(tmp_path, ATLAS.replace("id: AML.T0051.000, name: Direct", "id: AML.T0051, name: Twin"))

    assert [found.name for found in reading.techniques] == ["LLM Prompt Injection"]
    assert "two objects with one id" in {remark.topic for remark in reading.remarks}


def test_stix_atlas_is_read_too(tmp_path: Path) -> None:
    def atlas(type_: str, external_id: str, name: str, **properties: object) -> dict[str, object]:
        return entry(type_, external_id, name, source="mitre-atlas", **properties)

    execution = atlas("x-mitre-tactic", "AML.TA0005", "Execution", x_mitre_shortname="execution")
    injection = atlas(
        "attack-pattern",
        "AML.T0051",
        "LLM Prompt Injection",
        kill_chain_phases=[{"kill_chain_name": "mitre-atlas", "phase_name": "execution"}],
    )
    guardrails = atlas("course-of-action", "AML.M0020", "Generative AI Guardrails")
    path = write_bundle(
        tmp_path / "stix-atlas.json",
        matrix(execution, domain="mitre-atlas"),
        execution,
        injection,
        guardrails,
        relate(guardrails, "mitigates", injection, description="Filter prompts."),
    )

    reading = read_atlas(path)

    assert [(found.external_id, found.tactics, found.domains) for found in reading.techniques] == [
        ("AML.T0051", frozenset({"AML.TA0005"}), frozenset())
    ]
    assert [found.how for found in reading.coverage] == ["Filter prompts."]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("just words", "has no `matrices`, so it is not ATLAS"),
        ("matrices: []", "is not written as ATLAS.yaml is: Expected `array` of length >= 1"),
        ("matrices: [{tactics: [], techniques: 3}]", r"Expected `array`, got `int` - at `\$.matrices\[0\].techniques`"),
        ("matrices: [{tactics: [{id: '../x', name: X}], techniques: []}]", "matching regex"),
        ("matrices: [{tactics: [{id: AML.TA0001, name: X, modified_date: soon}], techniques: []}]", "Invalid RFC3339"),
        ("matrices: &a [{tactics: *a, techniques: []}]", "is not written as ATLAS.yaml is"),
    ],
)
def test_what_is_not_atlas_is_refused(tmp_path: Path, content: str, word: str) -> None:
    with pytest.raises(CatalogueFileError, match=word):
        read(tmp_path, content)
