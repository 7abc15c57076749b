"""What all parts of an incident share: numbers that are proposed, fields that know their dates, rows loaded in one go."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.forms.utils import pretty_name
from django.http import HttpRequest

from incidents.catalogue.models.entry import HttpUrlField
from incidents.editing.dates import PartialDateInput
from incidents.editing.fields import CitesInput, MarkdownInput, PreparedAutocomplete, tell_autocompletes
from incidents.record.fields import CitesField, PartialDateField

NUMBERING = ("order", "number")
OVERRIDES: dict[Any, dict[str, Any]] = {
    PartialDateField: {
        "form_class": PartialDateInput,
        "widget": AdminTextInputWidget,
        "help_text": "2025, January 2025 or 2025-01-27 21:33",
    },
    CitesField: {"form_class": CitesInput, "widget": AdminTextInputWidget},
    HttpUrlField: {"widget": forms.URLInput(attrs={"class": "vURLField"})},
}
MOST_EMPTY_ROWS = 10


class PartForm(forms.ModelForm):
    """One row. Its number may be left empty; a new row that has nothing but a number is no row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        tell_autocompletes(self)
        for name in NUMBERING:
            if name in self.fields:
                self.fields[name].required = False
                self.fields[name].widget.attrs["data-next-number"] = ""
                if self.instance.pk is None:
                    self.initial[name] = None

    def full_clean(self) -> None:
        """Check the row. One that somebody else removed in the meantime has no key any more and needs none."""
        if self.instance.pk is None and "id" in self.fields:
            self.fields["id"].required = False
        super().full_clean()

    def has_changed(self) -> bool:
        """Whether there is something to save."""
        changed = set(self.changed_data)
        return bool(changed - set(NUMBERING)) if self.instance.pk is None else bool(changed)


def is_removed(row: forms.ModelForm) -> bool:
    """Whether the editor marked a row of a checked formset for removal."""
    return bool(getattr(row, "cleaned_data", {}).get("DELETE"))


class PartFormSet(forms.BaseInlineFormSet):
    """All rows of one part. Rows without a number get the next free one.

    A row that somebody else removed while this editor was writing is saved as a new one (see `conflict.py`).
    """

    @property
    def initial_forms(self) -> list[forms.ModelForm]:
        """The forms of rows that are stored."""
        return [form for form in super().initial_forms if form.instance.pk or not self.is_bound]

    @property
    def extra_forms(self) -> list[forms.ModelForm]:
        """The forms of rows that are not stored yet."""
        return [
            *super().extra_forms,
            *(form for form in super().initial_forms if self.is_bound and not form.instance.pk),
        ]

    def get_queryset(self) -> Any:
        """The stored rows; once somebody sends the form, those it is about and in its order."""
        if self.is_bound and "forms" in self.__dict__:
            return [form.instance for form in self.initial_forms]
        return super().get_queryset()

    def clean(self) -> None:
        """Check the rows against each other and number those without a number."""
        super().clean()
        numbering = next((name for name in NUMBERING if name in self.empty_form.fields), None)
        if numbering is None:
            return
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        last = max((getattr(form.instance, numbering) or 0 for form in kept), default=0)
        for form in kept:
            if getattr(form.instance, numbering) is None:
                last += 1
                setattr(form.instance, numbering, last)


class TabularFormSet(PartFormSet):
    """Rows of a table: the heads of its columns name the fields for the eye, an attribute names them for the ear."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Give a row its key and its box for removal, and every field a name."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget
            widget.attrs.setdefault("aria-label", str(field.label or pretty_name(name)))


class PartInline(InlineModelAdmin):
    """What the inlines of all parts do alike."""

    formset = PartFormSet
    form = PartForm
    formfield_overrides = OVERRIDES
    markdown_fields: ClassVar[Sequence[str]] = ()
    markdown_rows: ClassVar[int] = 4
    related_fields: ClassVar[Sequence[str]] = ()

    def get_extra(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> int:
        """Empty rows: none, or as many as `?rows=` asks for, for browsers in which no script can add them."""
        asked = request.GET.get("rows", "")
        return min(int(asked), MOST_EMPTY_ROWS) if asked.isascii() and asked.isdigit() else 0

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows, with what their forms show."""
        return super().get_queryset(request).select_related(*self.related_fields)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Markdown fields get their preview."""
        if db_field.name in self.markdown_fields:
            kwargs["widget"] = MarkdownInput(rows=self.markdown_rows)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Fields with autocomplete show the row they point at without asking for it."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PreparedAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class StackedPart(PartInline):
    """A part whose rows are small forms."""

    template = "admin/edit_inline/stacked.html"


class TabularPart(PartInline):
    """A part whose rows are lines of a table."""

    formset = TabularFormSet
    template = "admin/edit_inline/tabular.html"
