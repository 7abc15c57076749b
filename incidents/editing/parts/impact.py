"""What it did: to services, and in figures."""

from itertools import pairwise
from typing import Any

from incidents.editing.parts.part import PartForm, StackedPart
from incidents.record.models import AffectedService, Loss


class AffectedServiceInline(StackedPart):
    """Services and what happened to them for a time."""

    model = AffectedService
    fields = (("order", "service", "impact"), ("occurred_from", "occurred_to"), "note", "cites")
    autocomplete_fields = ("service",)
    related_fields = ("service__organization",)


class LossForm(PartForm):
    """A figure; at least one of the three numbers, in ascending order."""

    def clean(self) -> dict[str, Any]:
        """Check the figures against each other."""
        cleaned = super().clean() or {}
        names = [name for name in ("low", "likely", "high") if cleaned.get(name) is not None]
        if not names and not {"low", "likely", "high"} & set(self.errors):
            self.add_error("likely", "Give at least one figure: the lowest, the best or the highest.")
        for smaller, larger in pairwise(names):
            if cleaned[smaller] > cleaned[larger]:
                self.add_error(larger, f"This is less than the “{smaller}” figure.")
        return cleaned


class LossInline(StackedPart):
    """Losses that somebody put a figure on."""

    model = Loss
    form = LossForm
    fields = (("order", "kind", "unit"), ("low", "likely", "high"), ("said_by", "as_of", "confidence"), "note", "cites")
