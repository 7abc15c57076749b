"""In which words and languages a page tells an advisory."""

import json
from typing import Any

import pytest
from django.template import Context, Template
from msgspec.structs import replace

from incidents.publication.document import AdvisoryDocument, Narrative, TranslatedText
from incidents.representations.html.build import Standing, build_html, render_advisory
from incidents.representations.html.telling import changed_since, tell, translation_for
from incidents.vocabulary.words import ReleaseKind, Significance
from tests.factories import make_incident, make_translation, publish_incident
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.html.reading import Page

BASE, PATH = "https://tocsin.example", "/incidents/INC-2025-0001/"
HOSTILE = '</title></script><script>alert("1")</script><img src=x onerror=alert(2)>\' {{ 7|add:7 }}'
ENGLISH = TranslatedText(
    language="en",
    of_release=1,
    title="A hospital stands still",
    summary="For a day.",
    narrative=Narrative(what_happened="On Monday nothing **worked**."),
)


def make_german(*translations: TranslatedText, **fields: object) -> AdvisoryDocument:
    """An advisory that was written in German."""
    return make_document(
        **{
            "language": "de",
            "title": "Ein Krankenhaus steht still",
            "summary": "Für einen Tag.",
            "narrative": Narrative(what_happened="Am Montag ging **nichts**.", takeaway="Üben."),
            "translations": translations,
            **fields,
        }
    )


def read(document: AdvisoryDocument) -> Page:
    """The page in English."""
    return Page(build_html(document, BASE))


def language_of(page: Page, anchor: str) -> list[tuple[str, str]]:
    """Language and direction of what is told below a place of the page."""
    place = next(n for n, (_, found, _) in enumerate(page.elements) if found.get("id") == anchor)
    found = (attributes for _, attributes, _ in page.elements[place : place + 4])
    return [(one["lang"], one["dir"]) for one in found if "lang" in one and "dir" in one]


def test_a_page_tells_an_advisory_in_its_own_language_where_there_is_a_translation():
    page = read(make_german(ENGLISH))

    assert page.texts("h1") == ["A hospital stands still"]
    assert page.texts("title") == ["A hospital stands still · Tocsin"]
    assert page.answers()["What"] == "For a day."
    assert page.text_of("what-happened") == "What happened On Monday nothing worked."


def test_what_is_not_translated_stays_as_it_was_written():
    assert read(make_german(ENGLISH)).text_of("takeaway") == "Takeaway Üben."


def test_every_text_says_the_language_it_is_in_and_finds_its_own_direction():
    page = read(make_german(ENGLISH))

    assert language_of(page, "title") == [("en", "auto")]
    assert language_of(page, "what-happened") == [("en", "auto")]
    assert language_of(page, "takeaway") == [("de", "auto")]


def test_the_page_says_which_release_was_translated_by_whom_and_from_what():
    page = read(make_german(replace(ENGLISH, translator="Erika Muster")))

    line = page.texts("p", "translated")[0]
    assert line == (
        "Translation of release 1, reviewed, by Erika Muster · original in German · "
        "updates and recommendations in the original language"
    )
    assert "/incidents/INC-2025-0001/releases/1/" in page.attributes("a", "href")


def test_a_page_in_the_original_language_says_nothing_of_the_kind():
    assert read(make_document()).texts("p", "translated") == []


CHINESE = TranslatedText(language="zh-Hans", of_release=1, title="医院系统瘫痪", summary="持续一天。")


def test_every_page_leads_to_those_in_the_other_languages_of_the_advisory():
    document = make_german(ENGLISH, CHINESE)

    pages = {code: Page(render_advisory(document, BASE, language=code)) for code in ("en", "de", "zh-hans")}

    assert {code: page.texts("p", "translated")[-1] for code, page in pages.items()} == {
        "en": "Also in: 简体中文, Deutsch",
        "de": "Weitere Sprachen: English, 简体中文",
        "zh-hans": "其他语言版本： English、Deutsch",
    }
    assert {code: page.texts("h1") for code, page in pages.items()} == {
        "en": ["A hospital stands still"],
        "de": ["Ein Krankenhaus steht still"],
        "zh-hans": ["医院系统瘫痪"],
    }
    assert {f"/de{PATH}", f"/zh-hans{PATH}"} <= set(pages["en"].attributes("a", "href"))


def test_a_page_in_a_language_without_a_translation_tells_the_original():
    page = Page(render_advisory(make_german(ENGLISH), BASE, language="ar"))

    assert page.texts("h1") == ["Ein Krankenhaus steht still"]
    assert language_of(page, "title") == [("de", "auto")]


def test_search_engines_hear_what_is_a_translation_of_what():
    document = make_german(ENGLISH)
    told = {code: article(render_advisory(document, BASE, language=code)) for code in ("en", "de")}

    english, german = ({"@type": "TechArticle", "@id": one, "url": one} for one in (BASE + PATH, f"{BASE}/de{PATH}"))
    assert (told["en"]["inLanguage"], told["en"]["name"]) == ("en", "A hospital stands still")
    assert told["en"]["translationOfWork"] == {**german, "inLanguage": "de"}
    assert (told["de"]["inLanguage"], told["de"]["name"]) == ("de", "Ein Krankenhaus steht still")
    assert told["de"]["workTranslation"] == [{**english, "inLanguage": "en"}]


def article(html: str) -> dict[str, Any]:
    """What a page says to search engines about its advisory."""
    (text,) = ["".join(text) for _, found, text in Page(html).elements if found.get("type") == "application/ld+json"]
    found: dict[str, Any] = json.loads(text)["@graph"][0]
    return found


def history(*significances: Significance) -> dict[str, object]:
    """The notes of a document with so many releases."""
    notes = tuple(make_note(number, significance=one) for number, one in enumerate(significances, start=1))
    return {"release": notes[-1], "history": notes}


MATERIAL, EDITORIAL = Significance.MATERIAL, Significance.EDITORIAL


def test_a_translation_that_is_out_of_date_says_so_and_leads_to_the_original():
    document = make_german(replace(ENGLISH, out_of_date=True), **history(MATERIAL, MATERIAL, EDITORIAL))

    page = read(document)

    assert page.texts("div", "out-of-date") == [
        "Out of date. This translation is of release 1; release 2 changed the content since. Read the original"
    ]
    assert (
        page.attributes("a", "href").count(f"/de{PATH}") == 4
    )  # in the menu of languages, and three times in the notes


def test_one_that_is_not_says_nothing():
    assert read(make_german(ENGLISH, **history(MATERIAL, EDITORIAL))).texts("div", "out-of-date") == []


def test_a_release_that_readers_may_not_see_is_neither_linked_nor_named():
    document = make_german(
        replace(ENGLISH, out_of_date=True), release=make_note(3), history=(make_note(3, significance=EDITORIAL),)
    )

    page = read(document)

    assert changed_since(document, document.translations[0]) is None
    assert "the content has changed since" in page.texts("div", "out-of-date")[0]
    assert "/incidents/INC-2025-0001/releases/1/" not in page.attributes("a", "href")


def test_a_withdrawn_advisory_is_told_as_it_was_written():
    document = make_german(ENGLISH, release=make_note(2, kind=ReleaseKind.WITHDRAWAL))

    page = read(document)

    assert page.texts("s") == ["Ein Krankenhaus steht still"]
    assert page.texts("p", "translated") == []


def test_a_release_for_ever_tells_the_translation_it_was_published_with():
    document = make_german(ENGLISH)

    page = Page(render_advisory(document, BASE, Standing(current=make_note(2), is_withdrawn=False)))

    assert page.texts("h1") == ["A hospital stands still"]
    assert page.attributes("a", "href").count(f"/de{PATH}releases/1/") == 3


def test_an_original_that_no_page_tells_is_led_to_as_markdown():
    page = read(make_german(ENGLISH, language="pt"))

    assert "original in Portuguese" in page.texts("p", "translated")[0]
    assert page.attributes("a", "href").count(f"{PATH.rstrip('/')}.md") == 2


def test_what_a_reader_has_seen_is_that_of_the_original():
    marks = [read(make_german(*texts)).attributes("li", "data-mark") for texts in ((), (ENGLISH,))]

    assert len(marks[0]) > 5
    assert marks[0] == marks[1]


@pytest.mark.parametrize(
    ("page", "original", "languages", "chosen"),
    [
        ("de", "en", ["de"], "de"),
        ("de", "de", ["en"], None),
        ("de", "de-AT", ["en"], None),
        ("de", "en", ["de-AT"], "de-AT"),
        ("de", "en", ["de-AT", "de"], "de"),
        ("zh-hans", "en", ["zh-Hant"], None),
        ("zh-hans", "en", ["zh-Hans", "zh"], "zh-Hans"),
        ("fr", "en", ["de", "es"], None),
    ],
)
def test_readers_get_the_translation_that_is_nearest_to_their_language(page, original, languages, chosen):
    texts = tuple(TranslatedText(language=one, of_release=1, title=one) for one in languages)

    found = translation_for(make_document(language=original, translations=texts), page)

    assert (found.language if found else None) == chosen


def test_a_translation_without_a_page_of_its_own_is_folded_into_the_others():
    klingon = TranslatedText(
        language="tlh", of_release=1, title="nuH", summary="jaj wa'", narrative=Narrative(impact="**Dun** [^1]")
    )

    page = read(make_document(translations=(klingon,)))

    assert page.texts("p", "translated") == ["Also in: tlh"]
    assert page.text_of("translation-tlh") == "tlh Translation of release 1, reviewed nuH jaj wa' ImpactDun 1"
    assert ("translations", "Translations") in [
        (link.removeprefix("#"), text) for link, text in zip(page.attributes("a", "href"), page.texts("a"), strict=True)
    ]


def test_text_from_right_to_left_finds_its_direction_whatever_the_direction_of_the_page():
    persian = TranslatedText(language="fa", of_release=1, title="بیمارستانی از کار افتاد", summary="برای یک روز.")
    arabic = TranslatedText(language="ar", of_release=1, title="مستشفى متوقف", summary="ليوم واحد.")
    document = make_document(translations=(arabic, persian))

    english, right_to_left = read(document), Page(render_advisory(document, BASE, language="ar"))

    folded = [attributes for _, attributes, text in english.elements if "".join(text).strip() == persian.title]
    assert folded == [{"lang": "fa", "dir": "auto"}]
    assert language_of(english, "title") == [("en", "auto")]
    assert right_to_left.texts("h1") == [arabic.title]
    assert language_of(right_to_left, "title") == [("ar", "auto")]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hostile_text_in_a_translation_stays_text(language):
    hostile = TranslatedText(
        language=language,
        of_release=1,
        out_of_date=True,
        translator=HOSTILE,
        **dict.fromkeys(("title", "summary", "who_is_affected", "what_to_do_now"), HOSTILE),
        narrative=Narrative(**dict.fromkeys(Narrative.__struct_fields__, f"{HOSTILE} [x](javascript:alert(3))")),
    )

    page = read(make_german(hostile))

    inline = [attributes for tag, attributes, _ in page.elements if tag == "script" and "src" not in attributes]
    assert inline == [{"type": "application/ld+json"}]
    assert page.attributes("img", "src") == []
    assert {name for _, attributes, _ in page.elements for name in attributes if name.startswith("on")} == set()
    assert [href for href in page.attributes("a", "href") if href.startswith(("javascript:", "data:"))] == []
    assert "14" not in "".join([*page.texts("h1"), *page.texts("h3")])


def test_a_language_cannot_leave_its_attribute():
    telling = tell(make_german(replace(ENGLISH, language='en-"><b>')), "en")

    html = Template('{% load signs %}<p {% told "title" %}>').render(Context({"telling": telling, "language": "de"}))

    assert html == '<p lang="en-&quot;&gt;&lt;b&gt;" dir="auto">'


@pytest.mark.django_db
def test_the_address_in_a_language_answers_with_the_translation_into_it(client):
    incident = make_incident("A hospital stands still")
    make_translation(incident, title="Ein Krankenhaus steht still")
    publish_incident(incident)
    path = f"/incidents/{incident.public_id}/"

    pages = {address: Page(client.get(address).content) for address in (path, f"/de{path}", f"/de{path}releases/1/")}

    assert [page.texts("h1") for page in pages.values()] == [
        ["A hospital stands still"],
        ["Ein Krankenhaus steht still"],
        ["Ein Krankenhaus steht still"],
    ]
