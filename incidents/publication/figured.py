"""What insights count, kept while projecting: an advisory under each figure of it that some insight adds up.

Exercises are counted as such and as nothing else; withdrawn advisories not at all.
"""

from collections.abc import Iterable

from incidents.publication.models import Advisory, Facet
from incidents.vocabulary.words import Certainty

FIGURE, SEEN = "figure", "seen"
"""Figures by their kind and value, `month 2025-01 3`; and techniques observed, by the month in which it began and the key."""

EXERCISE, ATTRIBUTED, BEGAN, DELAY = "exercise", "year", "month", "delay"
BEFORE, VAGUE, UNKNOWN = "before", "vague", "unknown"
"""Delays that are no number of days: disclosed before it began, known to the month only, or not at all."""

_TO_THE_MONTH = len("2025-01")
_STANDING = "FROM incidents_advisory WHERE NOT is_withdrawn"
_COUNTED = f"{_STANDING} AND NOT is_exercise"
_NAMED = (
    "FROM incidents_advisoryterm AS term JOIN incidents_advisory AS advisory ON advisory.id = advisory_id "
    "WHERE NOT is_withdrawn AND NOT is_exercise"
)
_OBSERVED = f"{_NAMED} AND facet = 'technique' AND certainty = 'observed' AND length(occurred_from) >= {_TO_THE_MONTH}"
_MONTH = f"substr(occurred_from, 1, {_TO_THE_MONTH})"
TRUTH = f"""
SELECT '{FIGURE}' AS facet, '{EXERCISE}' AS value, tlp_rank {_STANDING} AND is_exercise
UNION ALL SELECT '{FIGURE}', '{ATTRIBUTED} ' || CAST(year AS varchar) || ' ' || attribution, tlp_rank {_COUNTED}
UNION ALL SELECT '{FIGURE}', '{BEGAN} ' || {_MONTH} || ' ' || CAST(severity_rank AS varchar), tlp_rank {_COUNTED}
UNION ALL SELECT '{FIGURE}', '{DELAY} ' || CASE WHEN days_to_disclosure >= 0 THEN CAST(days_to_disclosure AS varchar)
    WHEN days_to_disclosure < 0 THEN '{BEFORE}' WHEN occurred_from <> '' AND disclosed <> '' THEN '{VAGUE}'
    ELSE '{UNKNOWN}' END, tlp_rank {_COUNTED}
UNION ALL SELECT '{FIGURE}', facet || ' ' || value, tlp_rank {_NAMED} AND facet IN ('sector', 'country')
UNION ALL SELECT '{FIGURE}', facet, tlp_rank FROM (
    SELECT DISTINCT facet, advisory_id, tlp_rank {_NAMED} AND facet IN ('sector', 'country')
) AS each_carrier
UNION ALL SELECT '{SEEN}', {_MONTH} || ' ' || value, tlp_rank {_OBSERVED}
UNION ALL SELECT '{SEEN}', month, tlp_rank FROM (
    SELECT DISTINCT {_MONTH} AS month, advisory_id, tlp_rank {_OBSERVED}
) AS each_observer
"""  # noqa: S608
"""SQL for what is counted, with its rank: the same as `figures_of`, from the projection."""


def figures_of(advisory: Advisory, terms: Iterable[tuple[str, str, str, str]]) -> set[tuple[str, str]]:
    """Facet and value of every figure that a standing advisory is counted under.

    Args:
        advisory: its row.
        terms: facet, value, certainty and role of each.
    """
    if advisory.is_exercise:
        return {(FIGURE, EXERCISE)}
    month = advisory.occurred_from[:_TO_THE_MONTH]
    figures = {
        (FIGURE, f"{ATTRIBUTED} {advisory.year} {advisory.attribution}"),
        (FIGURE, f"{BEGAN} {month} {advisory.severity_rank}"),
        (FIGURE, f"{DELAY} {_delay(advisory)}"),
    }
    for facet, value, certainty, _ in terms:
        if facet in (Facet.SECTOR, Facet.COUNTRY):
            figures |= {(FIGURE, str(facet)), (FIGURE, f"{facet} {value}")}
        elif facet == Facet.TECHNIQUE and certainty == Certainty.OBSERVED and len(month) == _TO_THE_MONTH:
            figures |= {(SEEN, month), (SEEN, f"{month} {value}")}
    return figures


def _delay(advisory: Advisory) -> str:
    days = advisory.days_to_disclosure
    if days is not None:
        return str(days) if days >= 0 else BEFORE
    return VAGUE if advisory.occurred_from and advisory.disclosed else UNKNOWN
