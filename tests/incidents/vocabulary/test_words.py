"""Ranks, identifiers and citations."""

import pytest

from incidents.vocabulary.citations import parse_cites
from incidents.vocabulary.identifiers import format_public_id, is_public_id
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Severity


def test_tlp_ranks_from_the_widest_to_the_narrowest_audience():
    assert [label.label for label in sorted(TLP, key=lambda label: label.rank)] == [
        "TLP:CLEAR",
        "TLP:GREEN",
        "TLP:AMBER",
        "TLP:AMBER+STRICT",
        "TLP:RED",
    ]


def test_severity_ranks_from_harmless_to_worst():
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]


def test_ids_have_a_year_and_at_least_four_digits():
    assert format_public_id("INC", 2025, 1) == "INC-2025-0001"
    assert format_public_id("INC", 2025, 12345) == "INC-2025-12345"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("INC-2025-0001", True), ("inc-2025-0001", False), ("INC-2025-1", False), ("INC-2025-0001\n", False), ("", False)],
)
def test_only_the_canonical_spelling_is_an_id(text, expected):
    assert is_public_id(text) is expected


def test_citations_keep_their_order_and_name_each_source_once():
    assert parse_cites("3, 1,3") == (3, 1)
    assert parse_cites("") == ()


@pytest.mark.parametrize("text", ["0", "1;2", "a", "-1", "1,,2", "٣"])
def test_what_is_no_citation_is_refused(text):
    with pytest.raises(ValueError, match="not a list of source numbers"):
        parse_cites(text)
