"""Words of ours in templates: as they stand within a line, and what stands between those of a list."""

import datetime as dt

from django import template
from django.db.models import TextChoices

from incidents.vocabulary import inline as words
from incidents.vocabulary.date_words import day_in_words

register = template.Library()


@register.filter
def inline(word: TextChoices) -> str:
    """A word of a vocabulary as it stands within a line: “low” in “Confidence: low”."""
    return words.inline(word)


@register.filter
def day_words(at: dt.datetime) -> str:
    """The day of an instant in UTC, for places that hold text alone."""
    return day_in_words(at.astimezone(dt.UTC))


@register.simple_tag
def comma() -> str:
    """What stands between two items of a list."""
    return words.comma()
