"""What an export is made of: the last release of each advisory, and what a writer of a format is."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import ClassVar, NamedTuple, Protocol

from incidents.publication.document import AdvisoryDocument, decode_document


class Row:
    """An advisory as its last release says it.

    Args:
        sequence: its place in the ledger, which stays inside.
        document_json: its canonical JSON.
    """

    def __init__(self, sequence: int, document_json: str) -> None:
        self.sequence = sequence
        self.document_json = document_json

    @cached_property
    def document(self) -> AdvisoryDocument:
        """The document, read once for all writers."""
        return decode_document(self.document_json)

    @property
    def standing(self) -> str:
        """What became of the advisory: `current`, `withdrawn`, or `merged` into another."""
        if not self.document.is_withdrawn:
            return "current"
        return "merged" if self.document.merged_into else "withdrawn"


class Edition(NamedTuple):
    """What the whole export says about itself: its portal, the cursor it ends at, for which clearance."""

    portal: str
    after: str
    clearance: str


class Writer(Protocol):
    """Makes the content of one file, in parts. Whatever it keeps lies in the workshop, so that another process can go on.

    Attributes:
        format: its name in the list of exports.
        ending: how its files end, without the compression.
    """

    format: ClassVar[str]
    ending: ClassVar[str]

    def beginning(self, edition: Edition) -> bytes:
        """What stands before all rows."""

    def part(self, rows: Sequence[Row], *, written: int) -> bytes:
        """Some rows more, when so many have been written."""

    def end(self, edition: Edition, *, written: int) -> Iterator[bytes]:
        """What follows all rows. May be asked for again, where the process that asked was killed."""
