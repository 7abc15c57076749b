"""What readers should do."""

from typing import Any

from incidents.editing.parts.part import PartForm, StackedPart
from incidents.record.models import Recommendation


class RecommendationForm(PartForm):
    """A recommendation has a title or a mitigation, better both."""

    def clean(self) -> dict[str, Any]:
        """Check that it says what to do."""
        cleaned = super().clean() or {}
        if not (cleaned.get("title") or cleaned.get("mitigation") or {"title", "mitigation"} & set(self.errors)):
            self.add_error("title", "Give it a title or choose a mitigation.")
        return cleaned


class RecommendationInline(StackedPart):
    """Recommendations, the most urgent first."""

    model = Recommendation
    form = RecommendationForm
    fields = (("order", "audience", "priority"), ("title", "mitigation"), "advice", ("due_on", "cites"))
    autocomplete_fields = ("mitigation",)
    related_fields = ("mitigation",)
    markdown_fields = ("advice",)
