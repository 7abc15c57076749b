"""The difference between two releases, word by word."""

import random
import time

from msgspec.structs import replace

from incidents.publication.document import Narrative
from incidents.representations.html.gazette import GONE, NEW, SAME, SKIPPED, Piece, gazette, mark
from incidents.vocabulary.words import Severity
from tests.factories.documents import make_document


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in mark(before, after)]


def test_only_the_words_that_differ_are_marked():
    assert pieces("It hit all customers of the bank today.", "It hit some customers of the bank today.") == [
        (SAME, "It hit "),
        (GONE, "all "),
        (NEW, "some "),
        (SAME, "customers of the bank today."),
    ]


def test_an_insertion_leaves_the_rest_alone():
    assert pieces("Nobody knows.", "Nobody knows. We asked.") == [
        (SAME, "Nobody knows"),
        (NEW, ". We asked"),
        (SAME, "."),
    ]


def test_one_equal_word_amid_changes_is_no_island():
    assert pieces("They say one and two of them left here.", "They say four and five of them left here.") == [
        (SAME, "They say "),
        (GONE, "one and two "),
        (NEW, "four and five "),
        (SAME, "of them left here."),
    ]


def test_texts_with_hardly_a_word_in_common_stand_whole():
    assert pieces("Limited for a week.", "Open again since Monday morning.") == [
        (GONE, "Limited for a week."),
        (NEW, "Open again since Monday morning."),
    ]


def test_long_unchanged_paragraphs_are_not_repeated():
    long = "word " * 60

    assert pieces(f"{long}\n\nOld.", f"{long}\n\nNew.") == [
        (SKIPPED, "1 unchanged paragraph"),
        (SAME, "\n\n"),
        (GONE, "Old"),
        (NEW, "New"),
        (SAME, "."),
    ]


def changed_words(before: str, after: str) -> list[tuple[str, str]]:
    return [piece for piece in pieces(before, after) if piece[0] in (GONE, NEW)]


def test_one_word_that_differs_is_found_in_a_paragraph_of_40_000_characters():
    words = [f"word{number % 700}" for number in range(6000)]
    before, after = " ".join(words), " ".join([*words[:3000], "else", *words[3001:]])

    assert len(before) > 40_000
    assert changed_words(before, after) == [(GONE, "word200 "), (NEW, "else ")]


def test_sentences_that_differ_far_apart_are_found_in_a_paragraph_of_80_000_characters():
    sentences = [f"Sentence {number} says that {number * 7} things happened on the way." for number in range(1500)]
    changed = [*sentences]
    changed[2], changed[1490] = "Sentence 2 says nothing.", changed[1490].replace("happened", "occurred")

    marked = changed_words(" ".join(sentences), " ".join(changed))

    assert ((GONE, "happened ") in marked, (NEW, "occurred ") in marked) == (True, True)
    assert sum(len(text) for _, text in marked) < 200


def test_very_long_texts_without_a_sentence_in_common_are_shown_whole():
    before, after = "c " + "a b " * 5000, "d " + "a e " * 5000

    assert pieces(before, after) == [(GONE, before), (NEW, after)]


def test_a_whole_difference_is_bounded_however_many_long_texts_differ():
    draw = random.Random(1)
    text = [" ".join(f"w{draw.randrange(100)}" for _ in range(3000)) for _ in range(80)]
    old = make_document(narrative=Narrative(what_happened="\n\n".join(text[:40]), impact="\n\n".join(text[40:])))
    new = replace(old, narrative=Narrative(what_happened="\n\n".join(text[40:]), impact="\n\n".join(text[:40])))

    started = time.monotonic()
    entries = gazette(old, new)

    assert [entry.label for entry in entries] == ["What happened", "Impact"]
    assert time.monotonic() - started < 10


def test_one_word_repeated_without_end_is_compared_at_once():
    before, after = "a " * 1990, "a b " * 990

    started = time.monotonic()
    marked = pieces(before, after)

    assert marked == [(GONE, before), (NEW, after)]
    assert time.monotonic() - started < 5


def test_an_entry_for_each_field_says_both_sides():
    old = make_document()
    new = replace(old, severity=Severity.HIGH)

    (entry,) = gazette(old, new)

    assert (entry.label, entry.kind) == ("Severity", "Changed")
    assert (entry.said, entry.says) == ((Piece(GONE, "Medium"),), (Piece(NEW, "High"),))


def test_what_was_added_has_nothing_on_the_other_side():
    old = make_document()
    new = replace(old, narrative=Narrative(takeaway="Test the\nrestore. [^2]"))

    (entry,) = gazette(old, new)

    assert (entry.said, entry.says) == ((), (Piece(NEW, "Test the restore. [2]"),))


def test_line_breaks_inside_paragraphs_mean_nothing_but_lists_keep_theirs():
    old = make_document(narrative=Narrative(impact="One two\nthree four five.\n- a\n- b"))
    new = replace(old, narrative=Narrative(impact="One two three\nfour five.\n- a\n- c"))

    (entry,) = gazette(old, new)

    assert "".join(piece.text for piece in entry.says) == "One two three four five.\n- a\n- c"
    assert [piece.text for piece in entry.says if piece.kind == NEW] == ["c"]
