"""The search index: is each advisory found by its present text, and nothing else?

What looks damaged is read once more before it is named: it may have been released anew while it was read.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from incidents.publication.fulltext.carried import wrong_sets
from incidents.publication.fulltext.expression import name_of
from incidents.publication.fulltext.index import Entry, rows_of_nothing, wrongly_known
from incidents.publication.models import Advisory
from incidents.publication.project import term_values
from incidents.publication.search import entry_of
from incidents.publication.verify.chunks import in_chunks


def rows_to_verify() -> int:
    """How many advisories there are."""
    return Advisory.objects.count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """What is wrong with the search index, a sentence for each row. Sets are compared with rows, where all of these are right."""
    found = 0
    for sentence in _damaged_rows(on_progress):
        found += 1
        yield sentence
    for token, block in wrong_sets() if not found else ():
        said = f"what carries {name_of(token)} is not what is filtered by it, in block {block}"
        yield f"Search index: {said}; run rebuild_projection."


def _damaged_rows(on_progress: Callable[[int], object]) -> Iterator[str]:
    advisories = Advisory.objects.select_related("release")
    for chunk in in_chunks(advisories.order_by("pk").iterator(chunk_size=500)):
        suspected = wrongly_known(_entries(chunk))
        damaged = wrongly_known(_entries(advisories.filter(pk__in=suspected))) if suspected else set()
        for public_id in Advisory.objects.filter(pk__in=damaged).order_by("pk").values_list("public_id", flat=True):
            yield f"Search index: {public_id} is not found by its present text; run rebuild_projection."
        on_progress(len(chunk))
    for key in rows_of_nothing():
        yield f"Search index: row {key} belongs to no advisory; run rebuild_projection."


def _entries(advisories: Iterable[Advisory]) -> list[Entry]:
    return [entry for advisory in advisories if (entry := _entry(advisory)) is not None]


def _entry(advisory: Advisory) -> Entry | None:
    try:
        document = advisory.document
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None  # said already, with the release
    return entry_of(advisory, advisory.release, document, term_values(document))
