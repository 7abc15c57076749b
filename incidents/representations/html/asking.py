"""What a reader asks of a list: the parameters of an address as chips, links and form fields, and the page that answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents.publication.audience import PUBLIC
from incidents.publication.counting import count_facets
from incidents.publication.filters import STATES, AdvisoryFilter, default_order, printable
from incidents.publication.models import Advisory, Facet
from incidents.publication.narrow import FACETS, Counts
from incidents.publication.paging import ORDERS, RELEVANT, Page
from incidents.publication.query import Words
from incidents.publication.snippets import snippet_of
from incidents.publication.spelling import correct
from incidents.publication.tallies import CERTAINTY, SEVERITY, STATE, YEAR
from incidents.representations.html.labels import labels_of
from incidents.vocabulary.countries import country_name
from incidents.vocabulary.words import Certainty, Sector, Severity

LABELS = {
    "q": pgettext_lazy("a filter", "Words"),
    "severity": pgettext_lazy("a filter", "Severity"),
    "state": pgettext_lazy("a filter", "State"),
    "sector": pgettext_lazy("a filter", "Sector"),
    "country": pgettext_lazy("a filter", "Country"),
    "organization": pgettext_lazy("a filter", "Organisation"),
    "service": pgettext_lazy("a filter", "Service"),
    "technique": pgettext_lazy("a filter", "Technique"),
    "certainty": pgettext_lazy("a filter", "Certainty"),
    "mitigation": pgettext_lazy("a filter", "Mitigation"),
    "actor": pgettext_lazy("a filter", "Actor"),
    "tag": pgettext_lazy("a filter", "Tag"),
    "year": pgettext_lazy("a filter", "Year"),
}
MOST_OPTIONS, _MANY = 12, 300
LIMITS = dict.fromkeys(FACETS, MOST_OPTIONS) | dict.fromkeys(
    (SEVERITY, STATE, CERTAINTY, Facet.SECTOR.value, YEAR, Facet.COUNTRY.value), _MANY
)
"""How many values of each facet are offered."""

_WORDS: dict[str, Mapping[str, str | Promise]] = {
    "severity": dict(Severity.choices),
    "state": STATES,
    "sector": dict(Sector.choices),
    "certainty": dict(Certainty.choices),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter: what it says, and the address without it."""

    name: str
    value: str
    label: str
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Sorting:
    """A way to sort: its label, the address, and whether it is the present one."""

    label: str
    address: str
    is_current: bool


class Question:
    """A list of advisories as an address asks for it.

    Args:
        path: the address without its parameters.
        given: the parameters as typed.
        fixed: filters that the page itself sets, such as the organization of an organization's page; no chips are shown
            for them, and only sort and cursor are read from the parameters.
        with_release: whether the documents of the rows are needed.
        is_counted: whether the values of facets are counted, too.

    `mistyped` holds the words that were typed where others are searched for in their place.
    """

    def __init__(
        self,
        path: str,
        given: QueryDict,
        *,
        fixed: Mapping[str, str] | None = None,
        with_release: bool = False,
        is_counted: bool = False,
    ) -> None:
        self.path = path
        self.given = given
        self.is_counted = is_counted
        self.fixed = dict(fixed or {})
        self.mistyped = ""
        rows = Advisory.objects.visible_to(PUBLIC)
        if with_release or given.get("q"):
            rows = rows.select_related("release")
        self.filter = AdvisoryFilter(self._parameters(), rows)

    @cached_property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong with the parameters, by parameter."""
        return self.filter.problems

    @cached_property
    def page(self) -> Page[Advisory]:
        """The page of advisories, with snippets where words were searched for; empty while something is wrong."""
        if self.problems:
            return Page([])
        if self.is_counted:
            _ = self.counts  # first: what it counts is what the page begins with
        found = self.filter.page()
        sought = self.filter.narrowed.sought
        if isinstance(sought, Words) and sought.wanted:
            for row in found.rows:
                row.snippet = snippet_of(row.document, sought)  # type: ignore[misc]
        return found

    @cached_property
    def counts(self) -> dict[str, Counts]:
        """Counts by facet: exact ones where nothing else narrows the list, else of what the other filters find."""
        return count_facets(self.filter, LIMITS)

    @property
    def forgiven(self) -> "Question":
        """This question or, where its words find nothing because some are mistyped, the one that was meant."""
        sought = self.filter.narrowed.sought
        if self.problems or self.given.get("cursor") or not isinstance(sought, Words) or self.page.rows:
            return self
        meant = correct(self.words, sought, PUBLIC)
        if meant == self.words:
            return self
        given = self.given.copy()
        given["q"] = meant
        question = Question(self.path, given, fixed=self.fixed, is_counted=self.is_counted)
        question.mistyped = self.words
        return question if question.page.rows else self

    @property
    def words(self) -> str:
        """The words in the search field."""
        return str(self.filter.asked.get("q", "")) or printable(self.given.get("q", ""), longest=200)

    @cached_property
    def chips(self) -> list[Chip]:
        """The active filters."""
        values: dict[str, list[str]] = {}
        for name, value in self._pairs:
            values.setdefault(name, []).append(value)
        names = labels_of(values, is_public=False)
        return [
            Chip(name, value, str(LABELS[name]), _text(name, value, names), self.address(without=(name, value)))
            for name, value in self._pairs
        ]

    @property
    def sortings(self) -> list[Sorting]:
        """The ways to sort."""
        orders = [order for order in ORDERS.values() if order != RELEVANT or self.filter.asked.get("q")]
        return [
            Sorting(str(order.label), self.address(sort=order.name), order == self.filter.order) for order in orders
        ]

    @property
    def previous(self) -> str:
        """The address of the page before; empty where there is none."""
        return self.address(cursor=self.page.previous) if self.page.previous else ""

    @property
    def next(self) -> str:
        """The address of the page after; empty where there is none."""
        return self.address(cursor=self.page.next) if self.page.next else ""

    @property
    def first(self) -> str:
        """The address of the first page."""
        return self.address()

    @property
    def feed_query(self) -> str:
        """The filters of this list as a feed takes them, with a question mark before them; empty where there are none."""
        pairs = sorted([*self.fixed.items(), *self._pairs], key=lambda pair: pair[0])
        return f"?{urlencode(pairs, safe='/:')}" if pairs else ""

    @property
    def is_plain(self) -> bool:
        """Whether the address has no parameter that changes anything."""
        return not (self._pairs or self.given.get("sort") or self.given.get("cursor"))

    def address(
        self,
        *,
        without: tuple[str, str] | None = None,
        also: tuple[str, str] | None = None,
        sort: str = "",
        cursor: str = "",
    ) -> str:
        """The address of this list, changed: without one filter or with one more, sorted differently, or at another page."""
        pairs = [pair for pair in self._pairs if pair != without]
        if also:
            pairs = sorted([*pairs, also], key=lambda pair: list(LABELS).index(pair[0]))
        chosen = ORDERS[sort] if sort else self.filter.order
        if chosen != default_order(dict(pairs)) and (chosen != RELEVANT or "q" in dict(pairs)):
            pairs.append(("sort", chosen.name))
        if cursor:
            pairs.append(("cursor", cursor))
        return f"{self.path}?{urlencode(pairs, safe='/:')}" if pairs else self.path

    def adding(self, name: str) -> Callable[[str], str]:
        """What gives the address of this list with one more value of a filter, for many values at once."""
        head, _, tail = self.address(also=(name, "\0")).partition("%00")  # which no value and no words can hold
        return lambda value: f"{head}{_quoted(value)}{tail}"

    def beside(self, name: str) -> list[tuple[str, str]]:
        """What a form that asks anew for one parameter has to carry along: the others, each once, and the sort."""
        names = dict.fromkeys(other for other, _ in self._pairs if other != name)
        carried = [
            (other, ",".join(value for one, value in self._pairs if one == other)) for other in names if other != "q"
        ]
        carried += [("q", self.words)] if "q" in names else []
        order = self.filter.order
        return carried + ([("sort", order.name)] if order != default_order(self.filter.asked) else [])

    def typed(self, name: str) -> list[str]:
        """The values of a parameter for its form fields: as read, or as typed where they could not be read."""
        if name in self.problems:
            return [printable(value) for value in self.given.getlist(name)]
        return list(self.filter.asked.get(name, ()))

    def drop(self, name: str) -> "Question":
        """The same question without one parameter."""
        given = self.given.copy()
        given.pop(name, None)
        given.pop("cursor", None)
        return Question(self.path, given, fixed=self.fixed)

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        asked = self.filter.asked
        return [(name, value) for name in LABELS if name not in self.fixed for value in _each(asked.get(name, ()))]

    def _parameters(self) -> QueryDict:
        if not self.fixed:
            return self.given
        parameters = QueryDict(mutable=True)
        for name, value in self.fixed.items():
            parameters[name] = value
        for name in ("sort", "cursor"):
            parameters.setlist(name, self.given.getlist(name))
        return parameters


_quoted = lru_cache(maxsize=4096)(partial(quote_plus, safe="/:"))


def _text(name: str, value: str, names: Mapping[tuple[str, str], str]) -> str:
    """What a chip says."""
    if name == "country":
        return country_name(value)
    found = _WORDS.get(name, {}).get(value) or names.get((name, value))
    if found and name in (Facet.TECHNIQUE, Facet.MITIGATION):
        return f"{value.rpartition('/')[2]} {found}"
    return str(found or value)


def _each(values: str | Iterable[str]) -> Iterable[str]:
    return filter(None, [values]) if isinstance(values, str) else values
