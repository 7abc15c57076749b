"""The JSON representation is the canonical document itself."""

from pathlib import Path

from incidents.publication.document import AdvisoryDocument, encode_document
from incidents.publication.registry import Format


def build_json(document: AdvisoryDocument, base_url: str) -> bytes:
    """The canonical JSON of a document, as the ledger hashes it (RFC 8259, sorted keys, UTF-8)."""
    return encode_document(document)


FORMAT = Format(
    name="json",
    suffix=".json",
    media_type="application/json",
    label="JSON",
    build=build_json,
    made_of=(Path(__file__).parent,),
)
