"""What stands together on the page, and in which order."""

import pytest

from incidents.publication.document import (
    Advice,
    AdvisoryDocument,
    AttackStep,
    ImpactThen,
    LossFigure,
    ServiceEffect,
    ServiceRef,
    TechniqueRef,
    UpdateNote,
)
from incidents.representations.html import arrange
from incidents.vocabulary.words import (
    Certainty,
    Framework,
    LossKind,
    Priority,
    ReaderGroup,
    ServiceImpact,
    Significance,
    UpdateKind,
)
from tests.factories.documents import make_document, make_note

LEDGER = ServiceRef(key="harbour-bank/ledger", name="Ledger", organization="Harbour Bank")
FLOOD = TechniqueRef(
    framework=Framework.ATTACK,
    external_id="T1498",
    name="Network Denial of Service",
    tactics=("Impact", "Initial Access"),
)


def update(at: str, *impacts: ServiceImpact) -> UpdateNote:
    then = tuple(ImpactThen(service=LEDGER, impact=impact) for impact in impacts)
    return UpdateNote(at=at, kind=UpdateKind.MONITORING, title=f"As of {at}", impacts=then)


def spell(impact: ServiceImpact, start: str, end: str = "") -> ServiceEffect:
    return ServiceEffect(service=LEDGER, impact=impact, occurred_from=start, occurred_to=end)


@pytest.mark.parametrize(
    ("low", "likely", "high", "said"),
    [
        ("1200", "", "", "at least 1,200 EUR"),
        ("", "", "3000.50", "at most 3,000.50 EUR"),
        ("1200", "", "3000", "1,200 to 3,000 EUR"),
        ("1200", "", "1200", "1,200 EUR"),
        ("", "2000", "", "2,000 EUR"),
        ("1200", "2000", "3000", "2,000 (1,200 to 3,000) EUR"),
        ("2000", "2000", "2000", "2,000 EUR"),
        ("", "", "", "Not quantified"),
    ],
)
def test_a_figure_says_what_is_known_of_it(low, likely, high, said):
    loss = LossFigure(kind=LossKind.MONEY, low=low, likely=likely, high=high, unit="EUR")

    assert arrange.figure_in_words(loss) == said


def test_figures_of_one_kind_stand_together():
    losses = tuple(LossFigure(kind=kind, likely="1") for kind in (LossKind.PEOPLE, LossKind.MONEY, LossKind.PEOPLE))

    groups = arrange.figures(make_document(losses=losses))

    assert [(group.kind, len(group.losses)) for group in groups] == [(LossKind.MONEY, 1), (LossKind.PEOPLE, 2)]


def rows(document: AdvisoryDocument) -> list[tuple[ServiceImpact, str]]:
    (course,) = arrange.service_courses(document)
    return [(row.impact, row.at) for row in course.rows]


def test_the_states_of_a_service_follow_in_time():
    effects = (
        spell(ServiceImpact.MAJOR_OUTAGE, "2025-01-28", "2025-01-28"),
        spell(ServiceImpact.DEGRADED, "2025-01-27"),
    )
    updates = (update("2025-01-30", ServiceImpact.OPERATIONAL), update("2025-01-29", ServiceImpact.DEGRADED))

    assert rows(make_document(affected_services=effects, updates=updates)) == [
        (ServiceImpact.DEGRADED, "2025-01-27"),
        (ServiceImpact.MAJOR_OUTAGE, "2025-01-28"),
        (ServiceImpact.OPERATIONAL, "2025-01-30"),
    ]


def test_a_report_that_repeats_the_one_before_or_a_spell_adds_no_row():
    document = make_document(
        affected_services=(spell(ServiceImpact.DEGRADED, "2025-01-27", "2025-01-28"),),
        updates=(
            update("2025-01-28", ServiceImpact.DEGRADED),
            update("2025-01-29", ServiceImpact.RESTRICTED),
            update("2025-01-30", ServiceImpact.RESTRICTED),
        ),
    )

    assert rows(document) == [(ServiceImpact.DEGRADED, "2025-01-27"), (ServiceImpact.RESTRICTED, "2025-01-29")]


def test_a_service_that_only_an_update_names_is_there():
    (course,) = arrange.service_courses(make_document(updates=(update("2025-01-28", ServiceImpact.DEGRADED),)))

    assert (course.service, course.spells) == (LEDGER, ())
    assert course.rows == (arrange.StateRow(ServiceImpact.DEGRADED, report=course.reports[0]),)


def test_of_very_many_reports_the_last_are_in_the_table():
    impacts = (ServiceImpact.DEGRADED, ServiceImpact.OPERATIONAL)
    updates = tuple(update(f"2025-01-{day:02}", impacts[day % 2]) for day in range(1, 31))

    (course,) = arrange.service_courses(make_document(updates=updates))

    assert (len(course.rows), course.more_reports, len(course.reports)) == (arrange.REPORTS_SHOWN, 18, 30)


def test_advice_names_only_techniques_of_this_incident():
    advice = Advice(
        audience=ReaderGroup.USERS, priority=Priority.NOW, title="Filter", counters=("attack/T1498", "attack/T9999")
    )
    attacks = (AttackStep(technique=FLOOD, certainty=Certainty.SUSPECTED),)

    (group,) = arrange.audience_groups(make_document(attacks=attacks, recommendations=(advice,)))

    assert group.advice[0].counters == (arrange.Countered(FLOOD, Certainty.SUSPECTED),)


def test_the_most_urgent_advice_stands_first():
    advice = tuple(
        Advice(audience=ReaderGroup.VENDORS, priority=priority, title=priority.value)
        for priority in (Priority.PLAN, Priority.NOW)
    )

    (group,) = arrange.audience_groups(make_document(recommendations=advice))

    assert [one.advice.title for one in group.advice] == ["now", "plan"]


def test_an_update_keeps_its_anchor_when_newer_ones_come():
    document = make_document(updates=(update("2025-02"), update("2025-01")))

    assert [(anchor, one.at) for anchor, one in arrange.updates_newest_first(document)] == [
        ("update-2", "2025-02"),
        ("update-1", "2025-01"),
    ]


def test_each_release_knows_the_one_before_it_that_readers_may_see():
    notes = (make_note(1), make_note(3), make_note(4))

    past = arrange.past_releases(make_document(release=notes[2], history=notes))

    assert [(one.note.number, one.previous, one.is_this) for one in past] == [
        (4, 3, True),
        (3, 1, False),
        (1, None, False),
    ]


def test_releases_and_updates_share_the_bell_line():
    notes = (make_note(1), make_note(2, significance=Significance.EDITORIAL))
    document = make_document(release=notes[1], history=notes, updates=(update("2025-01-01T18:00Z"),))

    ticks, more = arrange.ticks(document)

    assert [(tick.number, tick.anchor, tick.is_material) for tick in ticks] == [
        (2, "", False),
        (0, "update-1", True),
        (1, "", True),
    ]
    assert more == 0


def test_the_bell_line_in_the_margin_is_short():
    document = make_document(updates=tuple(update(f"20{year}") for year in range(10, 99)))

    ticks, more = arrange.ticks(document)

    assert (len(ticks), more) == (arrange.TICKS_SHOWN, 90 - arrange.TICKS_SHOWN)
