"""Dated public notes, with the state of services at that time."""

from typing import Any

from django.contrib import admin

from incidents.editing.impacts import ImpactsInput, replace_impacts, show_impacts
from incidents.editing.parts.part import PartForm, StackedPart
from incidents.record.models import Update


class UpdateForm(PartForm):
    """A note, and in `then` the state of services, a line each."""

    then = ImpactsInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["then"] = show_impacts(self.instance.impacts.all())

    def save(self, commit: bool = True) -> Update:
        """Save the note, and the state of services where it changed."""
        update: Update = super().save(commit)
        if commit and "then" in self.changed_data:
            replace_impacts(update, self.cleaned_data["then"])
        return update


class UpdateInline(StackedPart):
    """Updates, in the order of time."""

    model = Update
    form = UpdateForm
    fields = (("at", "kind"), "title", "text", "then", "cites")
    markdown_fields = ("text",)

    @admin.display(description="State of services then")
    def then(self, update: Update) -> str:
        """The state of services, for those who may only read."""
        return show_impacts(update.impacts.all())

    def get_queryset(self, request: Any) -> Any:
        """The updates with their services."""
        return super().get_queryset(request).prefetch_related("impacts__service__organization")
