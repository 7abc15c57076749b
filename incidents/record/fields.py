"""Model fields of the record: partial dates, citations, files; and how long its texts may be."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.fields.files import FieldFile

from incidents.vocabulary.citations import CITES_PATTERN
from incidents.vocabulary.dates import PARTIAL_DATE_PATTERN, PartialDate
from incidents.vocabulary.language_tags import LANGUAGE_PATTERN, spell_language

LONGEST_SUMMARY = 1_000
LONGEST_NARRATIVE = 40_000  # characters of one of an incident's own texts
LONGEST_PROSE = 10_000  # characters of the text of one of its parts
LONGEST_RECORD = 120_000  # characters of all its texts together: they are rendered under the ledger's lock
LONGEST_TRANSLATIONS = 360_000  # characters of all its translations together


def validate_partial_date(text: str) -> None:
    """Accept a date as it is known.

    Raises:
        ValidationError: it is no partial date.
    """
    try:
        PartialDate(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def validate_cites(text: str) -> None:
    """Accept a list of source numbers.

    Raises:
        ValidationError: it is anything else.
    """
    if not re.fullmatch(CITES_PATTERN, text):
        raise ValidationError("Give the numbers of the sources, such as 1, 3.")


class PartialDateField(models.CharField):
    """A date known to the year, month, day or minute, kept as ISO 8601 text; empty when unknown."""

    default_validators = [validate_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 17)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("help_text", "As far as it is known: 2025, 2025-01, 2025-01-27 or 2025-01-27T13:33Z.")
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        """A `PartialDate`, or the empty text."""
        return PartialDate(value) if value else value

    def to_python(self, value: Any) -> Any:
        """A `PartialDate`, or the empty text.

        Raises:
            ValidationError: it is no partial date.
        """
        if not value:
            return ""
        validate_partial_date(str(value))
        return PartialDate(str(value))


class CitesField(models.CharField):
    """Numbers of the sources a part of the record rests on: `1, 3`."""

    default_validators = [validate_cites]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 120)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("verbose_name", "sources")
        kwargs.setdefault("help_text", "Numbers of the sources this rests on: 1, 3.")
        super().__init__(*args, **kwargs)


class LanguageField(models.CharField):
    """A language as a tag of BCP 47, in its usual spelling."""

    default_validators = [RegexValidator(LANGUAGE_PATTERN, "Give a BCP 47 tag such as de or zh-Hans.")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 35)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The tag, spelled as is usual."""
        return spell_language(str(value)) if value else value


class ContentAddressedFile(FieldFile):
    """A stored file whose name is its content: the same content is stored once."""

    def save(self, name: str, content: "File[Any]", save: bool = True) -> None:
        """Store the content unless it is there already."""
        path = self.field.generate_filename(self.instance, name)
        if not self.storage.exists(path):
            super().save(name, content, save=save)
            return
        self.name = path
        setattr(self.instance, self.field.attname, path)
        self._committed = True
        if save:
            self.instance.save()


class ContentAddressedFileField(models.FileField):
    """A file field whose `upload_to` names the file by its hash."""

    attr_class = ContentAddressedFile


def date_is_well_formed(model: str, *fields: str) -> list[models.BaseConstraint]:
    """Database constraints that keep partial dates well formed, one for each field."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{field: ""}) | models.Q(**{f"{field}__regex": PARTIAL_DATE_PATTERN}),
            name=f"{model}_{field}_is_partial_date",
        )
        for field in fields
    ]


def value_is_known(model: str, field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """A database constraint that keeps a field within its vocabulary."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": choices.values}), name=f"{model}_{field}_is_known"
    )
