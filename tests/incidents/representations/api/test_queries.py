"""What addresses of the API cost does not depend on how many rows there are."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import (
    make_actor,
    make_incident,
    make_mitigation,
    make_organization,
    make_service,
    make_tag,
    make_technique,
    publish_incident,
)

pytestmark = pytest.mark.django_db
COSTS = {
    "advisories/": 3,
    "advisories/?q=outage": 6,
    "advisories/?severity=high&sort=severity": 5,
    "advisories/?modified_since=2000-01-01&fields=id&count=exact": 4,
    "advisories/?count=exact": 5,
    "advisories/?expand=organizations,services,techniques,mitigations,actors,tags": 16,
    "changes/": 1,
    "changes/?slim=1": 1,
    "facets/": 3,
    "facets/?tag=tag-0&severity=high": 5,
    "organizations/": 2,
    "services/": 2,
    "techniques/": 3,
    "mitigations/": 3,
    "actors/": 2,
    "tags/": 2,
}


def publish_many(count: int) -> None:
    for number in range(count):
        incident = make_incident(f"Row {number}", severity="high", organization=make_organization(f"Owner {number}"))
        technique = make_technique(f"T{1000 + number}")
        incident.affected_services.create(
            service=make_service(f"Service {number}", make_organization(f"Owner {number}"))
        )
        incident.attacks.create(order=1, technique=technique, certainty="observed")
        incident.recommendations.create(mitigation=make_mitigation(f"M{1000 + number}", "Backup", technique))
        incident.attributions.create(actor=make_actor(f"Actor {number}"), said_by="The Courier")
        incident.tags.add(make_tag(f"tag {number}"))
        publish_incident(incident)


@pytest.mark.parametrize("count", [1, 30])
def test_an_answer_costs_the_same_queries_for_one_row_and_for_thirty(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    publish_many(count)

    for place, cost in COSTS.items():
        cache.clear()
        with django_assert_num_queries(cost, info=place):
            assert client.get(f"/api/v1/{place}").status_code == 200
