"""Words of the vocabularies within a line, and in another language."""

import pytest

from incidents.vocabulary.countries import country_name
from incidents.vocabulary.inline import inline, joined
from incidents.vocabulary.words import (
    AttributionStatus,
    Certainty,
    Confidence,
    ReleaseKind,
    ServiceImpact,
    Severity,
    Significance,
)
from tests.factories.languages import speaking


@pytest.mark.parametrize(
    "vocabulary", [AttributionStatus, Certainty, Confidence, ReleaseKind, ServiceImpact, Significance]
)
def test_within_a_line_english_writes_every_word_small(vocabulary):
    assert [inline(word) for word in vocabulary] == [str(word.label).lower() for word in vocabulary]


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_are_joined_as_in_a_sentence(names, said):
    assert joined(names) == said


def test_words_follow_the_language_and_their_context(tmp_path):
    messages = {
        ("severity", "Low"): "Malalta",
        ("confidence", "Low"): "Malmulta",
        ("confidence, within a line", "low"): "malmulta",
        ("country", "Germany"): "Germanio",
    }

    with speaking(tmp_path, messages):
        said = str(Severity.LOW.label), str(Confidence.LOW.label), inline(Confidence.LOW), country_name("DE")

    assert said == ("Malalta", "Malmulta", "malmulta", "Germanio")
    assert (str(Severity.LOW.label), country_name("DE")) == ("Low", "Germany")
