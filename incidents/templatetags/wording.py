"""Words of ours in templates: as they stand within a line, what stands between those of a list, and their language."""

import datetime as dt

from django import template
from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation

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


@register.simple_tag
def our_language() -> str:
    """The language of our own words on the page, for a `lang` beside text in the language of a document."""
    return translation.get_language() or settings.LANGUAGE_CODE


@register.simple_tag
def our_direction() -> str:
    """The direction of our own words on the page."""
    return "rtl" if translation.get_language_bidi() else "ltr"
