"""The catalogues of messages: complete, up to date, compiled, and with the same gaps to fill as the English words."""

import re
from functools import cache
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from incidents.vocabulary.languages import Language
from tests.run.messages import TRANSLATED, bring_up_to_date, compiled, gather, is_translated, po_path, read_catalog

EVERY = pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
GAP = re.compile(r"%\((\w+)\)([sd])|{(\w*)}")
TAG = re.compile(r"<(/?\w+)[^>]*>")
marked = cache(gather)


def key(message: Message) -> tuple[str, str]:
    """What a message is looked up by: its context and its English words, those for one where there are two."""
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def keys(catalog: Catalog) -> set[tuple[str, str]]:
    return {key(message) for message in catalog if message.id}


def gaps(words: str) -> set[tuple[str, ...]]:
    return set(GAP.findall(words))


def tags(words: str) -> list[str]:
    return sorted(TAG.findall(words))


def test_every_language_of_the_interface_has_a_catalogue() -> None:
    assert [code for code, _ in settings.LANGUAGES] == ["en", *(language.code for language in TRANSLATED)]
    assert [language.code for language in TRANSLATED if not po_path(language).is_file()] == []


@EVERY
def test_a_catalogue_holds_what_is_marked_and_nothing_else(language: Language) -> None:
    catalog = read_catalog(language)

    assert keys(catalog) == keys(marked()), "make messages"
    assert list(catalog.obsolete) == []


@EVERY
def test_every_message_is_translated(language: Language) -> None:
    missing = [key(message) for message in read_catalog(language) if message.id and not is_translated(message.string)]

    assert missing == []


@EVERY
def test_no_translation_is_a_guess(language: Language) -> None:
    assert [key(message) for message in read_catalog(language) if message.id and message.fuzzy] == []


@EVERY
def test_a_compiled_catalogue_says_what_the_written_one_says(language: Language) -> None:
    with po_path(language).with_suffix(".mo").open("rb") as file:
        kept = GNUTranslations(file)

    made = GNUTranslations(BytesIO(compiled(read_catalog(language))))

    assert said(kept) == said(made), "make messages"


def said(translations: GNUTranslations) -> dict[object, str]:
    """Every translation; the header names the version of the compiler and does not count."""
    return {words: text for words, text in translations._catalog.items() if words}  # type: ignore[attr-defined]


@EVERY
def test_a_translation_has_the_gaps_and_tags_of_the_english_words(language: Language) -> None:
    wrong = {}
    for message in read_catalog(language):
        if not message.id or not is_translated(message.string):
            continue
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        allowed = set().union(*(gaps(words) for words in english))
        # One, two or none may be said without the number; the last form is the one for any number.
        is_same = gaps(forms[-1]) == gaps(english[-1]) and all(gaps(form) <= allowed for form in forms)
        if not is_same or any(tags(form) != tags(english[-1]) for form in forms):
            wrong[key(message)] = forms

    assert wrong == {}


def test_messages_are_gathered_from_code_and_templates_with_their_context() -> None:
    found = keys(marked())

    assert {("", "Skip to the content"), ("incidents", "Open now"), ("", "By sector")} <= found
    assert ("", "Over, as far as is known.") in found


def test_bringing_up_to_date_keeps_translations_and_drops_what_is_gone() -> None:
    old, new = Catalog(locale="de", fuzzy=False), Catalog()
    old.add("Search", "Suchen")
    old.add("Gone", "Weg")
    for words in ("Search", "Searching"):
        new.add(words)

    catalog = bring_up_to_date(old, new)

    assert {message.id: message.string or "" for message in catalog if message.id} == {
        "Search": "Suchen",
        "Searching": "",
    }


def test_what_waits_to_be_translated_is_not_compiled() -> None:
    catalog = Catalog(locale="ar", fuzzy=False)
    catalog.add(("%(number)d day", "%(number)d days"))
    catalog.add("Search", "بحث")

    assert said(GNUTranslations(BytesIO(compiled(catalog)))) == {"Search": "بحث"}
