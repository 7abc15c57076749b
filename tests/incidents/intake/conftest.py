"""Files to take in."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.factories import make_technique
from tests.incidents.intake.case_study import atlas


@pytest.fixture
def catalogue() -> None:
    """The techniques that the case study names."""
    make_technique("AML.T0047", "AI-Enabled Product or Service")
    make_technique("AML.T0020", "Poison Training Data")


@pytest.fixture
def write_studies(tmp_path: Path, catalogue: None) -> Any:
    """Writes an ATLAS.yaml of case studies with these changes."""

    def write_file(*changes: dict[str, Any]) -> Path:
        path = tmp_path / "ATLAS.yaml"
        path.write_text(yaml.safe_dump(atlas(*changes), allow_unicode=True))
        return path

    return write_file
