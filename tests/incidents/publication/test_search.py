"""Search: one set of questions whose answers are the same, in the same order, on both engines."""

import pytest
from django.http import QueryDict

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.document import Narrative
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.fulltext import index
from incidents.publication.models import Advisory
from incidents.publication.rebuild import rebuild_projection
from incidents.publication.search import index_advisory
from incidents.publication.spelling import distance, nearest_words
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty, ReleaseKind, Severity
from tests.factories import make_incident, publish_incident
from tests.factories.corpus import advice, claim, effect, involved, release_document, step, tagged

pytestmark = pytest.mark.django_db


def asked(query: str, audience: Audience = PUBLIC) -> AdvisoryFilter:
    found = AdvisoryFilter(QueryDict(query), Advisory.objects.visible_to(audience))
    assert found.problems == {}
    return found


def titles(query: str, audience: Audience = PUBLIC) -> list[str]:
    return [row.title for row in asked(query, audience).page().rows]


@pytest.fixture
def corpus() -> None:
    """The oldest first."""
    release_document(
        "A chat history was open to everybody",
        organizations=(involved("deepseek", sector="artificial-intelligence", country="CN"),),
        affected_services=(effect("deepseek/api"),),
        attacks=(step("T1530"), step("AML.T0051", Certainty.SUSPECTED)),
        narrative=Narrative(what_happened="A database stood **open** without a password. See CVE-2024-3094."),
    )
    release_document(
        "Deepseek imitated by fraudsters",
        organizations=(involved("harbour-bank", sector="financial-services", country="NL"),),
        recommendations=(advice("M1032"),),
        summary="Pages that look alike took passwords.",
        tags=tagged("phishing"),
    )
    release_document(
        "Ransomware at a hospital",
        severity=Severity.CRITICAL,
        organizations=(involved("st-mary", sector="healthcare", country="DE"),),
        attributions=(claim("grey-heron"),),
        attacks=(step("T1486"),),
        narrative=Narrative(what_happened="Nothing was stolen. A member had used deepseek before."),
    )
    release_document("深度求索数据库泄露事件", language="zh", summary="研究人员发现一个公开的数据库。")
    release_document("अस्पताल में डेटा उल्लंघन", language="hi", summary="हैकरों ने रोगियों के रिकॉर्ड चुरा लिए।")
    release_document("Crème brûlée, straße und Übernahme", language="de", summary="Die Täter nutzten naïve Konten.")


HOSPITAL, CHAT, FRAUD = (
    "Ransomware at a hospital",
    "A chat history was open to everybody",
    "Deepseek imitated by fraudsters",
)
CHINESE, HINDI, GERMAN = "深度求索数据库泄露事件", "अस्पताल में डेटा उल्लंघन", "Crème brûlée, straße und Übernahme"
QUESTIONS = {
    # names first, then titles, then texts; the newest first in each
    "deepseek": [CHAT, FRAUD, HOSPITAL],
    "DeepSeek": [CHAT, FRAUD, HOSPITAL],
    "Grey Heron": [HOSPITAL],
    "St Mary": [HOSPITAL],
    "deepseek api": [CHAT],
    # words, all of them; the last may be a beginning; any word with a star
    "ransomw": [HOSPITAL],
    "hospital stolen": [HOSPITAL],
    "hospital password": [],
    "frauds* bank": [FRAUD],
    "frauds bank": [],
    # phrases
    '"without a password"': [CHAT],
    '"password without"': [],
    '"everybody deepseek"': [],
    "“took passwords”": [FRAUD],
    # left out
    "deepseek -ransomware": [CHAT, FRAUD],
    'deepseek -"chat history" -hospital': [FRAUD],
    "-deepseek": [GERMAN, HINDI, CHINESE],
    # ids
    "INC-2025-0003": [HOSPITAL],
    "inc-2025-0003": [HOSPITAL],
    "T1486": [HOSPITAL],
    "AML.T0051": [CHAT],
    "m1032": [FRAUD],
    "CVE-2024-3094": [CHAT],
    "cve 3094": [CHAT],
    "T1486 hospital": [HOSPITAL],
    # several scripts, no stemming, no accents
    "数据库": [CHINESE],
    "求索": [CHINESE],
    "索求": [],
    "डेटा": [HINDI],
    "उल्लंघन अस्पताल": [HINDI],
    "रिकॉर्ड": [HINDI],
    "creme": [GERMAN],
    "CRÈME BRULEE": [GERMAN],
    "strasse": [GERMAN],
    "ubernahme": [GERMAN],
    "naive": [GERMAN],
    "hospitals": [],
    # nothing to look for
    "!!!": [],
    "' OR 1=1 --": [],
    '"': [],
    "NEAR(a b)": [],
    "words:deepseek": [],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_the_same_answer_everywhere(corpus: None, question: str) -> None:
    query = QueryDict(mutable=True)
    query["q"] = question

    assert titles(query.urlencode()) == QUESTIONS[question]


def test_the_newest_order_does_not_weigh(corpus: None) -> None:
    assert titles("q=deepseek&sort=newest") == [HOSPITAL, FRAUD, CHAT]
    assert titles("q=deepseek&sort=severity") == [HOSPITAL, FRAUD, CHAT]


def test_words_and_filters_narrow_together(corpus: None) -> None:
    assert titles("q=deepseek&country=NL&country=CN") == [CHAT, FRAUD]
    assert titles("q=deepseek&sector=healthcare&severity=critical&technique=T1486&certainty=observed") == [HOSPITAL]
    assert titles("q=deepseek&technique=AML.T0051&certainty=observed") == []


@pytest.mark.parametrize("order", ["newest", "severity", "relevance", "occurred"])
def test_pages_of_a_search_show_each_row_once_in_both_directions(order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BLOCKS", (1, 2, 3))
    monkeypatch.setattr(index, "WINDOWS", ((1, 2), (2, 2), (2, 3), (3, 2), (3, 3)))
    for number in range(70):
        release_document(
            f"Bell {number}" if number % 3 else f"Row {number}",
            severity=list(Severity)[number % 5],
            organizations=(involved("bell" if number % 4 == 0 else "other"),),
            summary="A bell rang." if number % 7 else "Silence.",
            timeline=f"20{10 + number % 9}",
        )
    expected = {row.pk for row in asked("q=bell").qs}

    seen, cursor, pages = [], "", []
    while True:
        page = asked(f"q=bell&sort={order}&cursor={cursor}" if cursor else f"q=bell&sort={order}").page()
        seen += [row.pk for row in page.rows]
        pages.append([row.pk for row in page.rows])
        if not page.next:
            break
        cursor = page.next
    back = asked(f"q=bell&sort={order}&cursor={page.previous}").page()

    assert (len(seen), set(seen)) == (len(expected), expected)
    assert [row.pk for row in back.rows] == pages[-2]


@pytest.mark.parametrize(
    "query", ["severity=high", "state=open&tag=x", "state=withdrawn&state=open", "year=2012&q=row", "certainty=context"]
)
def test_the_index_gives_what_the_rows_themselves_give(query: str) -> None:
    for number in range(25):
        release_document(
            f"Row {number}",
            severity=list(Severity)[number % 5],
            kind=ReleaseKind.WITHDRAWAL if number % 6 == 0 else ReleaseKind.INITIAL,
            tlp=list(TLP)[number % 2],
            tags=tagged("x") if number % 2 == 0 else (),
            attacks=(step("T1566", Certainty.CONTEXT),) if number % 3 else (),
            timeline=f"20{10 + number % 4}",
        )

    for audience in (PUBLIC, Audience(TLP.GREEN)):
        found = asked(query + "&sort=newest", audience)
        assert [row.pk for row in found.page().rows] == [row.pk for row in found.qs.newest_first()[:30]]


def test_a_new_release_is_found_by_its_new_words_only() -> None:
    incident = make_incident("Old words")
    publish_incident(incident)
    type(incident).objects.filter(pk=incident.pk).update(title="Fresh speech")
    publish_incident(incident)

    assert (titles("q=old"), titles("q=fresh")) == ([], ["Fresh speech"])


def test_an_index_that_is_made_again_answers_the_same(corpus: None) -> None:
    rebuild_projection()
    index_advisory(Advisory.objects.get(title=CHAT), Advisory.objects.get(title=CHAT).document)

    assert titles("q=deepseek") == QUESTIONS["deepseek"]


def test_what_others_may_not_see_is_neither_found_nor_counted() -> None:
    for tlp in TLP:
        release_document(f"{tlp.name.title()} heron", tlp=tlp, tags=tagged("same"))

    assert titles("q=heron") == ["Clear heron"]
    assert titles("q=heron", Audience(TLP.GREEN)) == ["Green heron", "Clear heron"]
    assert asked("q=heron").narrowed.counts()["tag"].values == {"same": 1}


MISTYPED = {
    "deepsek": "deepseek",
    "deeepseek": "deepseek",
    "depeseek": "deepseek",
    "deepseak": "deepseek",
    "ransomwear": "ransomware",
    "hosptal": "hospital",
    "phising": "phishing",
    "अस्पतल": "अस्पताल",
}


@pytest.mark.parametrize("word", MISTYPED)
def test_a_mistyped_word_is_forgiven(corpus: None, word: str) -> None:
    assert nearest_words([word], PUBLIC) == {word: MISTYPED[word]}


def test_a_word_that_is_known_or_like_nothing_is_left_alone(corpus: None) -> None:
    assert nearest_words(["deepseek", "zzzzzz", "abc", "t1486"], PUBLIC) == {}


def test_a_word_of_a_narrower_label_is_not_offered_to_the_public() -> None:
    release_document("Codeword quicksilver", tlp=TLP.AMBER)

    assert nearest_words(["quicksilvr"], PUBLIC) == {}
    assert nearest_words(["quicksilvr"], Audience(TLP.AMBER)) == {"quicksilvr": "quicksilver"}


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [("deepsek", "deepseek", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("", "abc", 3)],
)
def test_distance_counts_mistakes(one: str, other: str, mistakes: int) -> None:
    assert distance(one, other) == mistakes
