"""The exports that are ready: files in a folder, and one small file that describes them and is replaced in one step."""

import datetime as dt
import os
from pathlib import Path

import msgspec
from django.conf import settings

LIST = "exports.json"


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


def folder() -> Path:
    """Where exports stand."""
    return Path(settings.EXPORT_ROOT)


def exports_ready() -> list[Export]:
    """The exports that are ready, the newest first; the one before the newest is kept for those who are fetching it."""
    try:
        return msgspec.json.decode((folder() / LIST).read_bytes(), type=list[Export])
    except FileNotFoundError:
        return []


def put_ready(path: Path, export: Export) -> None:
    """Give a finished file its name and announce it; what is older than the one before it goes."""
    path.replace(path.with_name(export.file))
    earlier = [one for one in exports_ready() if one.file != export.file]
    kept = [export, *earlier[:1]]
    write_whole(path.with_name(LIST), msgspec.json.encode(kept))
    for old in set(path.parent.glob(f"{export.content}-*.gz")) - {path.with_name(one.file) for one in kept}:
        old.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step: a kill leaves the old or the new."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
