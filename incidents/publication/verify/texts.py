"""The search index: is each advisory found by its present text, and nothing else?

What looks damaged is read once more before it is named: it may have been released anew while it was read.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from incidents.publication.models import Advisory
from incidents.publication.search import searchable_text, texts_of_nothing, wrongly_indexed
from incidents.publication.verify.chunks import in_chunks


def rows_to_verify() -> int:
    """How many advisories there are."""
    return Advisory.objects.count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """What is wrong with the search index, a sentence for each row."""
    advisories = Advisory.objects.select_related("release")
    for chunk in in_chunks(advisories.order_by("pk").iterator(chunk_size=500)):
        suspected = wrongly_indexed(_texts(chunk))
        damaged = wrongly_indexed(_texts(advisories.filter(pk__in=suspected))) if suspected else set()
        for public_id in Advisory.objects.filter(pk__in=damaged).order_by("pk").values_list("public_id", flat=True):
            yield f"Search index: {public_id} is not found by its present text; run rebuild_projection."
        on_progress(len(chunk))
    for key in texts_of_nothing():
        yield f"Search index: row {key} belongs to no advisory; run rebuild_projection."


def _texts(advisories: Iterable[Advisory]) -> list[tuple[int, str]]:
    return [(advisory.pk, text) for advisory in advisories if (text := _text(advisory)) is not None]


def _text(advisory: Advisory) -> str | None:
    try:
        return searchable_text(advisory.document)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None  # said already, with the release
