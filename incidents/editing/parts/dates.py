"""What the dates rest on."""

from incidents.editing.parts.part import StackedPart
from incidents.record.models import DateClaim


class DateClaimInline(StackedPart):
    """What is said about the dates; several may stand side by side."""

    model = DateClaim
    verbose_name_plural = "claims about the dates"
    fields = (("order", "event", "at"), ("said_by", "confidence"), "cites")
