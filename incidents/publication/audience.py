"""Who is asking, and what they may see. The TLP rule lives here and nowhere else (INV-TLP)."""

from dataclasses import dataclass

from incidents.vocabulary.tlp import TLP


@dataclass(frozen=True, slots=True)
class Audience:
    """Somebody with a clearance: the public has TLP:CLEAR, a partner at most TLP:AMBER+STRICT."""

    clearance: TLP

    @property
    def highest_rank(self) -> int:
        """The highest TLP rank this audience may see; TLP:RED is never served to an audience."""
        return min(self.clearance.rank, TLP.AMBER_STRICT.rank)

    def may_see(self, tlp: TLP) -> bool:
        """Whether something with this label may be shown to this audience."""
        return tlp.rank <= self.highest_rank


PUBLIC = Audience(clearance=TLP.CLEAR)
