"""What the database itself refuses to hold."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import CharField, Value

from incidents.record.models import Incident
from tests.factories import make_incident, make_service, make_technique

pytestmark = pytest.mark.django_db


def as_text(text: str) -> Value:
    """A text that goes past the field's own checks to the database."""
    return Value(text, output_field=CharField())


WRONG = {
    "no title": lambda incident: Incident.objects.update(title=""),
    "a made-up severity": lambda incident: Incident.objects.update(severity="apocalyptic"),
    "a made-up label": lambda incident: Incident.objects.update(tlp="white"),
    "a month 13": lambda incident: Incident.objects.update(occurred_from=as_text("2025-13")),
    "a date in words": lambda incident: Incident.objects.update(resolved=as_text("yesterday")),
    "scheduled without a time": lambda incident: Incident.objects.update(workflow_state="scheduled"),
    "a source that is a script": lambda incident: incident.sources.create(
        number=1, title="x", url="javascript:alert(1)"
    ),
    "a source numbered nought": lambda incident: incident.sources.create(number=0, title="x", url="https://x.example"),
    "a number twice": lambda incident: [
        incident.sources.create(number=1, title="x", url="https://x.example") for _ in range(2)
    ],
    "a loss without a figure": lambda incident: incident.losses.create(kind="money"),
    "a loss upside down": lambda incident: incident.losses.create(kind="money", low=5, high=1),
    "advice about nothing": lambda incident: incident.recommendations.create(),
    "an impact that is none": lambda incident: incident.affected_services.create(service=make_service(), impact="bad"),
    "a certainty that is none": lambda incident: incident.attacks.create(technique=make_technique(), certainty="sure"),
    "related to itself": lambda incident: incident.related.create(other=incident),
    "a statement without words": lambda incident: incident.statements.create(
        organization=make_service().organization, text=""
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_refuses(wrong):
    incident = make_incident()

    with pytest.raises(IntegrityError), transaction.atomic():
        WRONG[wrong](incident)
