"""The admin of techniques, with the mitigations that counter them."""

from incidents.editing.admins.coverage import CoverageInline
from incidents.editing.admins.framework import FrameworkAdmin


class CountersInline(CoverageInline):
    """The mitigations that counter a technique."""

    fk_name = "technique"
    fields = ("mitigation", "how")
    autocomplete_fields = ("mitigation",)
    related_fields = ("mitigation",)
    verbose_name_plural = "mitigations that counter it"


class TechniqueAdmin(FrameworkAdmin):
    """How adversaries do it."""

    autocomplete_fields = ("tactics", "parent", "superseded_by")
    inlines = (CountersInline,)
    further_fields = ("tactics", "parent", "superseded_by")
