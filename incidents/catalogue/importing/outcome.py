"""What storing a file did to the catalogue."""

from collections import Counter
from dataclasses import dataclass, field

from incidents.catalogue.importing.entries import Remark


@dataclass(slots=True)
class Tally:
    """How many rows of one kind were created, changed, already right, kept because newer, or absent from the file."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    newer: int = 0
    absent: int = 0

    @property
    def total(self) -> int:
        """Rows the file speaks of."""
        return self.created + self.changed + self.unchanged + self.newer


@dataclass(slots=True)
class Outcome:
    """A tally for each kind of row, in the order they were stored, and a remark on everything worth knowing."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        """Whether the catalogue is different now."""
        return any(tally.created or tally.changed for tally in self.tallies.values())

    @property
    def sum(self) -> Tally:
        """All kinds together."""
        tallies = self.tallies.values()
        return Tally(
            created=sum(tally.created for tally in tallies),
            changed=sum(tally.changed for tally in tallies),
            unchanged=sum(tally.unchanged for tally in tallies),
            newer=sum(tally.newer for tally in tallies),
            absent=sum(tally.absent for tally in tallies),
        )

    def topics(self) -> Counter[str]:
        """How many remarks there are on each topic."""
        return Counter(remark.topic for remark in self.remarks)
