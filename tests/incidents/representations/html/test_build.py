"""The advisory page as a whole."""

import datetime as dt

import pytest
from django.test import override_settings
from django.utils import timezone, translation
from msgspec.structs import replace

from incidents.publication.document import (
    ActorRef,
    Advice,
    AdvisoryDocument,
    AttachmentRef,
    AttackStep,
    AttributionClaim,
    ImpactThen,
    Involvement,
    LossFigure,
    MitigationRef,
    Narrative,
    OrganizationRef,
    RelatedRef,
    ServiceEffect,
    ServiceRef,
    SourceRef,
    StatementText,
    TagRef,
    TechniqueRef,
    UpdateNote,
)
from incidents.representations.html.build import build_html
from incidents.vocabulary.words import (
    ActorKind,
    AttributionStatus,
    Certainty,
    Confidence,
    Framework,
    LossKind,
    OrganizationRole,
    Priority,
    ReaderGroup,
    Relation,
    ReleaseKind,
    ServiceImpact,
    SourceKind,
    UpdateKind,
)
from tests.factories import make_full_incident, publish_incident
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.html.reading import Page

BASE = "https://tocsin.example"
HOSTILE = '</title></script><script>alert("1")</script><img src=x onerror=alert(2)>\' {{ 7|add:7 }}'


def read(document: AdvisoryDocument) -> Page:
    return Page(build_html(document, BASE))


def withdrawn(**fields) -> AdvisoryDocument:
    note = make_note(3, kind=ReleaseKind.WITHDRAWAL, reason="It did not happen.")
    return make_document(release=note, history=(make_note(1), make_note(2), note), **fields)


@pytest.mark.django_db
def test_the_page_answers_in_the_order_in_which_people_ask():
    document = publish_incident(make_full_incident()).document

    page = read(document)

    assert page.texts("h1") == ["Harbour Bank locked out of its ledgers"]
    assert page.texts("h2") == [
        "In brief",
        "What happened",
        "Timeline",
        "Impact",
        "Techniques",
        "Who is responsible",
        "How to stay protected",
        "Takeaway",
        "Updates",
        "In their own words",
        "Related incidents",
        "Sources",
        "Cite this",
        "Share",
        "Other formats",
        "Release history",
    ]


@pytest.mark.django_db
def test_the_head_says_severity_state_label_and_last_change():
    document = publish_incident(make_full_incident()).document
    day = f"{document.release.released_at.day} {document.release.released_at:%B %Y}"

    assert read(document).texts("p", "signs") == [f"High Contained TLP:CLEAR Last changed {day}, release 1"]


@pytest.mark.django_db
def test_five_answers_come_first():
    assert read(publish_incident(make_full_incident()).document).answers() == {
        "What": "An outage that lasted a day.",
        "Who is affected": "Customers of Harbour Bank",
        "What to do now": "Use the branch until Monday.",
        "Who is responsible": (
            "Not established. Grey Heron is said to have claimed it, according to The Courier; that is not confirmed."
        ),
        "What changed": "First publication.",
    }


@pytest.mark.django_db
def test_certainty_is_kept_apart():
    page = read(publish_incident(make_full_incident()).document)

    steps = {name: page.texts("li", f"certainty-{name}") for name in Certainty.values}
    assert {name: [text.split(" · ")[0] for text in texts] for name, texts in steps.items()} == {
        "observed": [
            "Observed 1. Data Encrypted for Impact T1486 Seen on 40 hosts. Countered by Data Backup M1053 Sources 1"
        ],
        "suspected": ["SuspectedImpact 2. Network Denial of Service T1498"],
        "context": ["Phishing T1566"],
    }
    assert page.texts("section", "usual")[0].startswith("Commonly used, not shown here Phishing")


@pytest.mark.django_db
def test_a_claim_stands_with_who_says_it_and_is_said_not_to_be_confirmed():
    (voice,) = read(publish_incident(make_full_incident()).document).texts("li", "voice-claimed")

    assert voice == "The Courier Grey Heron Claimed, not confirmed Confidence: low Sources 2"


@pytest.mark.django_db
def test_advice_is_tied_to_the_techniques_it_counters():
    page = read(publish_incident(make_full_incident()).document)

    assert "Data Backup M1053 Counters (observed) Data Encrypted for Impact" in page.text_of("protection")


@pytest.mark.django_db
def test_every_citation_has_its_source_on_the_page():
    page = read(publish_incident(make_full_incident()).document)

    cited = {href[1:] for href in page.attributes("a", "href") if href.startswith("#source-")}
    assert cited == {"source-1", "source-2"} <= set(page.attributes("li", "id"))


@pytest.mark.django_db
def test_every_link_inside_the_page_leads_somewhere():
    page = read(publish_incident(make_full_incident()).document)

    anchors = {attributes["id"] for _, attributes, _ in page.elements if "id" in attributes}
    assert {href[1:] for href in page.attributes("a", "href") if href.startswith("#")} <= anchors


@pytest.mark.django_db
def test_an_advisory_with_a_title_and_a_summary_is_a_whole_page():
    page = read(make_document())

    assert page.texts("h2") == [
        "In brief",
        "What happened",
        "Who is responsible",
        "Cite this",
        "Share",
        "Other formats",
        "Release history",
    ]
    assert page.answers()["Who is responsible"] == "Not known."
    assert page.text_of("what-happened") == "What happened There is no account beyond the summary yet."


def test_a_withdrawn_advisory_says_when_and_why_and_shows_nothing_else_as_current():
    page = read(withdrawn(narrative=Narrative(what_happened="SECRETWORD"), what_to_do_now="SECRETWORD"))
    whole = " ".join(page.texts("main"))

    assert page.texts("s") == ["Harbour Bank locked out of its ledgers"]
    assert "This advisory was withdrawn on 3 January 2025." in whole
    assert "Why: It did not happen." in whole
    assert "release 2 of 2 January 2025" in whole
    assert "SECRETWORD" not in whole
    assert page.texts("h2") == ["Cite this", "Share", "Other formats", "Release history"]


def test_an_exercise_is_said_to_be_one():
    page = read(make_document(is_exercise=True))

    assert "Exercise" in page.texts("span", "tag")
    assert page.texts("p", "notice")[0].startswith("An exercise.")


def test_the_citation_names_this_very_release():
    page = read(make_document(title="The “great” outage"))

    assert page.texts("p", "citation") == [
        "Tocsin: “The ‘great’ outage”, INC-2025-0001, release 1, 1 January 2025. "
        "https://tocsin.example/incidents/INC-2025-0001/releases/1/"
    ]


def test_other_formats_are_linked_for_now_and_for_ever():
    page = read(make_document())
    hrefs = page.attributes("a", "href")

    assert [href for href in hrefs if href.endswith((".md", "0001.json", "/1.json")) and "feed" not in href] == [
        "/incidents/INC-2025-0001.md",
        "/incidents/INC-2025-0001/releases/1.md",
        "/incidents/INC-2025-0001.json",
        "/incidents/INC-2025-0001/releases/1.json",
    ]


def test_other_formats_stand_by_what_they_are_for():
    assert read(make_document()).texts("h3", "formats-for") == ["To read", "To cite", "To share", "For machines"]


def test_the_citation_is_offered_for_reference_managers_pinned_to_this_release():
    hrefs = read(make_document()).attributes("a", "href")

    assert [href for href in hrefs if href.endswith((".bib", ".ris", ".csl.json"))][:3] == [
        "/incidents/INC-2025-0001/releases/1.bib",
        "/incidents/INC-2025-0001/releases/1.ris",
        "/incidents/INC-2025-0001/releases/1.csl.json",
    ]


def test_the_head_of_the_page_tells_machines_where_it_is():
    page = read(make_document())

    links = {attributes["rel"]: attributes["href"] for tag, attributes, _ in page.elements if tag == "link"}
    metas = {
        attributes.get("property", ""): attributes["content"]
        for tag, attributes, _ in page.elements
        if tag == "meta" and "content" in attributes
    }
    assert links["canonical"] == metas["og:url"] == "https://tocsin.example/incidents/INC-2025-0001/"
    assert links["cite-as"] == "https://tocsin.example/incidents/INC-2025-0001/releases/1/"
    assert metas["og:title"] == "Harbour Bank locked out of its ledgers"
    assert metas["og:image"] == "https://tocsin.example/incidents/INC-2025-0001/releases/1.og.png"
    assert metas["og:image:alt"] == (
        "INC-2025-0001: Harbour Bank locked out of its ledgers. Severity medium, TLP:CLEAR, release 1, 1 January 2025."
    )
    assert metas["article:published_time"] == "2025-01-01T12:00:00+00:00"


def test_it_builds_the_same_bytes_twice_whatever_zone_and_language_are_active():
    document = make_document(updates=(UpdateNote(at="2025-01", kind=UpdateKind.MONITORING, title="Calm"),))

    with timezone.override(dt.timezone(dt.timedelta(hours=9))), translation.override("de"):
        elsewhere = build_html(document, BASE)

    assert build_html(document, BASE) == elsewhere == build_html(document, BASE)


def test_text_says_its_language_and_finds_its_own_direction():
    page = read(make_document(language="fa", title="نشت داده", summary="خلاصه"))

    assert {(attributes.get("lang"), attributes.get("dir")) for tag, attributes, _ in page.elements if tag == "h1"} == {
        ("fa", "auto")
    }


def test_two_hundred_updates_are_folded_after_the_newest():
    updates = tuple(
        UpdateNote(at=f"20{year}-{month:02}", kind=UpdateKind.MONITORING, title=f"Note {year} {month}")
        for year in range(10, 30)
        for month in range(1, 11)
    )

    page = read(make_document(updates=updates))

    assert page.texts("summary") == [
        "Print or save as PDF",
        "On this page",
        "171 entries between",
        "180 earlier updates",
        "Show it on your own site",
    ]
    assert sum(identity.startswith("update-") for identity in page.attributes("li", "id")) == 200


@override_settings(SITE_NAME="Alarm & Co")
def test_the_name_of_the_site_is_a_setting():
    assert read(make_document()).texts("title") == ["Harbour Bank locked out of its ledgers · Alarm & Co"]


ORGANIZATION = OrganizationRef(slug=HOSTILE, name=HOSTILE, sector=HOSTILE, country=HOSTILE)
SERVICE = ServiceRef(key=HOSTILE, name=HOSTILE, organization=HOSTILE, kind=HOSTILE)
TECHNIQUE = TechniqueRef(
    framework=Framework.ATTACK, external_id=HOSTILE, name=HOSTILE, url="javascript:alert(3)", tactics=(HOSTILE,)
)
MITIGATION = MitigationRef(framework=Framework.ATTACK, external_id=HOSTILE, name=HOSTILE, url="javascript:alert(3)")
ACTOR = ActorRef(slug=HOSTILE, name=HOSTILE, kind=ActorKind.HACKTIVIST)
SOURCE = SourceRef(
    number=1,
    title=HOSTILE,
    url="javascript:alert(3)",
    kind=SourceKind.NEWS,
    publisher=HOSTILE,
    author=HOSTILE,
    archive_url="data:text/html,<script>alert(3)</script>",
    language=HOSTILE,
)
ADVICE = Advice(
    audience=ReaderGroup.USERS,
    priority=Priority.NOW,
    title=HOSTILE,
    mitigation=MITIGATION,
    advice=HOSTILE,
    counters=(TECHNIQUE.key,),
)
CLAIM = AttributionClaim(
    actor=ACTOR, status=AttributionStatus.CLAIMED, confidence=Confidence.LOW, said_by=HOSTILE, basis=HOSTILE
)
THEN = ImpactThen(service=SERVICE, impact=ServiceImpact.DEGRADED)
FILE = AttachmentRef(name=HOSTILE, title=HOSTILE, media_type=HOSTILE, sha256="a" * 64, size=1, alt_text=HOSTILE)


def hostile_document() -> AdvisoryDocument:
    """A document with markup, quotation marks and template code in every text it has."""
    return make_document(
        release=make_note(reason=HOSTILE),
        **dict.fromkeys(("title", "summary", "who_is_affected", "what_to_do_now"), HOSTILE),
        language='"><script>alert(4)</script>',
        narrative=Narrative(**dict.fromkeys(Narrative.__struct_fields__, HOSTILE)),
        tags=(TagRef(slug=HOSTILE, name=HOSTILE),),
        organizations=(Involvement(organization=ORGANIZATION, role=OrganizationRole.VICTIM),),
        attacks=(AttackStep(technique=TECHNIQUE, certainty=Certainty.OBSERVED, tactic=HOSTILE, description=HOSTILE),),
        affected_services=(ServiceEffect(service=SERVICE, impact=ServiceImpact.DEGRADED, note=HOSTILE),),
        recommendations=(ADVICE,),
        attributions=(CLAIM,),
        losses=(LossFigure(kind=LossKind.MONEY, low=HOSTILE, unit=HOSTILE, said_by=HOSTILE, note=HOSTILE),),
        sources=(SOURCE,),
        statements=(StatementText(organization=ORGANIZATION, text=HOSTILE),),
        updates=(UpdateNote(at="2025", kind=UpdateKind.MONITORING, title=HOSTILE, text=HOSTILE, impacts=(THEN,)),),
        related=(RelatedRef(id="INC-2025-0002", title=HOSTILE, relation=Relation.SIMILAR, why=HOSTILE),),
        attachments=(FILE,),
    )


@pytest.mark.parametrize("kind", [ReleaseKind.INITIAL, ReleaseKind.WITHDRAWAL])
def test_hostile_text_in_any_field_stays_text(kind):
    document = hostile_document()
    document = replace(document, release=replace(document.release, kind=kind))

    page = read(document)

    inline = [attributes for tag, attributes, _ in page.elements if tag == "script" and "src" not in attributes]
    assert inline == [{"type": "application/ld+json"}]
    assert page.attributes("img", "src") == []
    assert {name for _, attributes, _ in page.elements for name in attributes if name.startswith("on")} == set()
    assert [href for href in page.attributes("a", "href") if href.startswith(("javascript:", "data:"))] == []
    assert "14" not in "".join(page.texts("h1"))
