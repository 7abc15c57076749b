"""One line of time."""

from typing import Any

import pytest

from incidents.publication.document import (
    AdvisoryDocument,
    AttackStep,
    AttributionClaim,
    DatedClaim,
    OrganizationRef,
    ServiceEffect,
    ServiceRef,
    SourceRef,
    StatementText,
    TechniqueRef,
    Timeline,
    UpdateNote,
)
from incidents.representations.html.build import build_html
from incidents.representations.html.timeline import ENDS_SHOWN, EventKind, timeline
from incidents.vocabulary.dates import DatePrecision
from incidents.vocabulary.words import (
    AttributionStatus,
    Certainty,
    Confidence,
    Framework,
    IncidentDate,
    ServiceImpact,
    SourceKind,
    UpdateKind,
)
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.html.reading import Page

BANK = OrganizationRef(slug="harbour-bank", name="Harbour Bank")
LEDGER = ServiceRef(key="harbour-bank/ledger", name="Ledger", organization="Harbour Bank")
PHISHING = TechniqueRef(framework=Framework.ATTACK, external_id="T1566", name="Phishing")


def source(number: int, published_on: str) -> SourceRef:
    return SourceRef(
        number=number,
        title=f"Report {number}",
        url="https://n.example/",
        kind=SourceKind.NEWS,
        published_on=published_on,
    )


def update(at: str) -> UpdateNote:
    return UpdateNote(at=at, kind=UpdateKind.MONITORING, title=f"As of {at}")


def events(document: AdvisoryDocument) -> list[tuple[str, EventKind, str]]:
    line = timeline(document)
    assert line is not None
    return [(one.at, one.kind, one.title) for one in (*line.first, *line.folded, *line.last)]


def begun(**fields: Any) -> AdvisoryDocument:
    return make_document(timeline=Timeline(occurred_from="2024-12"), **fields)


def test_what_happened_and_what_was_said_stand_on_one_line():
    document = make_document(
        timeline=Timeline(occurred_from="2024-12-27", disclosed="2024-12-28T09:30Z"),
        attacks=(AttackStep(technique=PHISHING, certainty=Certainty.OBSERVED, occurred_from="2024-12-26"),),
        affected_services=(
            ServiceEffect(service=LEDGER, impact=ServiceImpact.DEGRADED, occurred_from="2024-12-27T08:00Z"),
        ),
        updates=(update("2024-12-29"),),
        statements=(StatementText(organization=BANK, text="Sorry.", made_on="2024-12-30"),),
        attributions=(
            AttributionClaim(
                actor=None,
                status=AttributionStatus.UNCLAIMED,
                confidence=Confidence.LOW,
                said_by="X",
                said_on="2024-12-31",
            ),
        ),
        sources=(source(1, "2025"),),
    )

    assert events(document) == [
        ("2024-12-26", EventKind.HAPPENED, "Phishing"),
        ("2024-12-27", EventKind.HAPPENED, "The incident began"),
        ("2024-12-27T08:00Z", EventKind.SERVICES, "Ledger"),
        ("2024-12-28T09:30Z", EventKind.HAPPENED, "Disclosed"),
        ("2024-12-29", EventKind.UPDATES, "As of 2024-12-29"),
        ("2024-12-30", EventKind.SAID, "Statement by Harbour Bank"),
        ("2024-12-31", EventKind.SAID, "X names nobody as responsible"),
        ("2025", EventKind.SAID, "Report 1"),
        ("2025-01-01T12:00Z", EventKind.RELEASES, "Release 1: first publication"),
    ]


def test_what_is_only_commonly_used_is_no_event():
    steps = (AttackStep(technique=PHISHING, certainty=Certainty.CONTEXT, occurred_from="2024-12-26"),)

    assert "Phishing" not in [title for _, _, title in events(begun(attacks=steps))]


def test_sources_of_one_date_are_one_entry():
    line = timeline(begun(sources=(source(1, "2025-01-02"), source(2, "2025-01-02"), source(3, "2025-01-03"))))

    assert line is not None
    assert [(one.title, one.cites) for one in line.first if one.kind is EventKind.SAID] == [
        ("2 sources published", (1, 2)),
        ("Report 3", ()),
    ]


def test_a_date_stands_with_its_sources_and_competing_dates_beside_it():
    claims = (
        DatedClaim(event=IncidentDate.OCCURRED_FROM, at="2024-12", said_by="X", confidence=Confidence.HIGH, cites=(1,)),
        DatedClaim(event=IncidentDate.OCCURRED_FROM, at="2024-11", said_by="Y", confidence=Confidence.LOW, cites=(2,)),
    )

    line = timeline(begun(date_claims=claims))

    assert line is not None
    assert [(one.at, one.title, one.note, one.cites, one.is_claim) for one in line.first[:2]] == [
        ("2024-11", "The incident began", "according to Y, confidence: low; dates differ", (2,), True),
        ("2024-12", "The incident began", "according to X, confidence: high", (1,), False),
    ]


def test_the_page_shows_how_exactly_a_date_is_known():
    page = Page(build_html(begun(updates=(update("2024-12-27"), update("2025"))), "https://tocsin.example"))

    assert [css for css in page.attributes("li", "class") if css.startswith("at-")] == [
        "at-month of-happened",
        "at-day of-updates",
        "at-year of-updates",
        "at-minute of-releases",
    ]
    assert "A long tick: only the month or the year is known." in page.text_of("timeline")


def test_the_filter_offers_the_kinds_that_are_there():
    page = Page(build_html(begun(updates=(update("2025-01-02"),)), "https://tocsin.example"))

    values = [found["value"] for tag, found, _ in page.elements if tag == "input" and found.get("type") == "radio"]
    assert values == ["all", "happened", "updates", "releases"]


@pytest.mark.parametrize("document", [make_document(), make_document(history=(make_note(1), make_note(2)))])
def test_releases_alone_make_no_line(document):
    assert timeline(document) is None


def test_a_long_line_is_folded_in_the_middle():
    line = timeline(
        begun(updates=tuple(update(f"2025-01-01T{hour:02}:{minute:02}Z") for hour in range(10) for minute in range(20)))
    )

    assert line is not None
    assert (len(line.first), len(line.folded), len(line.last)) == (ENDS_SHOWN, 202 - 2 * ENDS_SHOWN, ENDS_SHOWN)


def test_precision_is_read_from_the_date():
    line = timeline(begun())

    assert line is not None
    assert [event.precision for event in line.first] == [DatePrecision.MONTH, DatePrecision.MINUTE]
