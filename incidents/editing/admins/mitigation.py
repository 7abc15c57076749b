"""The admin of mitigations, with the techniques they counter."""

from incidents.editing.admins.coverage import CoverageInline
from incidents.editing.admins.framework import FrameworkAdmin


class CounteredInline(CoverageInline):
    """The techniques that a mitigation counters."""

    fk_name = "mitigation"
    fields = ("technique", "how")
    autocomplete_fields = ("technique",)
    related_fields = ("technique",)
    verbose_name_plural = "techniques it counters"


class MitigationAdmin(FrameworkAdmin):
    """What stops or softens techniques."""

    autocomplete_fields = ("superseded_by",)
    inlines = (CounteredInline,)
    further_fields = ("superseded_by",)
