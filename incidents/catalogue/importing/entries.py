"""What a reader finds in a file, before any of it is stored. Entries name each other by external id."""

from dataclasses import dataclass, field
from datetime import datetime

from incidents.vocabulary.words import EntryStatus, Framework


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every kind of entry has; `revised_at` is the framework's own date of its last change."""

    external_id: str
    name: str
    summary: str = ""
    url: str = ""
    stix_id: str = ""
    status: EntryStatus = EntryStatus.ACTIVE
    revised_at: datetime | None = None
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TacticEntry(Entry):
    """A tactic; `position` is its column in the matrix, from 1."""

    shortname: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TechniqueEntry(Entry):
    """A technique, the tactics it serves, its parent and its successor."""

    tactics: frozenset[str] = frozenset()
    parent: str = ""
    superseded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MitigationEntry(Entry):
    """A mitigation and its successor."""

    superseded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry(Entry):
    """A group, its other names and its successor."""

    aliases: tuple[str, ...] = ()
    superseded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageEntry:
    """A mitigation counters a technique, and how."""

    mitigation: str
    technique: str
    how: str = ""
    stix_id: str = ""
    revised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know about one thing in the file: what became of it, and why."""

    topic: str
    id: str
    name: str
    why: str


@dataclass(slots=True, kw_only=True)
class Reading:
    """Everything one file says, and what in it the catalogue has no place for."""

    framework: Framework
    version: str = ""
    domains: frozenset[str] = frozenset()
    tactics: list[TacticEntry] = field(default_factory=list)
    techniques: list[TechniqueEntry] = field(default_factory=list)
    mitigations: list[MitigationEntry] = field(default_factory=list)
    actors: list[ActorEntry] = field(default_factory=list)
    coverage: list[CoverageEntry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many entries there are to store."""
        kinds = (self.tactics, self.techniques, self.mitigations, self.actors, self.coverage)
        return sum(len(entries) for entries in kinds)
