"""What advisories an API request asks for: the filters of the pages, and what programs need besides."""

import datetime as dt
from typing import Any

from incidents.publication.counting import count_facets
from incidents.publication.filters import (
    STATES,
    AdvisoryFilter,
    AdvisoryFilterForm,
    ValuesFilter,
    Written,
)
from incidents.publication.models.advisory import AdvisoryQuerySet
from incidents.publication.narrow import MOST_COUNTED, Counts
from incidents.publication.paging import NEWEST, ORDERS, PAGE_SIZE, RELEVANT, Page, cut_page
from incidents.representations.api.parameters import MOST_ROWS, read_instant
from incidents.vocabulary.identifiers import PUBLIC_ID

_BOUNDS = ("id", "modified_since", "released_since")
_SORTED_BY = {key for order in ORDERS.values() for key in order.keys if key not in RELEVANT.keys[:1]}
_ROW = ("release_id", *sorted(_SORTED_BY))

MEANINGS = {
    "q": "Words, “phrases”, beginnings*, -what is left out; or the id of an advisory, a technique or a mitigation.",
    "severity": "Any of these severities.",
    "state": "In any of these states. Without it: those that are not withdrawn.",
    "sector": "That concern an organization of any of these sectors.",
    "country": "That concern an organization of any of these countries, two letters each (ISO 3166-1).",
    "organization": "That name any of these organizations.",
    "service": "That affect any of these services, written organization/service.",
    "technique": "In which any of these techniques occurs: T1566, attack/T1566, AML.T0051.",
    "mitigation": "That recommend any of these mitigations: M1032, attack/M1032, AML.M0015.",
    "actor": "That name any of these actors.",
    "tag": "With any of these tags.",
    "year": "Of incidents of any of these years.",
    "certainty": "In which a technique occurs with any of these certainties; together with “technique”, one of those.",
    "sort": "The order: the newest release first unless said; the most relevant first where there are words. With id, "
    "modified_since or released_since, and without words, nothing is more relevant than another: the newest come first.",
    "cursor": "Where to go on: “next” or “previous” of an earlier answer.",
    "id": f"These advisories, up to {MOST_ROWS}; withdrawn ones too.",
    "modified_since": "With a release at this time or later; withdrawn ones too, unless “state” says otherwise.",
    "released_since": "Released for the first time at this time or later.",
}
"""What each filter means, for the documentation."""

EXAMPLES = {
    "q": "phishing",
    "severity": "critical,high",
    "state": "open",
    "sector": "technology",
    "country": "US",
    "organization": "deepseek",
    "service": "deepseek/log-database",
    "technique": "T1530",
    "mitigation": "M1032",
    "actor": "scattered-spider",
    "tag": "supply-chain",
    "year": "2025",
    "certainty": "observed",
    "sort": "severity",
    "id": "INC-2025-0001,INC-2025-0002",
    "modified_since": "2025-01-27",
    "released_since": "2025-01-27T13:33:00Z",
}
"""A value of each that can be made up, for the documentation."""


class AdvisoryQueryForm(AdvisoryFilterForm):
    """Reads all parameters; settles what the search index cannot do."""

    def clean(self) -> dict[str, Any]:
        """The values. With an id list or a time there is no relevance to sort by, and withdrawn advisories are no secret to
        somebody who asks what became of them."""
        asked = self.cleaned_data
        if any(asked.get(name) for name in _BOUNDS) and asked.get("sort") in ([], [RELEVANT.name]):
            asked["sort"] = [NEWEST.name]
        if (asked.get("id") or asked.get("modified_since")) and not asked.get("state"):
            asked["state"] = list(STATES)
        return super().clean()


class AdvisoryQuery(AdvisoryFilter):
    """The filters of the pages, with lists of ids and times."""

    id = ValuesFilter(label="id", most=MOST_ROWS, read=Written(PUBLIC_ID, "Give ids such as INC-2025-0001.", str.upper))
    modified_since = ValuesFilter(label="modified_since", read=read_instant, most=1, is_list=False)
    released_since = ValuesFilter(label="released_since", read=read_instant, most=1, is_list=False)

    queryset: Any

    class Meta(AdvisoryFilter.Meta):
        form = AdvisoryQueryForm

    @property
    def is_bounded(self) -> bool:
        """Whether something is asked that the search index does not know."""
        return any(self.asked.get(name) for name in _BOUNDS)

    def filter_queryset(self, queryset: AdvisoryQuerySet) -> AdvisoryQuerySet:
        """Any of the values of each parameter, all of the parameters."""
        rows = super().filter_queryset(queryset)
        asked = self.asked
        if asked.get("id"):
            rows = rows.filter(public_id__in=asked["id"])
        for since in asked.get("modified_since", ()):
            rows = rows.filter(released_at__gte=dt.datetime.fromisoformat(since))
        for since in asked.get("released_since", ()):
            # Nobody's current release is older than the first: said twice, so that the index of the newest bounds the walk.
            moment = dt.datetime.fromisoformat(since)
            rows = rows.filter(released_at__gte=moment, first_released_at__gte=moment)
        return rows

    def page(self, *, size: int = PAGE_SIZE) -> Page[Any]:
        """A page of rows that hold no more than what cursors and documents are found by."""
        if self.errors:
            return Page([])
        cursor = "".join(self.asked.get("cursor", ()))
        if self.is_bounded or not self.narrowed.is_narrow:
            return cut_page(self.qs.values_list(*_ROW, named=True), self.order, cursor=cursor, size=size)
        self.queryset = self.queryset.only(*_ROW)
        return super().page(size=size)

    def count(self, *, is_exact: bool) -> Counts:
        """How many advisories there are on all pages."""
        if self.is_bounded:
            total = self.qs.order_by().count() if is_exact else self.qs.order_by()[: MOST_COUNTED + 1].count()
            is_capped = not is_exact and total > MOST_COUNTED
            return Counts({}, MOST_COUNTED if is_capped else total, is_capped)
        quick = count_facets(self, {})[""]
        return Counts({}, self.qs.order_by().count()) if is_exact and quick.is_capped else quick
