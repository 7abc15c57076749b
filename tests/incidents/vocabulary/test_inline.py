"""Words as they stand within a line."""

import pytest

from incidents.vocabulary.inline import inline
from incidents.vocabulary.words import ServiceImpact


@pytest.mark.parametrize("impact", ServiceImpact)
def test_every_state_of_a_service_can_stand_within_a_line(impact: ServiceImpact) -> None:
    assert inline(impact) == str(impact.label).lower()
