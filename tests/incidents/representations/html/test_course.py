"""The line of each service, lying down."""

from incidents.publication.document import AdvisoryDocument, ImpactThen, ServiceEffect, ServiceRef, UpdateNote
from incidents.representations.html.arrange import service_courses
from incidents.representations.html.course import Drawing, draw
from incidents.vocabulary.words import ServiceImpact, UpdateKind
from tests.factories.documents import make_document

LEDGER = ServiceRef(key="harbour-bank/ledger", name="Ledger", organization="Harbour Bank")


def spell(impact: ServiceImpact, start: str = "", end: str = "") -> ServiceEffect:
    return ServiceEffect(service=LEDGER, impact=impact, occurred_from=start, occurred_to=end)


def update(at: str, impact: ServiceImpact) -> UpdateNote:
    impacts = (ImpactThen(service=LEDGER, impact=impact),)
    return UpdateNote(at=at, kind=UpdateKind.MONITORING, title="News", impacts=impacts)


def drawing(document: AdvisoryDocument) -> Drawing | None:
    return draw(document, service_courses(document))


def bars(document: AdvisoryDocument) -> list[tuple[str, str, bool]]:
    found = drawing(document)
    assert found is not None
    return [(one.start, one.width, one.is_open) for line in found.lines for one in line.stretches]


def states(document: AdvisoryDocument) -> list[tuple[str, str, int, ServiceImpact]]:
    found = drawing(document)
    assert found is not None
    return [(one.start, one.width, one.top, one.impact) for line in found.lines for one in line.stretches]


def test_spells_lie_where_their_dates_are():
    document = make_document(
        affected_services=(
            spell(ServiceImpact.DEGRADED, "2025-01-01", "2025-01-05"),
            spell(ServiceImpact.MAJOR_OUTAGE, "2025-01-06", "2025-01-10"),
        )
    )

    assert bars(document) == [("0.0", "50.0", False), ("50.0", "50.0", False)]


def test_an_end_that_is_not_said_is_where_a_report_says_otherwise():
    document = make_document(
        affected_services=(spell(ServiceImpact.DEGRADED, "2025-01-01"),),
        updates=(update("2025-01-06", ServiceImpact.OPERATIONAL), update("2025-01-10", ServiceImpact.OPERATIONAL)),
    )

    assert bars(document) == [("0.0", "50.0", False)]


def test_what_nothing_ends_is_open_after_the_last_report():
    document = make_document(
        affected_services=(spell(ServiceImpact.DEGRADED, "2025-01-01"),),
        updates=(update("2025-01-10", ServiceImpact.DEGRADED),),
    )

    assert bars(document) == [("0.0", "90.0", False), ("90.0", "10.0", True)]


def test_reports_alone_are_a_line():
    document = make_document(
        updates=(
            update("2025-01-01", ServiceImpact.MAJOR_OUTAGE),
            update("2025-01-03", ServiceImpact.DEGRADED),
            update("2025-01-06", ServiceImpact.OPERATIONAL),
            update("2025-01-10", ServiceImpact.OPERATIONAL),
        )
    )

    assert states(document) == [
        ("0.0", "20.0", 3, ServiceImpact.MAJOR_OUTAGE),
        ("20.0", "30.0", 7, ServiceImpact.DEGRADED),
    ]


def test_what_a_report_says_holds_within_a_spell():
    document = make_document(
        affected_services=(spell(ServiceImpact.MAJOR_OUTAGE, "2025-01-01", "2025-01-05"),),
        updates=(update("2025-01-03", ServiceImpact.DEGRADED), update("2025-01-10", ServiceImpact.OPERATIONAL)),
    )

    assert states(document) == [
        ("0.0", "20.0", 3, ServiceImpact.MAJOR_OUTAGE),
        ("20.0", "30.0", 7, ServiceImpact.DEGRADED),
    ]


def test_a_report_of_the_day_on_which_a_spell_ended_comes_after_it():
    document = make_document(
        affected_services=(spell(ServiceImpact.MAJOR_OUTAGE, "2025-01-01", "2025-01-05T12:00Z"),),
        updates=(update("2025-01-05", ServiceImpact.OPERATIONAL), update("2025-01-10", ServiceImpact.OPERATIONAL)),
    )

    assert states(document) == [("0.0", "45.0", 3, ServiceImpact.MAJOR_OUTAGE)]


def test_what_happened_to_data_has_a_lane_of_its_own():
    document = make_document(
        affected_services=(
            spell(ServiceImpact.DEGRADED, "2025-01-01", "2025-01-10"),
            spell(ServiceImpact.DATA_EXPOSED, "2025-01-06", "2025-01-10"),
        )
    )

    assert states(document) == [
        ("0.0", "100.0", 7, ServiceImpact.DEGRADED),
        ("50.0", "50.0", 27, ServiceImpact.DATA_EXPOSED),
    ]
    found = drawing(document)
    assert found is not None
    assert (found.lines[0].height, found.impacts) == (44, (ServiceImpact.DEGRADED, ServiceImpact.DATA_EXPOSED))


def test_a_spell_of_minutes_can_still_be_seen():
    document = make_document(
        affected_services=(
            spell(ServiceImpact.DEGRADED, "2025-01-01T10:00Z", "2025-01-01T10:05Z"),
            spell(ServiceImpact.DEGRADED, "2025-12-31", "2025-12-31"),
        )
    )

    assert bars(document)[0] == ("0.0", "0.8", False)


def test_no_bar_reaches_beyond_the_drawing():
    document = make_document(
        affected_services=(
            spell(ServiceImpact.DEGRADED, "2020", "2020"),
            spell(ServiceImpact.DEGRADED, "2025-01-01T10:00Z", "2025-01-01T10:00Z"),
        )
    )

    assert all(float(start) + float(width) <= 100 for start, width, _ in bars(document))


def test_what_works_is_the_thin_line_itself():
    document = make_document(
        affected_services=(
            spell(ServiceImpact.OPERATIONAL, "2025-01-01", "2025-01-05"),
            spell(ServiceImpact.COMPROMISED, "2025-01-06", "2025-01-10"),
        )
    )

    assert bars(document) == [("50.0", "50.0", False)]


def test_updates_are_ticks_on_the_line_of_their_service():
    found = drawing(
        make_document(
            affected_services=(spell(ServiceImpact.DEGRADED, "2025-01-01", "2025-01-10"),),
            updates=(update("2025-01-06", ServiceImpact.DEGRADED),),
        )
    )

    assert found is not None
    assert found.lines[0].ticks == ("50.0",)


def test_without_dates_that_span_time_nothing_is_drawn():
    assert drawing(make_document()) is None
    assert drawing(make_document(affected_services=(spell(ServiceImpact.DEGRADED),))) is None
    assert drawing(make_document(affected_services=(spell(ServiceImpact.DEGRADED, "2025", "2025"),))) is None
    assert drawing(make_document(updates=(update("2025-01-06", ServiceImpact.DEGRADED),))) is None
