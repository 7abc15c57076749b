"""Languages: their tags, their names, and which stands in for which."""

import pytest
from django.utils import translation

from incidents.vocabulary.language_tags import are_akin, language_name, own_name, spell_language


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("DE", "de"),
        ("zh-hans", "zh-Hans"),
        (" ZH-HANS-cn ", "zh-Hans-CN"),
        ("sr-latn", "sr-Latn"),
        ("de-1996", "de-1996"),
    ],
)
def test_tags_are_spelled_as_is_usual(typed, spelled):
    assert spell_language(typed) == spelled


@pytest.mark.parametrize(
    ("tag", "name", "own"),
    [
        ("de", "German", "Deutsch"),
        ("de-AT", "German", "Deutsch"),
        ("zh-Hans", "Simplified Chinese", "简体中文"),
        ("zh", "Chinese", "中文"),
        ("ar", "Arabic", "العربية"),
        ("tlh", "tlh", "tlh"),
    ],
)
def test_languages_have_names(tag, name, own):
    assert (language_name(tag), own_name(tag)) == (name, own)


def test_a_language_is_named_in_the_language_that_is_active():
    with translation.override("de"):
        assert language_name("en") == "Englisch"


@pytest.mark.parametrize(
    ("one", "other", "akin"),
    [
        ("de", "de", True),
        ("de-AT", "de", True),
        ("zh", "zh-hans", True),
        ("zh-Hans", "zh-hant", False),
        ("de", "den", False),
        ("de", "en", False),
    ],
)
def test_a_language_stands_in_for_a_wider_or_narrower_one_alone(one, other, akin):
    assert (are_akin(one, other), are_akin(other, one)) == (akin, akin)
