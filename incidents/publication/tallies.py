"""Keeping count while projecting: how many advisories carry each value of each facet, for each audience.

Whoever changes the projection tells a `Recount` what an advisory was counted under and what it is counted under now, and
writes it in the same transaction. All of them hold the ledger's lock, so no count is lost between two.

Standing advisories are counted under everything they can be found by, withdrawn ones as withdrawn only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connection

from incidents.publication.audience import Audience
from incidents.publication.figured import TRUTH as FIGURES
from incidents.publication.figured import figures_of
from incidents.publication.models import Advisory, AdvisoryTerm, Facet, Tally
from incidents.publication.models.tally import AUDIENCES
from incidents.vocabulary.dates import day_of, month_of
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import Certainty

ALL, SEVERITY, STATE, YEAR, CERTAINTY = "all", "severity", "state", "year", "certainty"
MONTH, DAY, COURSE = "month", "day", "course"
"""What is counted by date alone: months, days (or as much as is known), and the months of a technique or mitigation."""

OPEN, WITHDRAWN = "open", "withdrawn"

Term = tuple[str, str, str, str]  # facet, value, certainty, role
Place = tuple[str, str]  # facet, value
_COUNTS = ", ".join(AUDIENCES)
_ADDED = ", ".join(f"{name} = incidents_tally.{name} + excluded.{name}" for name in AUDIENCES)
_WRITE = {
    "sqlite": f"INSERT INTO incidents_tally (facet, value, {_COUNTS}) VALUES (%s, %s, %s, %s, %s, %s) "  # noqa: S608
    f"ON CONFLICT (facet, value) DO UPDATE SET {_ADDED}",
    "postgresql": f"INSERT INTO incidents_tally (facet, value, {_COUNTS}) "  # noqa: S608
    "SELECT * FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[], %s::int[], %s::int[]) "
    f"ON CONFLICT (facet, value) DO UPDATE SET {_ADDED}",
}
_STANDING = "FROM incidents_advisory WHERE NOT is_withdrawn"
_NAMED = "FROM incidents_advisoryterm AS term JOIN incidents_advisory AS advisory ON advisory.id = advisory_id"
_TRUTH = f"""
SELECT facet, value, {", ".join(f"COUNT(CASE WHEN tlp_rank <= {rank} THEN 1 END)" for rank in range(len(AUDIENCES)))}
FROM (
    SELECT 'all' AS facet, '' AS value, tlp_rank {_STANDING}
    UNION ALL SELECT 'severity', severity, tlp_rank {_STANDING}
    UNION ALL SELECT 'year', CAST(year AS varchar), tlp_rank {_STANDING}
    UNION ALL SELECT 'month', substr(known_on, 1, 7), tlp_rank {_STANDING}
    UNION ALL SELECT 'day', substr(known_on, 1, 10), tlp_rank {_STANDING}
    UNION ALL SELECT 'course', facet || ':' || value || ' ' || substr(known_on, 1, 7) || ' ' || how, tlp_rank FROM (
        SELECT facet, value, known_on, tlp_rank, MIN(certainty) AS how {_NAMED} WHERE NOT is_withdrawn
        AND facet IN ('technique', 'mitigation') AND certainty <> 'context'
        GROUP BY facet, value, known_on, tlp_rank, advisory_id
    ) AS each_month
    UNION ALL SELECT 'state', state, tlp_rank {_STANDING}
    UNION ALL SELECT 'state', 'open', tlp_rank {_STANDING} AND is_open
    UNION ALL SELECT 'state', 'withdrawn', tlp_rank FROM incidents_advisory WHERE is_withdrawn
    UNION ALL SELECT facet, value, tlp_rank FROM (
        SELECT DISTINCT facet, value, advisory_id, tlp_rank {_NAMED} WHERE NOT is_withdrawn
    ) AS each_once
    UNION ALL SELECT 'certainty', certainty, tlp_rank FROM (
        SELECT DISTINCT certainty, advisory_id, tlp_rank {_NAMED} WHERE NOT is_withdrawn AND certainty <> ''
    ) AS each_certainty
    UNION ALL SELECT certainty, value, tlp_rank FROM (
        SELECT DISTINCT certainty, value, advisory_id, tlp_rank {_NAMED} WHERE NOT is_withdrawn AND certainty <> ''
    ) AS each_technique
    UNION ALL {FIGURES}
) AS counted
WHERE tlp_rank < {TLP.RED.rank}
GROUP BY facet, value
"""  # noqa: S608


class Recount:
    """Changes of counts, gathered and then written at once."""

    def __init__(self) -> None:
        self.changes: defaultdict[Place, list[int]] = defaultdict(lambda: [0] * len(AUDIENCES))

    def add(self, advisory: Advisory, terms: Iterable[Term], *, times: int = 1) -> None:
        """Count an advisory under its columns and terms."""
        if advisory.tlp_rank >= TLP.RED.rank:
            return
        for place in counted_under(advisory, terms):
            counts = self.changes[place]
            for rank in range(advisory.tlp_rank, len(AUDIENCES)):
                counts[rank] += times

    def take_back(self, advisory: Advisory) -> None:
        """Count an advisory no more as its row and its terms stand in the database."""
        terms = advisory.terms.values_list("facet", "value", "certainty", "role")
        self.add(advisory, terms, times=-1)

    def write(self) -> None:
        """Write what was gathered, in the caller's transaction."""
        changes = [(place, counts) for place, counts in sorted(self.changes.items()) if any(counts)]
        rows: list[tuple[str | int, ...]] = [(*place, *counts) for place, counts in changes]
        emptied = [place for place, counts in changes if min(counts) < 0]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_WRITE["postgresql"], [list(column) for column in zip(*rows, strict=True)] or [[]] * 6)
            else:
                cursor.executemany(_WRITE["sqlite"], rows)
            if emptied:
                cursor.executemany(
                    "DELETE FROM incidents_tally WHERE facet = %s AND value = %s AND amber_strict = 0", emptied
                )
        self.changes.clear()


def counted_under(advisory: Advisory, terms: Iterable[Term]) -> set[Place]:
    """Every facet and value that an advisory is counted under."""
    if advisory.is_withdrawn:
        return {(STATE, WITHDRAWN)}
    terms = list(terms)
    dates = {(MONTH, month_of(advisory.known_on)), (DAY, day_of(advisory.known_on))}
    courses = _courses(terms, month_of(advisory.known_on))
    return {(ALL, ""), *dates, *courses, *figures_of(advisory, terms), *found_under(advisory, terms)}


def course_of(facet: str, value: str) -> str:
    """What the name of each count of a course begins with; a month and a certainty follow, with a space between them."""
    return f"{facet}:{value} "


def _courses(terms: Iterable[Term], month: str) -> set[Place]:
    """Each technique and mitigation once: as observed where it is both observed and suspected, as context never."""
    surest: dict[str, str] = {}
    for facet, value, certainty, _ in terms:
        if facet in (Facet.TECHNIQUE, Facet.MITIGATION) and certainty != Certainty.CONTEXT:
            name = course_of(str(facet), value)
            surest[name] = min(str(certainty), surest.get(name, str(certainty)))
    return {(COURSE, f"{name}{month} {certainty}") for name, certainty in surest.items()}


def found_under(advisory: Advisory, terms: Iterable[Term]) -> set[Place]:
    """Every facet and value that an advisory can be found by."""
    state = WITHDRAWN if advisory.is_withdrawn else advisory.state
    places = {(SEVERITY, advisory.severity), (STATE, state), (YEAR, str(advisory.year))}
    if advisory.is_open:
        places.add((STATE, OPEN))
    for facet, value, certainty, _ in terms:
        places.add((str(facet), value))
        if certainty:
            places.update([(CERTAINTY, certainty), (certainty, value)])
    return places


def terms_of(terms: Iterable[AdvisoryTerm]) -> list[Term]:
    """Terms as plain values."""
    return [(term.facet, term.value, term.certainty, term.role) for term in terms]


def clear_tallies() -> None:
    """Forget all counts, before the projection is made again."""
    Tally.objects.all().delete()


def find_miscounts() -> Iterator[str]:
    """A sentence for each count that differs from the projection."""
    with connection.cursor() as cursor:
        cursor.execute(_TRUTH)
        truth = {(facet, value): tuple(counts) for facet, value, *counts in cursor.fetchall()}
    for tally in Tally.objects.iterator():
        expected = truth.pop((tally.facet, tally.value), (0,) * len(AUDIENCES))
        if expected != tuple(getattr(tally, name) for name in AUDIENCES):
            yield f"Count of {tally.facet} “{tally.value}”: it differs from the projection; run rebuild_projection."
    for facet, value in truth:
        yield f"Count of {facet} “{value}”: it is missing; run rebuild_projection."


def count_of(facet: str, value: str, audience: Audience) -> int:
    """How many advisories carry a value; one indexed read."""
    found = Tally.objects.filter(facet=facet, value=value).values_list(Tally.column(audience), flat=True).first()
    return found or 0
