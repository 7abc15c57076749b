"""What a reader of an outside format hands over: entries to take in, and a remark on everything it could not map."""

from dataclasses import dataclass, field

from incidents.catalogue.importing.entries import Remark
from incidents.intake.catalogue import Entries
from incidents.intake.draft import Draft

__all__ = ["Entry", "Reading", "Remark"]


class IntakeFileError(Exception):
    """A file cannot be read; the text says what is wrong, where, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a source, ready to become an incident. `digest` is the SHA-256 of the entry as the source wrote it."""

    external_id: str
    name: str
    digest: str
    draft: Draft
    needs: Entries


@dataclass(slots=True, kw_only=True)
class Reading:
    """Everything one file says.

    Attributes:
        format: the name of the format, as on the command line.
        version: what the file says about itself.
        catalogue_command: how to fetch techniques that the catalogue lacks.
        entries: what can be taken in, in the order of the file.
        remarks: what could not be mapped, row by row.
        unreadable: how many entries of the file are not among `entries`.
    """

    format: str
    catalogue_command: str
    version: str = ""
    entries: list[Entry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unreadable: int = 0
