"""Numbers, enumerations and words inside sentences, as the reader's language writes them."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext

_CAPITAL_NOUNS = ("de",)
"""Languages that write nouns with a capital wherever they stand."""


def number(count: int) -> str:
    """`12,000`, grouped as the language does it."""
    return str(number_format(count, force_grouping=True))


def listed(names: Sequence[str]) -> str:
    """`A, B, C`."""
    return pgettext("between two entries of an enumeration", ", ").join(names)


def joined(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    if len(names) == 1:
        return names[0]
    return pgettext("the end of an enumeration", "%(others)s and %(last)s") % {
        "others": listed(names[:-1]),
        "last": names[-1],
    }


def inside(word: str | Promise) -> str:
    """A label as it is written inside a sentence: in small letters, but for languages that would write nouns wrong so."""
    text = str(word)
    return text if (get_language() or "").startswith(_CAPITAL_NOUNS) else text.lower()
