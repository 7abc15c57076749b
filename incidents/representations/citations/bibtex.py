"""Building the BibTeX representation: an `@report` in UTF-8, as biblatex and Biber read it (biblatex manual 3.20, 2.1.1)."""

from collections.abc import Iterator
from pathlib import Path

from incidents.publication.document import AdvisoryDocument
from incidents.publication.registry import Format, Purpose
from incidents.representations.citations.entry import GENRE, Entry, make_entry

# Braces are counted even where a backslash stands before them, so they are written as commands.
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "#$%&_"},
    }
)
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def build_bibtex(document: AdvisoryDocument, base_url: str) -> bytes:
    """A release as one BibTeX entry; the same document gives the same bytes."""
    entry = make_entry(document, base_url)
    fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(entry))
    return f"@report{{{entry.key},\n{fields},\n}}\n".encode()


def escape(text: str) -> str:
    """Text in which no character means anything to TeX, with braces that balance."""
    return text.translate(_SPECIAL)


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    day = entry.released_on
    yield "author", _whole(entry.publisher)
    yield "title", _whole(entry.title)
    yield "institution", _whole(entry.publisher)
    yield "type", _braced(GENRE)
    yield "number", _braced(entry.number)
    yield "version", _braced(str(entry.release))
    yield "year", _braced(str(day.year))
    yield "month", _MONTHS[day.month - 1]
    yield "day", _braced(str(day.day))
    if entry.occurred:
        yield "eventdate", _braced("/".join(entry.occurred))
    yield "url", f"{{{entry.address.translate(_IN_ADDRESS)}}}"
    if entry.summary:
        yield "abstract", _braced(entry.summary)
    if entry.keywords:
        yield "keywords", _braced(", ".join(word.replace(",", " ") for word in entry.keywords))
    if entry.is_withdrawn:
        yield "pubstate", _braced("withdrawn")
    yield "note", _braced(entry.note)


def _braced(text: str) -> str:
    return f"{{{escape(text)}}}"


def _whole(text: str) -> str:
    """In two pairs of braces: a name is not taken apart, the letters of a title keep their case."""
    return f"{{{_braced(text)}}}"


FORMAT = Format(
    name="bibtex",
    suffix=".bib",
    media_type="application/x-bibtex; charset=utf-8",
    label="BibTeX",
    build=build_bibtex,
    made_of=(Path(__file__).parent,),
    purpose=Purpose.CITING,
)
