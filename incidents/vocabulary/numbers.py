"""Numbers as the reader's language writes them."""

from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language


def number(count: int) -> str:
    """`12,000`, grouped as the language does it."""
    return number_in(count, get_language())


@lru_cache(maxsize=8192)
def number_in(count: int, language: str | None) -> str:
    """The same for the language that is spoken, remembered: lists show hundreds of numbers, and many are the same."""
    return str(number_format(count, force_grouping=True))
