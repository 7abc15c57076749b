"""What must be mended before an incident can be released."""

import pytest

from incidents.record.fitness import find_problems
from incidents.record.models import Incident
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
