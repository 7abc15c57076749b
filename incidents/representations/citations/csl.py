"""Building the CSL-JSON representation (Citation Style Language 1.0.2, input schema): a list of one report."""

import json
from pathlib import Path
from typing import Any

from incidents.publication.document import AdvisoryDocument
from incidents.publication.registry import Format, Purpose
from incidents.representations.citations.entry import GENRE, date_parts, make_entry


def build_csl(document: AdvisoryDocument, base_url: str) -> bytes:
    """A release as CSL-JSON in UTF-8; what is not known is left out."""
    return (json.dumps([_item(document, base_url)], ensure_ascii=False, indent=2) + "\n").encode()


def _item(document: AdvisoryDocument, base_url: str) -> dict[str, Any]:
    entry = make_entry(document, base_url)
    item: dict[str, Any] = {
        "id": entry.key,
        "type": "report",
        "genre": GENRE,
        "title": entry.title,
        "author": [{"literal": entry.publisher}],
        "publisher": entry.publisher,
        "number": entry.number,
        "version": str(entry.release),
        "issued": {"date-parts": [date_parts(entry.released_on.isoformat())]},
        "event-date": {"date-parts": [date_parts(text) for text in entry.occurred]} if entry.occurred else None,
        "URL": entry.address,
        "language": entry.language,
        "abstract": entry.summary,
        "keyword": ", ".join(entry.keywords),
        "status": "withdrawn" if entry.is_withdrawn else "",
        "note": entry.note,
    }
    return {name: value for name, value in item.items() if value}


FORMAT = Format(
    name="csl",
    suffix=".csl.json",
    media_type="application/vnd.citationstyles.csl+json",
    label="CSL-JSON",
    build=build_csl,
    made_of=(Path(__file__).parent,),
    purpose=Purpose.CITING,
)
