"""Which mitigation counters which technique, as part of either page."""

from incidents.catalogue.models import MitigationCoverage
from incidents.editing.parts.part import TabularPart


class CoverageInline(TabularPart):
    """Rows that say that a mitigation counters a technique, and how."""

    model = MitigationCoverage
