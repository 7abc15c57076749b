"""An export from the ledger, in parts; a build that was stopped is gone on with.

What it holds is a function of a place in the ledger's sequence: of each advisory, the last release until there. The ledger never
changes, so a build may take as long as it likes, and a part that is written stays right. Memory is that of a part.
"""

import datetime as dt
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from django.db.models import Exists, OuterRef
from django.utils import timezone

from incidents.publication.audience import Audience
from incidents.publication.edition import renew_edition
from incidents.publication.models import Release
from incidents.publication.models.ledger import ReleaseQuerySet
from incidents.representations.api.exporting.packing import BEGINNING, Checked, pack_end, pack_part
from incidents.representations.api.exporting.shelf import Export, put_ready, write_whole
from incidents.representations.api.sequence import BEGINNING as NOTHING
from incidents.representations.api.sequence import write_place

PART_ROWS = 2000
PART, STATE, LOCK = "export.part", "export.state", "export.lock"


class AlreadyBuilding(Exception):
    """Another process is building."""


class BuildState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a build is: everything that another process needs to go on.

    Attributes:
        until: the place in the sequence that the export ends at.
        head: SHA-256 in the chain of the release there, by which another ledger is noticed.
        after: the place of the last row that is written.
        rows: how many are written.
        size: the length of the file with them.
        checked: of them.
    """

    until: int
    head: str
    after: int = NOTHING
    rows: int = 0
    size: int = len(BEGINNING)
    checked: Checked = Checked()


def build_export(
    folder: Path,
    audience: Audience,
    *,
    part_rows: int = PART_ROWS,
    on_begin: Callable[[int, int], object] = lambda rows, total: None,
    on_progress: Callable[[int], object] = lambda rows: None,
) -> Export:
    """Build the export of all advisories, or go on with the build that was stopped, and announce it.

    Args:
        folder: where exports stand.
        audience: for whom.
        part_rows: how many rows are written at a time.
        on_begin: told how many rows are written already and how many there will be.
        on_progress: told of the rows of each part.

    Raises:
        AlreadyBuilding: another process is at it.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), (folder / PART).open("ab") as file:
        state = _stopped_state(folder, audience) or _begin(folder, audience)
        file.truncate(state.size)
        rows = rows_until(audience, state.until)
        on_begin(state.rows, rows.count())
        while part := list(
            rows.filter(sequence__gt=state.after)
            .order_by("sequence")
            .values_list("sequence", "document_json")[:part_rows]
        ):
            state = _write_part(folder, file.fileno(), state, part)
            on_progress(len(part))
        _append(file.fileno(), pack_end(state.checked))
        export = _describe(folder / PART, state, audience)
        put_ready(folder / PART, export)
        (folder / STATE).unlink(missing_ok=True)
        renew_edition()
        return export


def rows_until(audience: Audience, until: int) -> ReleaseQuerySet:
    """Of each advisory the last release until a place in the sequence, as far as the audience may see them."""
    visible: ReleaseQuerySet = Release.objects.visible_to(audience).filter(sequence__lte=until)
    return visible.exclude(Exists(visible.filter(public_id=OuterRef("public_id"), number__gt=OuterRef("number"))))


def _stopped_state(folder: Path, audience: Audience) -> BuildState | None:
    try:
        state = msgspec.json.decode((folder / STATE).read_bytes(), type=BuildState)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    is_ours = _head(audience, state.until) == state.head and (folder / PART).stat().st_size >= state.size
    return state if is_ours else None


def _begin(folder: Path, audience: Audience) -> BuildState:
    newest = Release.objects.visible_to(audience).order_by("-sequence").values_list("sequence", flat=True).first()
    until = newest or NOTHING
    (folder / PART).write_bytes(BEGINNING)
    return BuildState(until=until, head=_head(audience, until))


def _head(audience: Audience, place: int) -> str:
    found = Release.objects.visible_to(audience).filter(sequence=place).values_list("sha256", flat=True).first()
    return found or ""


def _write_part(folder: Path, file: int, state: BuildState, part: list[tuple[int, str]]) -> BuildState:
    content = "".join(f"{document}\n" for _, document in part).encode()
    packed = pack_part(content)
    _append(file, packed)
    later = msgspec.structs.replace(
        state,
        after=part[-1][0],
        rows=state.rows + len(part),
        size=state.size + len(packed),
        checked=state.checked.plus(content),
    )
    write_whole(folder / STATE, msgspec.json.encode(later))
    return later


def _append(file: int, content: bytes) -> None:
    """Write at the end, and onto the disk before anything says so."""
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]
    os.fsync(file)


def _describe(path: Path, state: BuildState, audience: Audience) -> Export:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Export(
        content="advisories",
        format="ndjson",
        compression="gzip",
        file=f"advisories-{sha256[:32]}.ndjson.gz",
        bytes=path.stat().st_size,
        sha256=sha256,
        rows=state.rows,
        after=write_place(state.until, audience),
        built_at=timezone.now().astimezone(dt.UTC).replace(microsecond=0),
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyBuilding("Another process is building exports in this folder.") from None
        yield
