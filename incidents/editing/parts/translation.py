"""The incident's text in other languages, each text beside the original that is stored."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html

from incidents.editing.parts.part import PartForm, PartFormSet, StackedPart, is_removed
from incidents.record.fitness import already_written_in
from incidents.record.models import Incident, Translation
from incidents.record.models.incident import NARRATIVE
from incidents.record.models.translation import TRANSLATED
from incidents.vocabulary.language_tags import language_name


class TranslationForm(PartForm):
    """One translation. A new one is of the current release, unless the editor says otherwise."""

    def __init__(self, *args: Any, original: Incident | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if original is None:
            return
        current = original.released_number
        if self.instance.pk is None:
            self.initial.setdefault("of_release", current or 1)
        if "of_release" in self.fields:
            following = f"{current + 1} is the one being written"
            self.fields["of_release"].help_text = (
                f"{current} is public now, {following}." if current else f"{following}."
            )
        for name in TRANSLATED:
            if name in self.fields and (text := getattr(original, name)):
                self.fields[name].help_text = _beside(text, original.language, str(self.fields[name].label))
                # The help describes the field; whoever hears the page should not have to hear all of the original first.
                self.fields[name].widget.attrs["aria-describedby"] = "translations-heading"

    def has_changed(self) -> bool:
        """Whether there is something to save; a new row that has nothing but the number of a release is no row."""
        return super().has_changed() and (self.instance.pk is not None or set(self.changed_data) != {"of_release"})


def _beside(text: str, language: str, label: str) -> str:
    return format_html(
        '<div class="original" tabindex="0" role="group" aria-label="Original: {}" lang="{}" dir="auto">{}</div>',
        label,
        language,
        text,
    )


class TranslationFormSet(PartFormSet):
    """All translations of an incident, one for each language and none in the language it is written in."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """What each row is told: the incident as it is stored."""
        return {**super().get_form_kwargs(index), "original": self.instance}

    def clean(self) -> None:
        """Refuse a second translation into a language, and one into the language of the incident as it is sent along.

        Raises:
            ValidationError: there is one.
        """
        super().clean()
        written_in, seen = self.instance.language, set[str]()
        for form in self.forms:
            if form.errors or is_removed(form) or not form.instance.language:
                continue
            language = form.instance.language.lower()
            if language == written_in.lower():
                raise ValidationError(already_written_in(written_in))
            if language in seen:
                raise ValidationError(f"There are two translations into {language_name(language)}.")
            seen.add(language)


class TranslationInline(StackedPart):
    """Translations, by their language."""

    model = Translation
    form = TranslationForm
    formset = TranslationFormSet
    fields = (("language", "of_release", "translator"), *TRANSLATED)
    markdown_fields = NARRATIVE
    markdown_rows = 12
