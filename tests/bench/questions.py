"""What is asked in the part “search”: a varied set of addresses of the list, the same for the same database."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from random import Random
from urllib.parse import urlencode

from django.urls import reverse

from incidents.publication.audience import PUBLIC
from incidents.publication.models import Advisory, Tally
from incidents.publication.narrow import FACETS
from incidents.publication.paging import GRAVEST, NEWEST, OCCURRED, write_cursor
from incidents.publication.search import texts_in
from incidents.publication.tallies import found_under

SAMPLE = 400
QUICK_MS, RANKED_MS = 25.0, 300.0
_WORD = re.compile(r"[a-z]{5,20}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: its name, the processor time it may take (95th percentile, in milliseconds), its addresses."""

    name: str
    target: float
    paths: tuple[str, ...]


class Corpus:
    """A sample of the advisories: what they carry and what they say, in a fixed order."""

    def __init__(self) -> None:
        self.chance = Random(1)
        keys = list(
            Advisory.objects.visible_to(PUBLIC).standing().order_by("pk").values_list("pk", flat=True)[:: self._step()]
        )
        rows = Advisory.objects.filter(pk__in=keys[:SAMPLE]).select_related("release").prefetch_related("terms")
        self.advisories = list(rows.order_by("pk"))
        self.chance.shuffle(self.advisories)
        self.words: Counter[str] = Counter()
        for advisory in self.advisories:
            self.words.update({word for text in texts_in(advisory.document) for word in _WORD.findall(text.lower())})

    @staticmethod
    def _step() -> int:
        return max(1, Advisory.objects.count() // (2 * SAMPLE))

    def common_words(self, wanted: int) -> list[str]:
        """The words that most advisories hold."""
        return [word for word, _ in self.words.most_common(wanted)]

    def rare_words(self, wanted: int) -> list[str]:
        """Words that only one advisory of the sample holds."""
        once = sorted(word for word, count in self.words.items() if count == 1)
        return self.chance.sample(once, min(wanted, len(once)))

    def values(self) -> Iterator[tuple[str, str]]:
        """Facets and values by turns: the commonest, then others the less common the later."""
        tallies = Tally.objects.filter(facet__in=FACETS, clear__gt=0).order_by("facet", "-clear", "value")
        by_facet = {name: list(tallies.filter(facet=name).values_list("value", flat=True)) for name in FACETS}
        for place in range(max(map(len, by_facet.values()))):
            yield from ((name, values[place**2]) for name, values in by_facet.items() if place**2 < len(values))

    def combinations(self, size: int) -> Iterator[list[tuple[str, str]]]:
        """Filters that find at least one advisory together, each of another facet."""
        for advisory in self.advisories:
            terms = [(term.facet, term.value, term.certainty, term.role) for term in advisory.terms.all()]
            places = sorted(place for place in found_under(advisory, terms) if place[0] in FACETS)
            chosen = dict(self.chance.sample(places, len(places)))
            yield sorted(self.chance.sample(sorted(chosen.items()), min(size, len(chosen))))


def kinds_of_requests(wanted: int) -> list[Kind]:
    """The kinds, each with so many different addresses, or as many as the database has words for; some may have none at all."""
    corpus = Corpus()
    common, rare = corpus.common_words(wanted), corpus.rare_words(wanted)
    pairs = [" ".join(pair) for pair in combinations(common[:12], 2)]
    mixed = [word for group in zip(common, rare, pairs, strict=False) for word in group]
    filters = list(corpus.values())
    made = [
        ("list, any page", QUICK_MS, _pages(corpus)),
        ("one filter", QUICK_MS, ([one] for one in filters)),
        ("three filters", QUICK_MS, corpus.combinations(3)),
        ("newest, common words", QUICK_MS, ([("q", f"{word} "), ("sort", "newest")] for word in common)),
        ("newest, rare words", QUICK_MS, ([("q", f"{word} "), ("sort", "newest")] for word in rare)),
        ("newest, words and two filters", QUICK_MS, _with_filters(corpus, mixed)),
        ("by date, with a filter", QUICK_MS, ([one, ("sort", "occurred")] for one in filters)),
        ("most relevant", RANKED_MS, ([("q", words)] for words in mixed)),
        (
            "most relevant, with a filter",
            RANKED_MS,
            ([("q", words), one] for words, one in zip(mixed, filters, strict=False)),
        ),
    ]
    kinds = [Kind(name, target, _addresses(asked, wanted)) for name, target, asked in made]
    return [kind for kind in kinds if kind.paths]


def _pages(corpus: Corpus) -> Iterator[list[tuple[str, str]]]:
    """The list in its orders, from anywhere."""
    orders = (NEWEST, GRAVEST, OCCURRED)
    yield from ([("sort", order.name)] for order in orders)
    for advisory, order in product(corpus.advisories, orders):
        yield [("sort", order.name), ("cursor", write_cursor(advisory, order))]


def _with_filters(corpus: Corpus, words: list[str]) -> Iterator[list[tuple[str, str]]]:
    for text, filters in zip(words, corpus.combinations(2), strict=False):
        yield [("q", f"{text} "), *filters, ("sort", "newest")]


def _addresses(asked: Iterator[list[tuple[str, str]]], wanted: int) -> tuple[str, ...]:
    path = reverse("advisories:list")
    found: dict[str, None] = {}
    for pairs in asked:
        found[f"{path}?{urlencode(pairs)}"] = None
        if len(found) == wanted:
            break
    return tuple(found)
