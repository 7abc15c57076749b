"""What advisories say about the state of a service, and what holds now. Nothing is made up, least of all that it works."""

import datetime as dt
from typing import Any

import pytest

from incidents.publication.document import ImpactThen, ServiceEffect, ServiceRef, Timeline, UpdateNote
from incidents.publication.models import Advisory
from incidents.representations.html.service_spells import Spell, spells_of, standing_of
from incidents.vocabulary.words import IncidentState, ServiceImpact, UpdateKind
from tests.factories.corpus import release_document

pytestmark = pytest.mark.django_db
KEY = "harbour-bank/online-banking"
SERVICE = ServiceRef(key=KEY, name="Online banking", organization="Harbour Bank")
NOW = dt.datetime(2025, 1, 20, 12, tzinfo=dt.UTC)


def affected(impact: ServiceImpact, start: str = "", end: str = "", key: str = KEY) -> ServiceEffect:
    service = ServiceRef(key=key, name=key, organization="Harbour Bank")
    return ServiceEffect(service=service, impact=impact, occurred_from=start, occurred_to=end)


def report(at: str, impact: ServiceImpact) -> UpdateNote:
    return UpdateNote(
        at=at, kind=UpdateKind.MONITORING, title="Report", impacts=(ImpactThen(service=SERVICE, impact=impact),)
    )


def release_about(*effects: ServiceEffect, updates: tuple[UpdateNote, ...] = (), **fields: Any) -> Advisory:
    return release_document(affected_services=effects, updates=updates, **fields)


def spans(spells: list[Spell]) -> list[tuple[str, str, str]]:
    return [(spell.impact.value, spell.occurred_from, spell.occurred_to) for spell in spells]


def test_each_effect_is_a_spell_in_the_order_of_time() -> None:
    advisory = release_about(
        affected(ServiceImpact.DEGRADED, "2025-01-05", "2025-01-06"),
        affected(ServiceImpact.MAJOR_OUTAGE, "2025-01-04T10:00Z", "2025-01-05"),
        affected(ServiceImpact.MAJOR_OUTAGE, "2025-01-01", "2025-01-02", key="harbour-bank/cards"),
    )

    assert spans(spells_of(advisory, KEY, NOW)) == [
        ("major_outage", "2025-01-04T10:00Z", "2025-01-05"),
        ("degraded", "2025-01-05", "2025-01-06"),
    ]


def test_a_report_of_another_state_ends_an_outage_and_begins_what_follows() -> None:
    advisory = release_about(
        affected(ServiceImpact.MAJOR_OUTAGE, "2025-01-04T10:00Z"),
        updates=(
            report("2025-01-04T12:00Z", ServiceImpact.PARTIAL_OUTAGE),
            report("2025-01-04T13:00Z", ServiceImpact.PARTIAL_OUTAGE),
            report("2025-01-04T15:00Z", ServiceImpact.OPERATIONAL),
        ),
    )

    assert spans(spells_of(advisory, KEY, NOW)) == [
        ("major_outage", "2025-01-04T10:00Z", "2025-01-04T12:00Z"),
        ("partial_outage", "2025-01-04T12:00Z", "2025-01-04T15:00Z"),
    ]


def test_a_report_of_an_outage_does_not_end_an_exposure_of_data() -> None:
    advisory = release_about(
        affected(ServiceImpact.DATA_EXPOSED, "2025-01-04"),
        updates=(
            report("2025-01-05", ServiceImpact.PARTIAL_OUTAGE),
            report("2025-01-07", ServiceImpact.OPERATIONAL),
        ),
    )

    assert spans(spells_of(advisory, KEY, NOW)) == [("data_exposed", "2025-01-04", "2025-01-07")]


def test_reports_alone_make_spells() -> None:
    advisory = release_about(
        updates=(report("2025-01-05T08:00Z", ServiceImpact.DEGRADED), report("2025-01-06", ServiceImpact.OPERATIONAL))
    )

    assert spans(spells_of(advisory, KEY, NOW)) == [("degraded", "2025-01-05T08:00Z", "2025-01-06")]


def test_a_spell_without_an_end_lasts_while_its_incident_is_open() -> None:
    (open_now,) = spells_of(release_about(affected(ServiceImpact.DEGRADED, "2025-01-05")), KEY, NOW)
    closed = release_about(affected(ServiceImpact.DEGRADED, "2025-01-05"), state=IncidentState.RESOLVED)
    (over,) = spells_of(closed, KEY, NOW)

    assert (open_now.is_ongoing, open_now.ends, open_now.is_vague) == (True, NOW, False)
    assert (over.is_ongoing, over.occurred_to, over.is_vague) == (False, "", True)
    assert over.ends == dt.datetime(2025, 1, 5, 23, 59, 59, tzinfo=dt.UTC)


def test_a_drawing_ends_with_the_incident_where_the_end_of_the_spell_is_not_said() -> None:
    timeline = Timeline(occurred_from="2025-01-02", occurred_to="2025-01-09")
    closed = release_about(
        affected(ServiceImpact.DEGRADED, "2025-01-05"), state=IncidentState.RESOLVED, timeline=timeline
    )

    (spell,) = spells_of(closed, KEY, NOW)

    assert (spell.occurred_to, spell.ends) == ("", dt.datetime(2025, 1, 9, 23, 59, 59, tzinfo=dt.UTC))


def test_a_month_is_not_taken_for_its_first_day() -> None:
    (spell,) = spells_of(release_about(affected(ServiceImpact.DEGRADED, "2024-11", "2024-12")), KEY, NOW)

    assert (spell.occurred_from, spell.is_vague) == ("2024-11", True)
    assert spell.ends == dt.datetime(2024, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


def test_what_has_not_begun_and_what_is_an_exercise_is_no_spell() -> None:
    planned = release_about(affected(ServiceImpact.RESTRICTED, "2025-02-01"))
    exercise = release_about(affected(ServiceImpact.MAJOR_OUTAGE, "2025-01-05"), is_exercise=True)

    assert (spells_of(planned, KEY, NOW), spells_of(exercise, KEY, NOW)) == ([], [])


def test_an_effect_that_says_that_it_works_is_no_spell() -> None:
    assert spells_of(release_about(affected(ServiceImpact.OPERATIONAL, "2025-01-05")), KEY, NOW) == []


def test_the_state_now_is_the_worst_that_lasts() -> None:
    advisories = [
        release_about(affected(ServiceImpact.DEGRADED, "2025-01-05")),
        release_about(affected(ServiceImpact.MAJOR_OUTAGE, "2025-01-03")),
        release_about(affected(ServiceImpact.COMPROMISED, "2025-01-03", "2025-01-04")),
    ]

    spells = [spell for advisory in advisories for spell in spells_of(advisory, KEY, NOW)]
    standing = standing_of(KEY, advisories, spells)

    assert standing.worst is ServiceImpact.MAJOR_OUTAGE
    assert [spell.impact for spell in standing.ongoing] == [ServiceImpact.MAJOR_OUTAGE, ServiceImpact.DEGRADED]


def test_an_open_incident_whose_last_report_says_that_it_works_is_watched() -> None:
    advisory = release_about(
        affected(ServiceImpact.MAJOR_OUTAGE, "2025-01-03"), updates=(report("2025-01-04", ServiceImpact.OPERATIONAL),)
    )

    standing = standing_of(KEY, [advisory], spells_of(advisory, KEY, NOW))

    assert standing.worst is None
    assert [(one.public_id, said.at) for one, said in standing.watched] == [(advisory.public_id, "2025-01-04")]


def test_a_disputed_incident_says_nothing_about_now() -> None:
    advisory = release_about(affected(ServiceImpact.MAJOR_OUTAGE, "2025-01-03"), state=IncidentState.DISPUTED)

    assert standing_of(KEY, [advisory], spells_of(advisory, KEY, NOW)).worst is None
