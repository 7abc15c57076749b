"""Words of the vocabularies as they stand within a line, such as “confidence: low”, and what joins names in a sentence."""

from collections.abc import Sequence

from django.db.models import TextChoices
from django.utils.translation import pgettext, pgettext_lazy

from incidents.vocabulary.words import (
    AttributionStatus,
    Certainty,
    Confidence,
    ReleaseKind,
    ServiceImpact,
    Significance,
)

_WORDS = {
    Certainty: {
        "observed": pgettext_lazy("certainty, within a line", "observed"),
        "suspected": pgettext_lazy("certainty, within a line", "suspected"),
        "context": pgettext_lazy("certainty, within a line", "commonly used, not shown here"),
    },
    Confidence: {
        "unknown": pgettext_lazy("confidence, within a line", "not stated"),
        "low": pgettext_lazy("confidence, within a line", "low"),
        "moderate": pgettext_lazy("confidence, within a line", "moderate"),
        "high": pgettext_lazy("confidence, within a line", "high"),
    },
    AttributionStatus: {
        "unclaimed": pgettext_lazy("status of an attribution, within a line", "nobody has claimed it"),
        "claimed": pgettext_lazy("status of an attribution, within a line", "claimed"),
        "suspected": pgettext_lazy("status of an attribution, within a line", "suspected"),
        "confirmed": pgettext_lazy("status of an attribution, within a line", "confirmed"),
        "disputed": pgettext_lazy("status of an attribution, within a line", "disputed"),
    },
    ServiceImpact: {
        "operational": pgettext_lazy("state of a service, within a line", "operational"),
        "degraded": pgettext_lazy("state of a service, within a line", "degraded"),
        "restricted": pgettext_lazy("state of a service, within a line", "restricted"),
        "partial_outage": pgettext_lazy("state of a service, within a line", "partial outage"),
        "major_outage": pgettext_lazy("state of a service, within a line", "major outage"),
        "data_exposed": pgettext_lazy("state of a service, within a line", "data exposed"),
        "compromised": pgettext_lazy("state of a service, within a line", "compromised"),
    },
    ReleaseKind: {
        "initial": pgettext_lazy("kind of release, within a line", "first publication"),
        "update": pgettext_lazy("kind of release, within a line", "update"),
        "correction": pgettext_lazy("kind of release, within a line", "correction"),
        "withdrawal": pgettext_lazy("kind of release, within a line", "withdrawal"),
    },
    Significance: {
        "material": pgettext_lazy("significance of a release, within a line", "material"),
        "editorial": pgettext_lazy("significance of a release, within a line", "editorial"),
    },
}


def inline(word: TextChoices) -> str:
    """A word as it stands within a line, in the active language.

    Raises:
        KeyError: words of this vocabulary stand only at the beginning of a line.
    """
    return str(_WORDS[type(word)][word.value])


def comma() -> str:
    """What stands between two entries of an enumeration."""
    return pgettext("between two entries of an enumeration", ", ")


def joined(names: Sequence[str]) -> str:
    """Names in a sentence: `A`, `A and B`, `A, B and C`; nothing for none."""
    if len(names) < 2:
        return "".join(names)
    ends = {"others": comma().join(names[:-1]), "last": names[-1]}
    return pgettext("the end of an enumeration", "%(others)s and %(last)s") % ends
