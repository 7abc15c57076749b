"""The exports that are ready: for each clearance a folder of files, and one small file that describes them and is replaced in one
step."""

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from django.conf import settings

from incidents.publication.audience import Audience
from incidents.vocabulary.tlp import TLP

LIST = "exports.json"
CONTENT = "advisories"


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is ready.

    Attributes:
        content: what it holds.
        format: of its rows.
        compression: of the file.
        file: its name, which its SHA-256 gives.
        bytes: its length as it is, compressed.
        sha256: of it as it is, in hexadecimal digits.
        rows: how many there are.
        after: the cursor of `changes` that joins on: it holds what was released until there, and nothing later.
        built_at: when it was ready.
    """

    content: str
    format: str
    compression: str
    file: str
    bytes: int
    sha256: str
    rows: int
    after: str
    built_at: dt.datetime


def root() -> Path:
    """Where exports stand."""
    return Path(settings.EXPORT_ROOT)


def folder(audience: Audience) -> Path:
    """Where those stand that hold what this audience may see, and nothing else (INV-TLP)."""
    return root() / list(TLP)[audience.highest_rank].value


def exports_ready(audience: Audience) -> list[Export]:
    """The exports for an audience that are ready, the newest first; the one before the newest of each format is kept for those
    who are fetching it."""
    try:
        return msgspec.json.decode((folder(audience) / LIST).read_bytes(), type=list[Export])
    except FileNotFoundError:
        return []


def put_ready(audience: Audience, finished: Sequence[tuple[Path, Export]]) -> None:
    """Give finished files their names and announce them together; what is older than the one before each goes."""
    place = folder(audience)
    kept = [export for _, export in finished]
    new = {export.file for export in kept}
    for earlier in exports_ready(audience):
        same = [one for one in kept if (one.format, one.compression) == (earlier.format, earlier.compression)]
        if earlier.file not in new and len(same) < 2:
            kept.append(earlier)
    for path, export in finished:
        path.replace(place / export.file)
    write_whole(place / LIST, msgspec.json.encode(kept))
    for old in set(place.glob(f"{CONTENT}-*")) - {place / one.file for one in kept}:
        old.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step: a kill leaves the old or the new."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
