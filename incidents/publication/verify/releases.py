"""The ledger: numbers, sequence, hashes, chain, dates and documents of every release."""

from collections.abc import Callable, Iterator

import msgspec

from incidents.publication.document import decode_document
from incidents.publication.models import Ledger, Release

_CHUNK = 500


def rows_to_verify() -> int:
    """How many releases there are."""
    return Release.objects.count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """What is wrong with the ledger, a sentence for each fault."""
    numbers: dict[str, int] = {}
    sequence, sha256, released_at = 0, "", None
    head = _head()
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
    yield from _head_problems(head, (sequence, sha256), _head())


def _head() -> tuple[int, str]:
    return Ledger.objects.values_list("last_sequence", "last_sha256").get(pk=1)


def _head_problems(before: tuple[int, str], last: tuple[int, str], after: tuple[int, str]) -> Iterator[str]:
    """The head as it was before and after reading; releases may have been made in the meantime."""
    if not before[0] <= last[0] <= after[0]:
        yield f"Ledger: its head says sequence {after[0]}, the last release is {last[0]}."
    elif any(head[0] == last[0] and head != last for head in (before, after)):
        yield f"Ledger: its head and the last release, {last[0]}, differ in SHA-256."


def _document_problems(release: Release) -> Iterator[str]:
    try:
        document = decode_document(release.document_json)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        yield f"its document cannot be read: {error}."
        return
    if not _is_canonical(release.document_json):
        yield "its document is not in canonical form."
    if (document.id, document.tlp.value, document.tlp.rank) != (release.public_id, release.tlp, release.tlp_rank):
        yield "its document names another id or TLP than the row."
    if document.release != release.note:
        yield "its document says something else about the release than the row."


def _is_canonical(text: str) -> bool:
    """Whether a JSON text is in canonical form, whatever fields documents had when it was written."""
    return msgspec.json.encode(msgspec.json.decode(text), order="sorted").decode() == text
