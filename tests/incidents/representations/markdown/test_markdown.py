"""The Markdown representation."""

import pytest
from markdown_it import MarkdownIt

from incidents.representations.markdown.build import build_markdown
from tests.factories import make_full_incident, make_incident, publish_incident, withdraw_incident

pytestmark = pytest.mark.django_db
BASE = "https://tocsin.example"


def headings(text: str) -> list[str]:
    """The second-level headings of a Markdown text."""
    return [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]


def test_the_parts_come_in_the_order_of_the_page():
    text = build_markdown(publish_incident(make_full_incident()).document, BASE).decode()

    assert headings(text) == [
        "What happened",
        "Impact",
        "Techniques",
        "Who is responsible",
        "How to stay protected",
        "The takeaway",
        "Updates",
        "Statements",
        "Sources",
        "Releases",
    ]


def test_certainty_is_kept_apart():
    text = build_markdown(publish_incident(make_full_incident()).document, BASE).decode()

    observed, suspected, context = (text.index(name) for name in ("T1486", "T1498", "T1566"))
    assert text.index("### Observed") < observed < text.index("### Suspected") < suspected
    assert suspected < text.index("### Commonly used, not shown here") < context


def test_a_claim_is_said_to_be_one():
    text = build_markdown(publish_incident(make_full_incident()).document, BASE).decode()

    assert "- Grey Heron: claimed, according to The Courier (confidence: low) [^2]" in text


def test_an_almost_empty_record_is_still_a_text():
    incident = make_incident(occurred_from="")
    text = build_markdown(publish_incident(incident).document, BASE).decode()

    assert text.startswith(f"# Harbour Bank locked out of its ledgers\n\n**{incident.public_id}** · Severity: Medium")
    assert headings(text) == ["Releases"]


def test_a_withdrawal_says_so_first():
    incident = make_incident()
    publish_incident(incident)

    text = build_markdown(withdraw_incident(incident, reason="It did not happen.").document, BASE).decode()

    assert text.split("\n\n")[1].startswith("**Withdrawn on ")
    assert text.split("\n\n")[1].endswith("It did not happen.")


def test_hostile_text_is_no_markup():
    hostile = "<script>alert(1)</script> [x](javascript:1)"
    incident = make_incident(f"Title {hostile}", summary=hostile, what_happened=hostile, who_is_affected=hostile)

    text = build_markdown(publish_incident(incident).document, BASE).decode()

    assert "<script>" not in MarkdownIt("commonmark", {"html": True}).render(text)


def test_it_builds_the_same_bytes_twice():
    document = publish_incident(make_full_incident()).document

    assert build_markdown(document, BASE) == build_markdown(document, BASE)
