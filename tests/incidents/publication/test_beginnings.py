"""Beginnings of words: asked for as the commonest words that begin so, in every scope, on both engines alike."""

import pytest

from incidents.publication.fulltext import beginnings
from incidents.publication.fulltext.beginnings import with_endings
from incidents.publication.query import read_words
from tests.factories.corpus import release_document
from tests.incidents.publication.test_search import titles

pytestmark = pytest.mark.django_db


def meant(text: str) -> list[tuple[str, ...]]:
    return [term.meant for term in with_endings(read_words(text)).wanted]


@pytest.fixture
def corpus() -> None:
    """`banking` is the commonest, then `bankrupt`; `banker` occurs once."""
    for number in range(3):
        release_document(f"Banking {number}", summary="bankrupt banks" if number else "banker")


def test_a_beginning_may_mean_itself_and_the_commonest_words_that_begin_so(corpus: None) -> None:
    assert meant("bank") == [("bank", "banking", "bankrupt", "banks", "banker")]
    assert meant("banking bankr") == [(), ("bankr", "bankrupt")]
    assert meant("bank* 0") == [("bank", "banking", "bankrupt", "banks", "banker"), ()]


def test_what_is_too_short_or_ended_is_a_whole_word(corpus: None) -> None:
    assert meant("ba") == [()]
    assert meant('"bank"') == [()]
    assert titles("q=ba") == []


def test_no_more_words_are_meant_than_are_allowed(corpus: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beginnings, "_FIND", beginnings._FIND.replace("LIMIT 64", "LIMIT 1"))

    assert meant("bank") == [("bank", "banking")]


def test_the_last_word_of_several_may_be_a_beginning_beside_the_others() -> None:
    release_document("CVE-2024-3094 used")
    release_document("CVE-2025-3094 used")

    assert titles("q=CVE-2024-309") == ["CVE-2024-3094 used"]
    assert titles("q=CVE-2024-310") == []


def test_what_is_left_out_may_be_a_beginning_too(corpus: None) -> None:
    assert titles("q=banking -bankr*") == ["Banking 0"]
