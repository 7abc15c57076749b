"""Numbers as the reader's language writes them."""

from django.utils.formats import number_format


def number(count: int) -> str:
    """`12,000`, grouped as the language does it."""
    return str(number_format(count, force_grouping=True))
