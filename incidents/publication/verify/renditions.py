"""The stored renditions: are they whole, and what building gives?"""

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import msgspec

from incidents.publication import registry
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Rendition
from incidents.publication.renditions import etag_of
from incidents.vocabulary.tlp import TLP

_CHUNK = 50


def rows_to_verify() -> int:
    """How many renditions are stored."""
    return Rendition.objects.count()


def find_damage(on_progress: Callable[[int], object]) -> Iterator[str]:
    """What is wrong with stored renditions, a sentence for each fault."""
    for rendition in Rendition.objects.select_related("release").order_by("pk").iterator(chunk_size=_CHUNK):
        name = f"Rendition {rendition.format} of release {rendition.release.number} of {rendition.release.public_id}"
        yield from (f"{name}: {problem}; run render --all." for problem in _problems(rendition))
        if not PUBLIC.may_see(TLP(rendition.release.tlp)):
            yield f"{name}: it is stored although the public may not see it; delete the row."
        on_progress(1)


def _problems(rendition: Rendition) -> Iterator[str]:
    body = bytes(rendition.body)
    if rendition.etag != etag_of(body):
        yield "its ETag is not the hash of its bytes"
    if _has_twins(rendition) and _unpack(gzip.decompress, rendition.body_gzip) != body:
        yield "its gzip twin says something else"
    if _has_twins(rendition) and _unpack(brotli.decompress, rendition.body_brotli) != body:
        yield "its brotli twin says something else"
    if _is_of_present_build(rendition) and _build(rendition) not in (body, None):
        yield "it is not what building it gives now"


def _unpack(unpack: Callable[[bytes], bytes], packed: bytes | memoryview) -> bytes | None:
    try:
        return unpack(bytes(packed))
    except (OSError, EOFError, zlib.error, brotli.error):
        return None


def _has_twins(rendition: Rendition) -> bool:
    return all(form.is_compressible for form in registry.formats() if form.name == rendition.format)


def _is_of_present_build(rendition: Rendition) -> bool:
    known = {form.name for form in registry.formats()}
    return rendition.format in known and rendition.build == registry.build_id(rendition.format)


def _build(rendition: Rendition) -> bytes | None:
    try:
        return registry.get_format(rendition.format).bytes_of(rendition.release.document)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None  # said already, with the release
