"""Traffic Light Protocol 2.0 (FIRST, August 2022): who may receive what."""

from django.db.models import TextChoices


class TLP(TextChoices):
    """The five labels of TLP 2.0, from the widest to the narrowest audience."""

    CLEAR = "clear", "TLP:CLEAR"
    GREEN = "green", "TLP:GREEN"
    AMBER = "amber", "TLP:AMBER"
    AMBER_STRICT = "amber+strict", "TLP:AMBER+STRICT"
    RED = "red", "TLP:RED"

    @property
    def rank(self) -> int:
        """0 (CLEAR) to 4 (RED): a higher rank reaches fewer people."""
        return _RANKS[self]


_RANKS = {label: rank for rank, label in enumerate(TLP)}
