"""Translations in the record: what the database refuses, and what must be mended before a release."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents.record.fields import LONGEST_NARRATIVE, LONGEST_SUMMARY
from incidents.record.fitness import find_problems
from incidents.record.models import Incident, Translation
from incidents.record.models.incident import NARRATIVE
from tests.factories import make_full_incident, make_incident, make_translation, publish_incident

pytestmark = pytest.mark.django_db


def problems_of(incident: Incident) -> list[str]:
    """The problems of an incident as the database has it."""
    return find_problems(Incident.objects.get(pk=incident.pk))


WRONG = {
    "the same language twice": lambda incident: [make_translation(incident) for _ in range(2)],
    "the same language in another spelling": lambda incident: [
        make_translation(incident, language) for language in ("zh-Hans", "zh-hans")
    ],
    "no title": lambda incident: make_translation(incident, title=""),
    "of no release": lambda incident: make_translation(incident, of_release=0),
    "a language that is none": lambda incident: make_translation(incident, "de_DE"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_refuses(wrong):
    incident = make_incident()

    with pytest.raises(IntegrityError), transaction.atomic():
        WRONG[wrong](incident)


def test_a_whole_translation_is_fit():
    incident = make_full_incident()
    make_translation(incident, what_happened="Am Montag waren die Bücher **unlesbar** [^1].")

    assert problems_of(incident) == []


def test_a_translation_into_the_language_of_the_incident_is_refused():
    incident = make_incident(language="de")
    make_translation(incident, "DE")

    assert problems_of(incident) == [
        "The incident itself is written in German; a translation is into another language. Change the language of the one or "
        "the other."
    ]


def test_a_translation_without_a_summary_is_refused():
    incident = make_incident()
    make_translation(incident, summary=" ")

    assert problems_of(incident) == ["The translation into German has no summary; it is the first thing readers see."]


@pytest.mark.parametrize(
    ("of_release", "expected"),
    [
        (1, []),
        (2, []),
        (3, ["The translation into German is said to be of release 3; the next one will be 2."]),
    ],
)
def test_a_translation_is_of_a_release_there_is_or_of_the_one_being_written(of_release, expected):
    incident = make_incident()
    publish_incident(incident)
    make_translation(incident, of_release=of_release)

    assert problems_of(incident) == expected


def test_a_source_that_a_translation_cites_must_be_there():
    incident = make_full_incident()
    make_translation(incident, impact="So steht es da [^7].")

    assert problems_of(incident) == [
        "German translation, “Impact” cites source 7, which is not in the list of sources."
    ]


def test_texts_that_are_too_long_are_named_with_their_length():
    incident = make_incident()
    make_translation(incident, summary="a" * (LONGEST_SUMMARY + 1), impact="a" * (LONGEST_NARRATIVE + 1))

    assert problems_of(incident) == [
        "German translation, “Summary” has 1,001 characters; at most 1,000 can be published.",
        "German translation, “Impact” has 40,001 characters; at most 40,000 can be published.",
    ]


def test_translations_that_are_too_long_together_are_refused_whatever_the_original_holds():
    incident = make_incident()
    for language in ("de", "fr"):
        make_translation(
            incident, language, title="a", summary="a", **dict.fromkeys(NARRATIVE, "a" * LONGEST_NARRATIVE)
        )
    assert problems_of(incident) == [
        "All translations together have 400,004 characters; at most 360,000 can be published. Remove one, or what can be left "
        "to the original."
    ]


@pytest.mark.parametrize("name", NARRATIVE)
def test_every_prose_field_has_a_bound(name):
    checked: Any = Translation._meta.get_field(name)

    with pytest.raises(ValidationError, match="at most"):
        checked.clean("a" * (LONGEST_NARRATIVE + 1), None)
