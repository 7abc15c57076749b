"""NDJSON: on each line a document to the byte as the ledger holds it."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from incidents.representations.api.exporting.rows import Edition, Row


class LineWriter:
    """Documents, one on each line."""

    format: ClassVar[str] = "ndjson"
    ending: ClassVar[str] = "ndjson"

    def beginning(self, edition: Edition) -> bytes:
        """Nothing."""
        return b""

    def part(self, rows: Sequence[Row], *, written: int) -> bytes:
        """The lines."""
        return "".join(f"{row.document_json}\n" for row in rows).encode()

    def end(self, edition: Edition, *, written: int) -> Iterator[bytes]:
        """Nothing."""
        yield from ()
