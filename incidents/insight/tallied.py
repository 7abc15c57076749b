"""The numbers of all standing advisories together, read from the counts that projecting keeps: nothing is counted for them."""

from collections import Counter
from dataclasses import dataclass, field

from incidents.insight.attribution import Counts as Attributions
from incidents.insight.delay import Delays
from incidents.insight.months import Counts as Months
from incidents.insight.techniques import Observations, Observed, Span, names_of
from incidents.insight.terms import Terms
from incidents.publication.audience import Audience
from incidents.publication.facets import count_all_values, count_between
from incidents.publication.figured import ATTRIBUTED, BEFORE, BEGAN, DELAY, EXERCISE, FIGURE, SEEN, UNKNOWN, VAGUE
from incidents.publication.models import Facet


@dataclass(slots=True)
class Figures:
    """All figures but those of techniques."""

    years: Attributions = field(default_factory=dict)
    exercises: int = 0
    months: Months = field(default_factory=dict)
    delays: Delays = field(default_factory=Delays)
    terms: dict[Facet, Terms] = field(default_factory=dict)


def read_figures(audience: Audience) -> Figures:
    """The figures of what an audience may see. One query."""
    found = Figures()
    values: dict[Facet, list[tuple[str, int]]] = {Facet.SECTOR: [], Facet.COUNTRY: []}
    carriers: Counter[str] = Counter()
    for figure, count in count_all_values(FIGURE, audience).items():
        kind, _, rest = figure.partition(" ")
        value, _, detail = rest.partition(" ")
        if kind == EXERCISE:
            found.exercises = count
        elif kind == ATTRIBUTED:
            found.years.setdefault(int(value), Counter())[detail] += count
        elif kind == BEGAN:
            found.months.setdefault(value, Counter())[int(detail)] += count
        elif kind == DELAY:
            _add_delay(found.delays, value, count)
        elif value:
            values[Facet(kind)].append((value, count))
        else:
            carriers[kind] = count
    found.terms = {
        facet: Terms(tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0]))), carriers[facet.value])
        for facet, counted in values.items()
    }
    return found


def read_observations(span: Span, audience: Audience) -> Observations:
    """What is observed in incidents of two spans of months. Two queries."""
    now, before = (
        _by_technique(count_between(SEEN, first, beyond, audience))
        for first, beyond in ((span.middle, span.end), (span.start, span.middle))
    )
    keys = [key for key in {**now, **before} if key]
    names = names_of(keys)
    techniques = [Observed(key, names.get(key, ""), before[key], now[key]) for key in keys]
    techniques.sort(key=lambda one: (-one.now, -one.before, one.key))
    return Observations(tuple(techniques), before[""], now[""])


def _by_technique(counts: dict[str, int]) -> Counter[str]:
    """By technique and, under the empty text, how many advisories observe any."""
    found: Counter[str] = Counter()
    for figure, count in counts.items():
        found[figure.partition(" ")[2]] += count
    return found


def _add_delay(delays: Delays, value: str, count: int) -> None:
    if value in (BEFORE, VAGUE, UNKNOWN):
        setattr(delays, value, count)
    else:
        delays.days[int(value)] = count
