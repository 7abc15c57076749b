"""How many of the advisories that a filter finds carry each value of each facet, for whoever may see them."""

from collections.abc import Mapping

from incidents.publication.facets import count_values, kept, overview
from incidents.publication.filters import AdvisoryFilter
from incidents.publication.narrow import FACETS, Counts
from incidents.publication.tallies import ALL


def count_facets(found: AdvisoryFilter, limits: Mapping[str, int]) -> dict[str, Counts]:
    """Counts by facet, under "" those of everything found: exact where nothing else narrows the list, else of what the other
    filters find. Where the filter has problems, those of the whole list.

    Args:
        found: the filter; its queryset knows who asks.
        limits: how many values of each facet are wanted where nothing narrows the list, the most common first.
    """
    audience = found.queryset.audience
    asked = {} if found.problems else found.asked
    active = [name for name in ("q", *FACETS) if asked.get(name)]
    name = "overview." + ".".join(f"{limits.get(facet, 0)}" for facet in FACETS)
    tallied = kept(name, audience, lambda: overview(audience, {ALL: 1, **limits}))
    total = sum(count for _, count in tallied[ALL])
    plain = {facet: Counts(dict(tallied.get(facet, ())), total) for facet in FACETS} | {"": Counts({}, total)}
    if not active:
        return plain
    if active[0] == "q" or len(active) > 1:
        return found.narrowed.counts()
    (only,) = active
    counts = found.narrowed.counts(but=active)
    chosen = count_values(only, asked[only], audience)
    counts[only] = Counts({**plain[only].values, **chosen}, total)
    if len(asked[only]) == 1:
        counts[""] = Counts({}, sum(chosen.values()))
    return counts
