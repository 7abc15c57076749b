"""What must be mended before an incident can be released."""

import pytest
from django.core.exceptions import ValidationError

from incidents.record.fields import LONGEST_NARRATIVE, LONGEST_PROSE, LONGEST_SUMMARY
from incidents.record.fitness import find_problems
from incidents.record.models import Attack, Attribution, Incident, Recommendation, Statement, Update
from incidents.record.models.incident import NARRATIVE
from tests.factories import make_full_incident, make_incident

pytestmark = pytest.mark.django_db


def problems_of(incident: Incident) -> list[str]:
    """The problems of an incident as the database has it."""
    return find_problems(Incident.objects.get(pk=incident.pk))


def test_a_full_record_is_fit():
    assert problems_of(make_full_incident()) == []


def test_a_missing_source_is_named_with_the_place_that_cites_it():
    incident = make_full_incident(takeaway="So it ends [^8].")
    incident.attacks.filter(order=1).update(cites="1, 9")

    assert problems_of(incident) == [
        "“Takeaway” cites source 8, which is not in the list of sources.",
        "Attack “T1486 Data Encrypted for Impact, observed” cites source 9, which is not in the list of sources.",
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-02", "2025-01-31", ["31 January 2025 (occurred to) lies before February 2025 (occurred from)."]),
        ("2025-01-31", "2025-01", []),
        ("2025", "2025-01", []),
    ],
)
def test_an_end_before_the_beginning_is_named(start, end, expected):
    assert problems_of(make_incident(occurred_from=start, occurred_to=end)) == expected


def test_a_mistyped_year_is_named():
    incident = make_full_incident()
    incident.recommendations.filter(order=2).update(due_on="3025-01-27")

    assert problems_of(incident) == [
        "Recommendation “Watch your account” is dated 3025; give a year from 1000 to 2999."
    ]


def test_a_text_that_is_too_long_is_named_with_its_length():
    incident = make_full_incident()
    Incident.objects.filter(pk=incident.pk).update(
        summary="a" * (LONGEST_SUMMARY + 1), impact="a" * (LONGEST_NARRATIVE + 1)
    )
    incident.statements.update(text="a" * (LONGEST_PROSE + 1))

    assert problems_of(incident) == [
        "The summary has 1,001 characters; at most 1,000 can be published.",
        "“Impact” has 40,001 characters; at most 40,000 can be published.",
        "Statement of Harbour Bank, 2025-01-28 has 10,001 characters; at most 10,000 can be published.",
    ]


def test_texts_that_are_too_long_together_are_refused():
    long = "a" * LONGEST_NARRATIVE

    assert problems_of(make_incident(summary="a", what_happened=long, impact=long, takeaway=long)) == [
        "All texts together have 120,001 characters; at most 120,000 can be published. Put details into an attachment or "
        "leave them to a source."
    ]


@pytest.mark.parametrize(
    ("row", "field", "most"),
    [
        (Incident, "summary", LONGEST_SUMMARY),
        *((Incident, name, LONGEST_NARRATIVE) for name in NARRATIVE),
        (Attack, "description", LONGEST_PROSE),
        (Attribution, "basis", LONGEST_PROSE),
        (Recommendation, "advice", LONGEST_PROSE),
        (Statement, "text", LONGEST_PROSE),
        (Update, "text", LONGEST_PROSE),
    ],
)
def test_every_prose_field_has_a_bound(row, field, most):
    checked = row._meta.get_field(field)

    assert checked.clean("a" * most, None) == "a" * most
    with pytest.raises(ValidationError, match="at most"):
        checked.clean("a" * (most + 1), None)
