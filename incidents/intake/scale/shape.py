"""One line of a scale file: an invented incident, and what it must keep to so that it fits the record."""

import datetime as dt
import re
from typing import Annotated, Any

import msgspec
from django.core.exceptions import ValidationError

from incidents.catalogue.importing.text import storable
from incidents.catalogue.models.entry import http_url
from incidents.vocabulary.dates import PartialDate

Text = Annotated[str, msgspec.Meta(max_length=1_000_000)]


class BadLine(ValueError):
    """A line cannot become an incident; the text says why."""


class Place(msgspec.Struct, frozen=True):
    """Who was hit; `country` as three letters of ISO 3166-1."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    country: str | None = None
    sector: str | None = None


class Origin(msgspec.Struct, frozen=True):
    """Who is said to have done it."""

    type: str = "unknown"
    variety: str = "Unknown"
    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    confidence: str | None = None


class Reference(msgspec.Struct, frozen=True):
    """A source."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    url: Annotated[str, msgspec.Meta(max_length=1000)]
    type: str | None = None


class Note(msgspec.Struct, frozen=True):
    """An update."""

    at: dt.datetime
    status: str
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: Text = ""


class Line(msgspec.Struct, frozen=True):
    """One invented incident."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    summary: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
    occurred: str
    disclosed: str
    organisation: Place
    severity: str
    tlp: str
    body: tuple[Text, ...] = ()
    services: tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=200)], ...] = ()
    assets: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    mitigations: tuple[str, ...] = ()
    cves: tuple[str, ...] = ()
    actor: Origin = Origin()
    records_affected: Annotated[int, msgspec.Meta(ge=0, le=10**15)] | None = None
    sources: tuple[Reference, ...] = ()
    updates: tuple[Note, ...] = ()


_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?(\.[a-z]{2,60})+(/[A-Za-z0-9/._-]*)?")
_DECODER = msgspec.json.Decoder(Line)


def read_line(content: bytes) -> Line:
    """The incident that a line describes.

    Raises:
        BadLine: it is no JSON, lacks something, or says something that the record cannot keep.
    """
    try:
        line = _DECODER.decode(content)
        if b"\\u0000" in content or b"\\ud" in content.lower():
            line = msgspec.convert(_storable(msgspec.to_builtins(line)), Line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadLine(str(error)) from None
    for name in ("title", "summary"):
        if not getattr(line, name).strip():
            raise BadLine(f"its {name} is blank")
    for name in ("occurred", "disclosed"):
        _check_date(name, getattr(line, name))
    for reference in line.sources:
        _check_address(reference.url)
    return line


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list | tuple) else value


def _check_date(name: str, text: str) -> None:
    try:
        PartialDate(text)
    except ValueError as error:
        raise BadLine(f"{name}: {error}") from None


def _check_address(url: str) -> None:
    if _PLAIN_ADDRESS.fullmatch(url):
        return
    try:
        http_url(url)
    except ValidationError:
        raise BadLine(f"“{url[:80]}” is no http(s) address of a source") from None
