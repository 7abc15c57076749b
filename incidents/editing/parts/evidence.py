"""What the record rests on: sources, the organisation's own words, files."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.html import format_html

from incidents.editing.parts.part import PartForm, PartFormSet, StackedPart, is_removed
from incidents.editing.uploads import ENDINGS, WHAT_IS_TAKEN, inspect_upload
from incidents.record.models import Attachment, Source, Statement


class SourceForm(PartForm):
    """A source, whose number stays once it is given: texts cite it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "number" in self.fields:
            self.fields["number"].disabled = True


class SourceInline(StackedPart):
    """Sources, in the order of their numbers."""

    model = Source
    form = SourceForm
    fields = (
        ("number", "kind", "language"),
        "title",
        "url",
        ("publisher", "author"),
        ("published_on", "accessed_on"),
        "archive_url",
    )


class StatementInline(StackedPart):
    """What organizations themselves say."""

    model = Statement
    verbose_name_plural = "statements of organisations"
    fields = (("organization", "made_on"), "is_quotation", "text", "cites")
    autocomplete_fields = ("organization",)
    related_fields = ("organization",)
    markdown_fields = ("text",)


class AttachmentForm(PartForm):
    """A file and what it shows. A stored file is not exchanged: remove it and add another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].help_text = f"{WHAT_IS_TAKEN}."
            self.fields["file"].widget = forms.FileInput(
                attrs={"accept": ",".join(ending for endings in ENDINGS.values() for ending in endings)}
            )
            if self.instance.pk:
                self.fields["file"].widget = forms.HiddenInput()
                self.fields["file"].disabled = True

    def clean_file(self) -> Any:
        """Look into a new file and note what it is.

        Raises:
            ValidationError: it is none that we take.
        """
        upload = self.cleaned_data["file"]
        if isinstance(upload, UploadedFile):
            seen = inspect_upload(upload)
            self.instance.name, self.instance.media_type = seen.name, seen.media_type
            self.instance.sha256, self.instance.size = seen.sha256, seen.size
        return upload


class AttachmentFormSet(PartFormSet):
    """The files of an incident, each once."""

    def clean(self) -> None:
        """Refuse the same content twice.

        Raises:
            ValidationError: two files have the same content.
        """
        super().clean()
        seen: dict[str, str] = {}
        for form in self.forms:
            sha256 = form.instance.sha256
            if sha256 and not form.errors and not is_removed(form):
                if sha256 in seen:
                    raise ValidationError(f"“{form.instance.title}” is the same file as “{seen[sha256]}”.")
                seen[sha256] = form.instance.title


class AttachmentInline(StackedPart):
    """Files that belong to the record."""

    model = Attachment
    form = AttachmentForm
    formset = AttachmentFormSet
    fields = (("file", "stored"), "title", "alt_text")
    readonly_fields = ("stored",)

    @admin.display(description="Stored as")
    def stored(self, attachment: Attachment) -> str:
        """Name, type and size of a stored file, with a link to it."""
        if not attachment.pk:
            return "Not stored yet"
        address = reverse("admin:incidents_incident_attachment", args=[attachment.incident_id, attachment.pk])
        return format_html(
            '<a href="{}">{}</a> · {} · {} bytes', address, attachment.name, attachment.media_type, attachment.size
        )
