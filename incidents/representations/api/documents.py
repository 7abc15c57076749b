"""Documents as they stand in the ledger: canonical JSON to the byte, joined instead of built anew."""

from collections.abc import Iterable, Sequence

import msgspec

from incidents.publication.models import Release


def stored_documents(release_keys: Sequence[int]) -> list[str]:
    """The documents of releases, given their primary keys, in that order. One query, no document is decoded."""
    found = dict(Release.objects.filter(pk__in=release_keys).values_list("pk", "document_json"))
    return [found[key] for key in release_keys]


def join_rows(rows: Iterable[str | bytes]) -> bytes:
    """A JSON array of rows that are JSON already."""
    return b"[" + b",".join(row.encode() if isinstance(row, str) else row for row in rows) + b"]"


def trimmed(document: str, fields: Sequence[str]) -> bytes:
    """A document with some of its fields, each to the byte, in the canonical order."""
    parts = _PARTS.decode(document)
    return msgspec.json.encode({name: parts[name] for name in sorted(fields) if name in parts})


_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
