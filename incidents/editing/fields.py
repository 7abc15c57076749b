"""Form fields and widgets of the desk: names, citations, Markdown with a preview, autocomplete that asks nothing twice."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse


class NamesInput(forms.CharField):
    """A list of names, one to a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *args: Any, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        """Take what a JSON field gives its form field; a list of names needs neither encoder nor decoder."""
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The names, without empty lines."""
        lines = value if isinstance(value, list) else (value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        """The names, one to a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the list is another one."""
        return bool(self.to_python(initial) != self.to_python(data))


class CitesInput(forms.CharField):
    """Numbers of sources, written as people write them: `1, 3`, `1 3` or `[1] [3]`."""

    def to_python(self, value: Any) -> str:
        """The numbers in order, each once, as the record keeps them.

        Raises:
            ValidationError: there is something else among them.
        """
        text = super().to_python(value) or ""
        if re.search(r"[^\d\s,;\[\]^]", text):
            raise ValidationError("Give the numbers of the sources, such as 1, 3.")
        numbers = dict.fromkeys(int(number) for number in re.findall(r"\d+", text))
        return ", ".join(str(number) for number in numbers)


class MarkdownInput(forms.Textarea):
    """A text area for Markdown. A script puts beside it what readers will see; without scripts it is a plain text area."""

    def __init__(self, *, rows: int, at_once: bool = False) -> None:
        """Make one with so many rows, its preview shown at once or only when somebody writes in it."""
        super().__init__(attrs={"rows": rows, "data-markdown": "at once" if at_once else "on focus"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The context of the template, with the address that renders Markdown."""
        address = reverse("admin:incidents_incident_markdown")
        return super().get_context(name, value, {**(attrs or {}), "data-markdown-address": address})


class NamedDateTime(AdminSplitDateTime):
    """A day and a time of day, each named for those who hear the page: the label of the field is that of both."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, ("Day", "Time of day"), strict=True):
            widget.attrs["aria-label"] = name


class PreparedAutocomplete(AutocompleteSelect):
    """An autocomplete field that is told the chosen row, so that showing thirty of them takes no thirty queries."""

    known: models.Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        """The chosen row alone; the others are asked for while one types."""
        if self.known is None or list(value) != [str(self.known.pk)]:
            return super().optgroups(name, value, attrs) if any(value) else self._nothing_chosen(name)
        option = self.create_option(name, value[0], str(self.known), True, 0)
        first = [] if self.is_required else self._nothing_chosen(name)[0][1]
        return [(None, [*first, option], 0)]

    def _nothing_chosen(self, name: str) -> Any:
        return [(None, [self.create_option(name, "", "", False, 0)], 0)]


def tell_autocompletes(form: forms.ModelForm) -> None:
    """Give every autocomplete field of a form the row its instance points at already."""
    for name, field in form.fields.items():
        widget = field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget
        if isinstance(widget, PreparedAutocomplete) and form.instance.pk:
            widget.known = getattr(form.instance, name)
