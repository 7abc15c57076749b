"""The three formats to the byte, and hostile text in every field. `WRITE_GOLDEN=1` writes the files anew."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from incidents.publication.document import Narrative, TagRef
from incidents.representations.feeds.entry import Entry, build_entry, entry_title
from incidents.representations.feeds.feed import Feed
from incidents.representations.feeds.formats import FORMATS
from incidents.vocabulary.words import IncidentState, ReleaseKind, Severity
from tests.factories.corpus import effect
from tests.factories.documents import make_document, make_note
from tests.incidents.representations.feeds.reading import READERS, check

BASE = "https://tocsin.example"
GOLDEN = Path(__file__).parents[3] / "golden" / "feeds"
HOSTILE = "</title>]]><script>alert(1)</script> & \" ' \x00\x08\x1b\x85\ufffe\ufffd \u202egnp.exe {{ 7|add:7 }}"


def make_feed(*entries: Entry) -> Feed:
    """A page in the middle of a feed."""
    address = f"{BASE}/incidents/feed.atom?severity=high"
    return Feed(
        id="tag:tocsin.example,2025:/incidents/?severity=high",
        title="Tocsin: severity high",
        page=f"{BASE}/incidents/?severity=high",
        address=address,
        first=address,
        previous=f"{address}&cursor=newer",
        next=f"{address}&cursor=older",
        entries=entries,
    )


def sample() -> Feed:
    """A first publication, an update in a right-to-left language, a withdrawal."""
    first, second, third = make_note(1), make_note(2), make_note(3, kind=ReleaseKind.WITHDRAWAL, reason="A test.")
    told = make_document(
        release=first,
        history=(first,),
        severity=Severity.HIGH,
        who_is_affected="Customers of Harbour Bank",
        what_to_do_now="Use the branch.",
        narrative=Narrative(what_happened="The ledgers were **unreadable** [^1]."),
        affected_services=(effect("harbour-bank/payments"),),
        tags=(TagRef(slug="ransomware", name="Ransomware"),),
    )
    before = make_document(id="INC-2025-0002", title="בנק", language="he", history=(first,))
    update = replace(before, release=second, history=(first, second), state=IncidentState.RESOLVED)
    withdrawn = make_document(id="INC-2025-0003", release=third, history=(first, third), merged_into="INC-2025-0001")
    return make_feed(
        build_entry(withdrawn, None, BASE), build_entry(update, before, BASE), build_entry(told, None, BASE)
    )


@pytest.mark.parametrize("ending", FORMATS)
def test_a_feed_is_written_to_the_byte(ending: str) -> None:
    golden = GOLDEN / f"feed.{ending}"
    body = FORMATS[ending].build(sample(), BASE)
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_bytes(body)

    check(ending, body, sample().address)
    assert body.decode() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("kind", ReleaseKind)
def test_hostile_text_stays_text(ending: str, kind: ReleaseKind) -> None:
    note = make_note(2, kind=kind, reason=HOSTILE)
    before = make_document(title="Before", history=(make_note(1),))
    document = make_document(
        title=HOSTILE,
        summary=HOSTILE,
        who_is_affected=HOSTILE,
        what_to_do_now=HOSTILE,
        release=note,
        history=(make_note(1), note),
        narrative=Narrative(what_happened=HOSTILE, impact='[x](javascript:alert(1)) <img src="x" onerror="alert(2)">'),
        affected_services=(effect(HOSTILE),),
        tags=(TagRef(slug="x", name=HOSTILE),),
    )

    body = FORMATS[ending].build(make_feed(build_entry(document, before, BASE)), BASE)

    check(ending, body, make_feed().address)
    (entry,) = READERS[ending](body)
    assert "</title>]]><script>alert(1)</script> & \" ' " in entry.title
    assert "{{ 7|add:7 }}" in entry.title
    assert "<script" not in entry.content


def test_a_title_from_right_to_left_cannot_turn_what_stands_before_it() -> None:
    note = make_note(2, kind=ReleaseKind.CORRECTION)

    assert entry_title(make_document(title="بنك", release=note)) == "Correction: \u2068بنك\u2069"
    assert entry_title(make_document(title="a\u202eb", release=note)) == "Correction: \u2068a\u202eb\u2069"
    assert entry_title(make_document(title="Bank", release=note)) == "Correction: Bank"


def test_a_source_is_cited_on_the_page_of_the_release() -> None:
    document = make_document(narrative=Narrative(impact="Payments stood still [^2]."))

    content = build_entry(document, None, BASE).content

    assert f'<a href="{BASE}/incidents/INC-2025-0001/releases/1/#source-2"' in content


def test_very_many_changes_are_counted() -> None:
    tags = tuple(TagRef(slug=f"tag-{number}", name=f"Tag {number}") for number in range(60))
    before, note = make_document(), make_note(2)
    document = replace(before, release=note, history=(*before.history, note), tags=tags)

    content = build_entry(document, before, BASE).content

    assert content.count("<li>") == 41
    assert "<li>and 20 more</li>" in content
