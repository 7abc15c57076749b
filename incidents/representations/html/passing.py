"""Passing an advisory on: its formats by what they are for, its address, a letter about it, the card for other sites, and
the picture beside links to it.
"""

from dataclasses import dataclass
from html import escape
from itertools import groupby
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext

from incidents.publication.document import AdvisoryDocument
from incidents.publication.registry import Format, Purpose, get_format

CARD_WIDTH, CARD_HEIGHT = 480, 240
PICTURE = "picture"
"""The name of the format that is a picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an advisory: its address, and in words what it shows."""

    url: str
    alt: str


def picture_of(document: AdvisoryDocument, base_url: str) -> Picture:
    """The picture for link previews. Its address names the release: what keeps pictures by their address asks for the new one
    when there is another release. What it shows is said in English, because it is written in English.
    """
    note = document.release
    with translation.override("en"):
        state = "Withdrawn" if document.is_withdrawn else f"Severity {document.severity.label.lower()}"
    release = f"release {note.number}, {note.released_at.day} {note.released_at:%B %Y}"
    return Picture(
        url=f"{base_url}/incidents/{document.id}/releases/{note.number}{get_format(PICTURE).suffix}",
        alt=f"{document.id}: {document.title}. {state}, {document.tlp.label}, {release}.",
    )


def formats_by_purpose(offered: list[Format]) -> list[tuple[Purpose, list[Format]]]:
    """These formats, those for one purpose together, in the order of the purposes."""
    order = list(Purpose)
    ordered = sorted(offered, key=lambda form: order.index(form.purpose))
    return [(purpose, list(group)) for purpose, group in groupby(ordered, key=lambda form: form.purpose)]


def sharing(document: AdvisoryDocument, base_url: str, path: str) -> dict[str, str]:
    """What the section “Share” offers: the address of the page, one that opens a letter, and the card as HTML to copy."""
    address = base_url + path
    title = " ".join(document.title.split())
    label = gettext("%(tlp)s, release %(number)d") % {"tlp": document.tlp.label, "number": document.release.number}
    body = f"{title}\n{address}\n\n{label}"
    return {
        "address": address,
        "letter": f"mailto:?subject={quote(f'{document.id}: {title}')}&body={quote(body)}",
        "card": _card(document.id, title, f"{base_url}/incidents/{document.id}/card/"),
    }


def _card(public_id: str, title: str, address: str) -> str:
    name = escape(f"{public_id}: {title}", quote=True)
    size = f'width="{CARD_WIDTH}" height="{CARD_HEIGHT}"'
    return f'<iframe src="{escape(address)}" title="{name}" {size} style="border:0;max-width:100%" loading="lazy"></iframe>'
