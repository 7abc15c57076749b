"""Building the RIS representation (Research Information Systems, the specification of 2011): a record of type RPRT."""

from collections.abc import Iterator
from pathlib import Path

from incidents.publication.document import AdvisoryDocument
from incidents.publication.registry import Format, Purpose
from incidents.representations.citations.entry import GENRE, Entry, make_entry

_LONGEST_WORD = 255  # of authors and keywords, which may not hold asterisks either


def build_ris(document: AdvisoryDocument, base_url: str) -> bytes:
    """A release as one RIS record in UTF-8; each line is a tag, two spaces, a hyphen, a space and a text."""
    entry = make_entry(document, base_url)
    return "".join(f"{tag}  - {text}\r\n" for tag, text in _lines(entry)).encode()


def _lines(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "TY", "RPRT"
    yield "ID", entry.key
    yield "AU", _word(entry.publisher)
    yield "TI", entry.title
    yield "PB", entry.publisher
    yield "M3", GENRE
    yield "SN", entry.number
    yield "ET", f"Release {entry.release}"
    yield "PY", f"{entry.released_on:%Y}"
    yield "DA", f"{entry.released_on:%Y/%m/%d}/"
    yield "UR", entry.address
    yield "LA", entry.language
    if entry.summary:
        yield "AB", entry.summary
    for word in entry.keywords:
        yield "KW", _word(word)
    if entry.occurred:
        yield "N1", f"The incident: {' to '.join(entry.occurred)}."
    yield "N1", entry.note
    yield "ER", ""


def _word(text: str) -> str:
    return text.replace("*", "")[:_LONGEST_WORD].strip()


FORMAT = Format(
    name="ris",
    suffix=".ris",
    media_type="application/x-research-info-systems; charset=utf-8",
    label="RIS",
    build=build_ris,
    made_of=(Path(__file__).parent,),
    purpose=Purpose.CITING,
)
