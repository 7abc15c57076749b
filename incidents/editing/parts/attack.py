"""How it was done, and who is said to have done it."""

from incidents.editing.parts.part import StackedPart
from incidents.record.models import Attack, Attribution


class AttackInline(StackedPart):
    """The techniques, in the course of events."""

    model = Attack
    verbose_name_plural = "attacks"
    fields = (("order", "technique"), ("certainty", "tactic"), ("occurred_from", "occurred_to"), "description", "cites")
    autocomplete_fields = ("technique",)
    related_fields = ("technique",)
    markdown_fields = ("description",)


class AttributionInline(StackedPart):
    """Who is said to be responsible; several may stand side by side."""

    model = Attribution
    fields = (("order", "actor"), ("status", "confidence"), ("said_by", "said_on"), "basis", "cites")
    autocomplete_fields = ("actor",)
    related_fields = ("actor",)
    markdown_fields = ("basis",)
