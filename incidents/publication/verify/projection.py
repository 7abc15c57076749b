"""The projection: does each advisory say what its newest release says?

What looks damaged is read once more before it is named: it may have been released anew while it was read.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from incidents.publication.models import Advisory, AdvisoryTerm, Release
from incidents.publication.project import advisory_columns, advisory_terms

_CHUNK = 500


def rows_to_verify() -> int:
    """How many advisories there are."""
    return Advisory.objects.count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """What is wrong with the projection, a sentence for each fault."""
    for advisory in _advisories().order_by("pk").iterator(chunk_size=_CHUNK):
        if list(_problems(advisory)):
            yield from (
                f"Advisory {again.public_id}: {problem}; run rebuild_projection."
                for again in _advisories().filter(pk=advisory.pk)
                for problem in _problems(again)
            )
        on_progress(1)
    unknown = Release.objects.exclude(Exists(Advisory.objects.filter(public_id=OuterRef("public_id"))))
    for public_id in unknown.order_by("public_id").values_list("public_id", flat=True).distinct():
        yield f"Advisory {public_id}: it is missing from the projection; run rebuild_projection."


def _advisories() -> QuerySet[Advisory]:
    newest = Release.objects.filter(public_id=OuterRef("public_id")).order_by("-number").values("pk")[:1]
    return Advisory.objects.select_related("release").prefetch_related("terms").annotate(newest=Subquery(newest))


def _problems(advisory: Advisory) -> Iterator[str]:
    if advisory.newest != advisory.release_id:  # type: ignore[attr-defined]
        yield "it does not point at its newest release"
        return
    try:
        expected = advisory_columns(advisory.release, advisory.document)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return  # said already, with the release
    for column, value in expected.items():
        if getattr(advisory, column) != value:
            yield f"its {column} differs from the ledger"
    if _terms(advisory.terms.all()) != _terms(advisory_terms(advisory, advisory.document)):
        yield "its terms differ from the ledger"


def _terms(terms: Iterable[AdvisoryTerm]) -> set[tuple[str, str, str, str]]:
    return {(term.facet, term.value, term.certainty, term.role) for term in terms}
