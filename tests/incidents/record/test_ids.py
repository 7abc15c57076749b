"""INV-ID: public ids are allotted once and never again."""

import pytest
from django.db import IntegrityError, transaction

from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed, allot_public_id, begin_incident
from tests.factories import make_editor, make_incident

pytestmark = pytest.mark.django_db


def test_ids_count_up_within_their_year():
    assert [allot_public_id(year=year) for year in (2025, 2025, 2024, 2025)] == [
        "INC-2025-0001",
        "INC-2025-0002",
        "INC-2024-0001",
        "INC-2025-0003",
    ]


def test_the_id_of_a_deleted_draft_is_not_given_again():
    make_incident().delete()

    assert make_incident().public_id == "INC-2025-0002"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"occurred_from": "2023", "disclosed": "2024-05"}, "INC-2023-0001"),
        ({"occurred_from": "", "disclosed": "2024-05"}, "INC-2024-0001"),
    ],
)
def test_the_year_is_that_of_the_occurrence_or_the_disclosure(dates, expected):
    assert make_incident(**dates).public_id == expected


def test_without_dates_the_year_is_the_present_one(time_machine):
    time_machine.move_to("2031-06-01", tick=False)

    assert make_incident(occurred_from="").public_id == "INC-2031-0001"


def test_the_prefix_is_a_setting(settings):
    settings.INCIDENT_ID_PREFIX = "ACME"

    assert make_incident().public_id == "ACME-2025-0001"


@pytest.mark.parametrize("public_id", ["", "inc-2025-0001", "INC-25-1", "INC-2025-0001 "])
def test_the_database_refuses_what_is_no_id(public_id):
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(public_id=public_id, title="x")


def test_who_may_not_write_begins_nothing():
    with pytest.raises(NotAllowed, match="add incident"):
        begin_incident(incident=Incident(title="x"), by=make_editor("Publisher"))

    assert not Incident.objects.exists()
