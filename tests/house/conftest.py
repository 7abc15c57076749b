"""The house rules read files, never the database."""

from pathlib import Path

import pytest

from tests.run.checks import ROOT


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT
