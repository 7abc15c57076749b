"""Verifying: does the ledger still say what was released, and does the projection still say what the ledger says?"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from incidents.publication.document import decode_document, encode_document
from incidents.publication.models import Advisory, AdvisoryTerm, Ledger, Release
from incidents.publication.project import advisory_columns, advisory_terms

_CHUNK = 500


def find_damage(*, on_progress: Callable[[int], object] = lambda count: None) -> Iterator[str]:
    """Everything that is wrong, a sentence for each damaged row; nothing if all is well.

    Args:
        on_progress: told how many rows were looked at since it was last told.
    """
    yield from _damaged_releases(on_progress)
    yield from _damaged_projection(on_progress)


def rows_to_verify() -> int:
    """How many rows `find_damage` looks at."""
    return Release.objects.count() + Advisory.objects.count()


def _damaged_releases(on_progress: Callable[[int], object]) -> Iterator[str]:
    numbers: dict[str, int] = {}
    sequence, sha256, released_at = 0, "", None
    for release in Release.objects.order_by("sequence").iterator(chunk_size=_CHUNK):
        name = f"Release {release.number} of {release.public_id} (sequence {release.sequence})"
        if release.sequence != sequence + 1:
            yield f"{name}: sequence {sequence + 1} is missing before it."
        if release.number != numbers.get(release.public_id, 0) + 1:
            yield f"{name}: its number does not follow {numbers.get(release.public_id, 0)}."
        if release.previous_sha256 != sha256:
            yield f"{name}: the chain is broken; it does not continue the release before it."
        if release.sha256 != release.digest():
            yield f"{name}: its content does not match its SHA-256; the row was changed after it was written."
        if released_at and release.released_at <= released_at:
            yield f"{name}: it is dated before the release it follows."
        yield from (f"{name}: {problem}" for problem in _document_problems(release))
        sequence, sha256, released_at = release.sequence, release.sha256, release.released_at
        numbers[release.public_id] = release.number
        on_progress(1)
    ledger = Ledger.objects.get(pk=1)
    if (ledger.last_sequence, ledger.last_sha256) != (sequence, sha256):
        yield f"Ledger: its head says sequence {ledger.last_sequence}, the last release is {sequence}."


def _document_problems(release: Release) -> Iterator[str]:
    try:
        document = decode_document(release.document_json)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        yield f"its document cannot be read: {error}."
        return
    if encode_document(document).decode() != release.document_json:
        yield "its document is not in canonical form."
    if (document.id, document.tlp.value, document.tlp.rank) != (release.public_id, release.tlp, release.tlp_rank):
        yield "its document names another id or TLP than the row."
    if document.release != release.note:
        yield "its document says something else about the release than the row."


def _damaged_projection(on_progress: Callable[[int], object]) -> Iterator[str]:
    newest: dict[str, int] = dict(Release.objects.order_by("sequence").values_list("public_id", "pk").iterator())
    seen = set()
    advisories = Advisory.objects.select_related("release").prefetch_related("terms").order_by("pk")
    for advisory in advisories.iterator(chunk_size=_CHUNK):
        seen.add(advisory.public_id)
        name = f"Advisory {advisory.public_id}"
        if newest.get(advisory.public_id) != advisory.release_id:
            yield f"{name}: it does not point at its newest release; run rebuild_projection."
        else:
            yield from (f"{name}: {problem}; run rebuild_projection." for problem in _projection_problems(advisory))
        on_progress(1)
    for public_id in newest.keys() - seen:
        yield f"Advisory {public_id}: it is missing from the projection; run rebuild_projection."


def _projection_problems(advisory: Advisory) -> Iterator[str]:
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
