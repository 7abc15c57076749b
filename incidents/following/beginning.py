"""Beginning an empty copy with an export, which is quicker than reading everything that was ever released."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from incidents.following.copy_file import CopyFile
from incidents.following.faults import UnusableFile, WrongAnswer
from incidents.following.fetching import Refused
from incidents.following.remote import EXPORTED, Export, RemotePortal, Told

KEPT = ".export"
"""What the name of the file beside the copy ends with, while it is fetched."""


class _Release(msgspec.Struct, frozen=True):
    number: int
    kind: str
    significance: str
    reason: str
    released_at: str
    tlp: str


class _Document(msgspec.Struct, frozen=True):
    """What has to be read of a document to store it."""

    id: str
    release: _Release
    merged_into: str = ""


def begin_with_export(
    portal: RemotePortal,
    copy: CopyFile,
    *,
    on_begin: Callable[[Export], object] = lambda export: None,
    on_progress: Callable[[int], object] = lambda size: None,
) -> int | None:
    """Begin a copy with the newest export, so that it goes on by `changes` from where that ends.

    The file is fetched beside the copy, and goes on where it was cut off; the copy changes in one step. A kill at any moment
    leaves an empty copy or one that has begun.

    Args:
        portal: what is followed.
        copy: where it is kept.
        on_begin: told which export is fetched.
        on_progress: told how many bytes came.

    Returns:
        How many releases it held; None where nothing was done, because the copy has begun already or there is no export.

    Raises:
        FollowFault: it cannot be done.
    """
    if copy.cursor:
        return None
    export = portal.newest_export()
    if export is None:
        return None
    on_begin(export)
    path = copy.path.with_name(f"{copy.path.name}.{export.sha256[:16]}{KEPT}")
    try:
        _fetch(portal, export, path, on_progress)
        copy.begin(read_rows(path), count=export.rows, after=export.after)
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror or error}.") from None
    except WrongAnswer:
        path.unlink(missing_ok=True)
        raise
    for old in copy.path.parent.glob(f"{copy.path.name}.*{KEPT}"):
        old.unlink(missing_ok=True)
    return export.rows


def read_rows(path: Path) -> Iterator[Told]:
    """The releases that an export holds, one after the other.

    Raises:
        WrongAnswer: the file is no export.
    """
    try:
        with gzip.open(path) as file:
            for line in file:
                yield as_told(line.rstrip(b"\n"))
    except (gzip.BadGzipFile, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise WrongAnswer(f"{path}: this is no export: {error}.") from None


def as_told(document: bytes) -> Told:
    """A document of an export as a release that was told."""
    it = msgspec.json.decode(document, type=_Document)
    is_withdrawal = it.release.kind == "withdrawal"
    return Told(
        event=EXPORTED,
        id=it.id,
        number=it.release.number,
        kind=it.release.kind,
        significance=it.release.significance,
        reason=it.release.reason,
        released_at=it.release.released_at,
        tlp=it.release.tlp,
        changed=[],
        sha256=hashlib.sha256(document).hexdigest(),
        merged_into=it.merged_into if is_withdrawal else "",
        document=msgspec.Raw(document),
    )


def _fetch(portal: RemotePortal, export: Export, path: Path, on_progress: Callable[[int], object]) -> None:
    if not path.exists() or path.stat().st_size != export.bytes:
        try:
            portal.fetcher.download(portal.address_of(export), path, on_progress=on_progress)
        except Refused as refused:
            raise WrongAnswer(f"{portal.address_of(export)} answers {refused.status}.") from None
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != export.sha256:
        raise WrongAnswer(f"{export.file}: the file is not the one that its SHA-256 names. Try again.")
