"""Translations are part of the release: the gate, the ledger, “out of date”, changes and search."""

from typing import Any

import pytest
from django.http import QueryDict

from incidents.publication.audience import PUBLIC
from incidents.publication.changes import changes_between
from incidents.publication.document import (
    AdvisoryDocument,
    Narrative,
    TranslatedText,
    decode_document,
    encode_document,
)
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.freeze import NotFit
from incidents.publication.models import Advisory, Release
from incidents.publication.publish import preview_document, publish
from incidents.publication.query import read_words
from incidents.publication.review import approve, submit
from incidents.publication.snippets import snippet_of
from incidents.publication.verify import find_damage
from incidents.record.models import Incident, Translation
from incidents.record.workflow import NotAllowed
from incidents.vocabulary.words import Significance
from tests.factories import (
    make_editor,
    make_full_incident,
    make_incident,
    make_translation,
    publish_incident,
    withdraw_incident,
)
from tests.factories.corpus import release_document
from tests.factories.documents import make_document

pytestmark = pytest.mark.django_db
EDITORIAL, MATERIAL = Significance.EDITORIAL, Significance.MATERIAL
GERMAN = TranslatedText(language="de", of_release=1, title="Ein Krankenhaus steht still", summary="Für einen Tag.")


def stale(document: AdvisoryDocument) -> dict[str, bool]:
    """Whether each translation is out of date, by its language."""
    return {one.language: one.out_of_date for one in document.translations}


def test_a_release_says_every_text_of_a_translation():
    incident = make_full_incident()
    texts = {
        "who_is_affected": "Kunden",
        "what_to_do_now": "Warten.",
        "what_happened": "Am Montag [^1].",
        "impact": "Stillstand.",
    }
    make_translation(incident, translator="Erika Muster", **texts)

    document = publish_incident(incident).document

    assert document.translations == (
        TranslatedText(
            language="de",
            of_release=1,
            translator="Erika Muster",
            title="Die Harbour Bank kommt nicht an ihre Bücher",
            summary="Ein Ausfall von einem Tag.",
            who_is_affected="Kunden",
            what_to_do_now="Warten.",
            narrative=Narrative(what_happened="Am Montag [^1].", impact="Stillstand."),
        ),
    )
    assert decode_document(encode_document(document)) == document
    assert list(find_damage()) == []


def test_a_document_that_knew_no_translations_is_read_and_is_sound():
    release = publish_incident(make_incident())
    text = release.document_json.replace(',"translations":[]', "")

    assert text != release.document_json
    assert decode_document(text) == release.document


def test_translations_are_in_the_order_of_their_languages():
    incident = make_incident()
    for language in ("hi", "zh-Hans", "ar", "de"):
        make_translation(incident, language)

    assert [one.language for one in publish_incident(incident).document.translations] == ["ar", "de", "hi", "zh-Hans"]


# The rule: out of date once a material release is newer than the one translated


def test_a_new_translation_of_the_current_release_is_current():
    incident = make_incident()
    publish_incident(incident)
    make_translation(incident)

    release = publish_incident(incident, reason="German translation added.", significance=EDITORIAL)

    assert stale(release.document) == {"de": False}


def test_a_material_release_makes_translations_of_earlier_ones_out_of_date():
    incident = make_incident()
    make_translation(incident, "de")
    make_translation(incident, "fr")
    publish_incident(incident)
    Translation.objects.filter(language="fr").update(of_release=2)

    release = publish_incident(incident, significance=MATERIAL)

    assert stale(release.document) == {"de": True, "fr": False}


def test_an_editorial_release_leaves_translations_as_they_are():
    incident = make_incident()
    make_translation(incident)
    publish_incident(incident)

    assert stale(publish_incident(incident, significance=EDITORIAL).document) == {"de": False}


def test_a_translation_stays_out_of_date_until_it_is_of_a_later_release():
    incident = make_incident()
    make_translation(incident)
    publish_incident(incident)
    publish_incident(incident, significance=MATERIAL)

    assert stale(publish_incident(incident, significance=EDITORIAL).document) == {"de": True}
    Translation.objects.update(of_release=2)
    assert stale(publish_incident(incident, significance=EDITORIAL).document) == {"de": False}


def test_a_release_that_its_readers_may_not_see_counts_and_is_not_named():
    incident = make_incident(tlp="green")
    make_translation(incident)
    publish_incident(incident)
    publish_incident(incident, significance=MATERIAL, reason="SECRETWORD")
    Incident.objects.update(tlp="clear")

    release = publish_incident(incident, significance=EDITORIAL)

    assert stale(release.document) == {"de": True}
    assert "SECRETWORD" not in release.document_json


def test_earlier_releases_keep_what_they_said():
    incident = make_incident()
    make_translation(incident)
    first = publish_incident(incident)
    publish_incident(incident, significance=MATERIAL)

    assert stale(Release.objects.get(pk=first.pk).document) == {"de": False}


def test_a_withdrawal_repeats_the_translations_as_they_were():
    incident = make_incident()
    make_translation(incident)
    last = publish_incident(incident)

    assert withdraw_incident(incident).document.translations == last.document.translations


def test_a_preview_does_not_call_a_translation_of_the_current_release_out_of_date():
    incident = make_incident()
    publish_incident(incident)
    make_translation(incident)

    assert stale(preview_document(incident)) == {"de": False}


# The gate


def test_a_translation_that_is_written_after_the_submission_is_not_approved():
    incident = make_incident()
    submitted = submit(incident_id=incident.pk, by=make_editor("Author"))
    make_translation(incident)

    with pytest.raises(NotAllowed, match="has changed since it was submitted"):
        approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=submitted.revision)


def test_a_translation_that_is_changed_after_the_approval_is_not_published():
    incident = make_incident()
    make_translation(incident)
    submitted = submit(incident_id=incident.pk, by=make_editor("Author"))
    approve(incident_id=incident.pk, by=make_editor("Reviewer"), seen_revision=submitted.revision)
    Translation.objects.update(title="Etwas anderes")

    with pytest.raises(NotAllowed, match=r"Translation into German, title: .* is now “Etwas anderes”"):
        publish(incident_id=incident.pk, by=make_editor("Publisher"))
    assert list(Release.objects.all()) == []


def test_a_translation_into_the_same_language_is_not_submitted():
    incident = make_incident()
    make_translation(incident, "en")

    with pytest.raises(NotFit, match="itself is written in English"):
        submit(incident_id=incident.pk, by=make_editor("Author"))


# Changes


def test_an_added_translation_is_one_change():
    document = make_document()
    other = make_document(translations=(GERMAN,))

    (change,) = changes_between(document, other)

    assert (change.path, change.label, change.kind) == ("translations/de", "Translation into German", "added")
    assert change.after == "Ein Krankenhaus steht still\n\nFür einen Tag."


def test_a_changed_translation_names_the_language_and_the_text():
    document = make_document(translations=(GERMAN,))
    changed: dict[str, Any] = {"of_release": 2, "out_of_date": True, "narrative": Narrative(impact="Stillstand.")}
    other = make_document(
        translations=(TranslatedText(language="de", title=GERMAN.title, summary=GERMAN.summary, **changed),)
    )

    assert [(one.path, one.label, one.before, one.after) for one in changes_between(document, other)] == [
        ("translations/de/of_release", "Translation into German, release translated", "1", "2"),
        ("translations/de/out_of_date", "Translation into German, out of date", "", "yes"),
        ("translations/de/narrative/impact", "Translation into German, impact", "", "Stillstand."),
    ]


# Search


def found(words: str) -> list[str]:
    """Titles of what is found by words, the most relevant first."""
    query = QueryDict(mutable=True)
    query["q"] = words
    return [row.title for row in AdvisoryFilter(query, Advisory.objects.visible_to(PUBLIC)).page().rows]


@pytest.fixture
def hospital() -> str:
    """An advisory in English with a German and a Chinese translation, and another one; the title of the first."""
    chinese = TranslatedText(
        language="zh-Hans",
        of_release=1,
        title="医院系统瘫痪",
        narrative=Narrative(what_happened="研究人员发现一个**公开的**数据库。"),
    )
    release_document("A hospital stands still", translations=(GERMAN, chinese))
    release_document("Another one", summary="Ein Krankenhaus war nicht betroffen.")
    return "A hospital stands still"


@pytest.mark.parametrize("words", ["steht still", "“einen Tag”", "krankenh* tag", "公开的数据库", "瘫痪"])
def test_an_advisory_is_found_by_the_words_of_its_translations(hospital, words):
    assert found(words) == [hospital]


def test_a_word_of_a_translated_title_counts_as_one_of_the_title(hospital):
    assert found("krankenhaus") == [hospital, "Another one"]


def test_a_mistyped_word_of_a_translated_title_is_forgiven(client, hospital):
    page = client.get("/incidents/", {"q": "krankenahus"}).content.decode()

    assert hospital in page


def test_the_snippet_shows_where_a_translation_says_it_and_in_which_language(client, hospital):
    document = Advisory.objects.get(title=hospital).document

    snippet = snippet_of(document, read_words("数据库"))

    assert snippet is not None
    assert snippet.language == "zh-Hans"
    assert "".join(piece.text for piece in snippet.pieces) == "研究人员发现一个公开的数据库。"
    assert '<p class="row-snippet" lang="de" dir="auto">' in client.get("/incidents/?q=steht").content.decode()


def test_a_translation_of_a_draft_is_found_nowhere(hospital):
    incident = make_incident("A draft")
    make_translation(incident, title="Zwiebelkuchen")

    assert found("zwiebelkuchen") == []
