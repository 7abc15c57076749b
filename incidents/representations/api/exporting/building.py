"""Exports from the ledger, in parts; a build that was stopped is gone on with.

What they hold is a function of a place in the ledger's sequence: of each advisory, the last release until there. The ledger never
changes, so a build may take as long as it likes, and a part that is written stays right. Memory is that of a part. All files of
a build end at the same place and are announced together.
"""

import datetime as dt
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from incidents.publication.audience import PUBLIC, Audience
from incidents.publication.edition import renew_edition
from incidents.publication.models import Release
from incidents.publication.models.ledger import ReleaseQuerySet
from incidents.publication.registry import build_id
from incidents.representations.api.exporting.bundle import BundleWriter
from incidents.representations.api.exporting.database import DatabaseWriter
from incidents.representations.api.exporting.lines import LineWriter
from incidents.representations.api.exporting.packing import PACKINGS, Packing
from incidents.representations.api.exporting.rows import Edition, Row, Writer
from incidents.representations.api.exporting.shelf import CONTENT, Export, folder, put_ready, root
from incidents.representations.api.exporting.table import TableWriter
from incidents.representations.api.exporting.workshop import BuildState, Workshop, Written
from incidents.representations.api.sequence import Place, last_place_of, write_place
from incidents.vocabulary.tlp import TLP

PART_ROWS = 500
LOCK = "export.lock"
FORMATS = (LineWriter.format, TableWriter.format, DatabaseWriter.format, BundleWriter.format)


class AlreadyBuilding(Exception):
    """Another process is building."""


def build_exports(
    audience: Audience,
    *,
    formats: Collection[str] = FORMATS,
    part_rows: int = PART_ROWS,
    on_begin: Callable[[int, int], object] = lambda rows, total: None,
    on_progress: Callable[[int], object] = lambda rows: None,
) -> list[Export]:
    """Build the exports of all advisories, or go on with the build that was stopped, and announce them.

    Args:
        audience: for whom.
        formats: which, of `FORMATS`.
        part_rows: how many rows are written at a time.
        on_begin: told how many rows are written already and how many there will be.
        on_progress: told of the rows of each part.

    Raises:
        AlreadyBuilding: another process is at it.
        OSError: the folder cannot be written.
    """
    wanted = tuple(name for name in FORMATS if name in formats)
    with alone(), Workshop(folder(audience)) as workshop:
        build = _stopped_build(workshop, audience, wanted) or _begun_build(workshop, audience, wanted)
        rows = rows_until(audience, build.state.until)
        on_begin(build.state.rows, rows.count())
        while part := list(
            rows.filter(sequence__gt=build.state.after)
            .order_by("sequence")
            .values_list("sequence", "document_json")[:part_rows]
        ):
            build.write([Row(*values) for values in part])
            on_progress(len(part))
        finished = build.finish()
        put_ready(audience, finished)
        workshop.clear()
    for left in folder(audience).glob("build.*"):
        left.unlink()
    if audience == PUBLIC:
        renew_edition()
    return [export for _, export in finished]


def rows_until(audience: Audience, until: int) -> ReleaseQuerySet:
    """Of each advisory the last release until a place in the sequence, as far as the audience may see them."""
    visible: ReleaseQuerySet = Release.objects.visible_to(audience).filter(sequence__lte=until)
    return visible.exclude(Exists(visible.filter(public_id=OuterRef("public_id"), number__gt=OuterRef("number"))))


def remove_unwanted(wanted: Collection[Audience]) -> None:
    """Remove what stands there for clearances that nobody has any more.

    Raises:
        AlreadyBuilding: another process is building.
    """
    kept = {folder(audience) for audience in wanted}
    with alone():
        for label in TLP:
            if folder(Audience(label)) not in kept:
                shutil.rmtree(folder(Audience(label)), ignore_errors=True)


@contextmanager
def alone() -> Iterator[None]:
    """One process builds at a time, on all servers that share the folder.

    Raises:
        AlreadyBuilding: another is at it.
    """
    root().mkdir(parents=True, exist_ok=True)
    with (root() / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyBuilding("Another process is building exports in this folder.") from None
        yield


def is_building() -> bool:
    """Whether any process builds now."""
    try:
        with alone():
            return False
    except AlreadyBuilding:
        return True


class Build:
    """A build on its way.

    Args:
        workshop: where.
        audience: for whom.
        state: how far it is.
    """

    def __init__(self, workshop: Workshop, audience: Audience, state: BuildState) -> None:
        self.workshop = workshop
        self.audience = audience
        self.state = state
        after = write_place(Place(state.until, state.head), audience)
        self.edition = Edition(settings.SITE_URL, after, list(TLP)[audience.highest_rank].value)
        self.writers = [writer for writer in _writers(workshop) if writer.format in state.formats]

    def begin(self) -> None:
        """Write what stands before all rows."""
        with self.workshop.step():
            for writer in self.writers:
                head = writer.beginning(self.edition)
                for packing in PACKINGS:
                    self._write(writer, packing, packing.beginning, packed=True)
                    self._write(writer, packing, head)
            self.workshop.remember(self.state)

    def write(self, rows: Sequence[Row]) -> None:
        """Write a part: into every file, or into none."""
        with self.workshop.step():
            for writer in self.writers:
                content = writer.part(rows, written=self.state.rows)
                for packing in PACKINGS:
                    self._write(writer, packing, content)
            self._note(after=rows[-1].sequence, rows=self.state.rows + len(rows))
            self.workshop.remember(self.state)

    def finish(self) -> list[tuple[Path, Export]]:
        """Write what follows all rows; the files, and what is said about each."""
        finished = []
        for writer in self.writers:
            for content in writer.end(self.edition, written=self.state.rows):
                for packing in PACKINGS:
                    self._write(writer, packing, content)
            for packing in PACKINGS:
                ending = _ending(writer, packing)
                self._write(writer, packing, packing.end(self.state.files.get(ending, Written()).checked), packed=True)
                path = self.workshop.file(ending)
                finished.append((path, self._describe(path, writer, packing, ending)))
        return finished

    def _write(self, writer: Writer, packing: Packing, content: bytes, *, packed: bool = False) -> None:
        """Write where the state says that the file ends: what a killed process wrote behind that goes."""
        if not content:
            return
        ending = _ending(writer, packing)
        written = self.state.files.get(ending, Written())
        packed_content = content if packed else packing.part(content)
        _put(self.workshop.file(ending), packed_content, at=written.size)
        checked = written.checked if packed else written.checked.plus(content)
        later = Written(written.size + len(packed_content), checked)
        self._note(files={**self.state.files, ending: later})

    def _note(self, **changes: object) -> None:
        values = {name: getattr(self.state, name) for name in self.state.__struct_fields__}
        self.state = BuildState(**values | changes)

    def _describe(self, path: Path, writer: Writer, packing: Packing, ending: str) -> Export:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Export(
            content=CONTENT,
            format=writer.format,
            compression=packing.name,
            file=f"{CONTENT}-{sha256[:32]}.{ending}",
            bytes=path.stat().st_size,
            sha256=sha256,
            rows=self.state.rows,
            after=self.edition.after,
            built_at=timezone.now().astimezone(dt.UTC).replace(microsecond=0),
        )


def _stopped_build(workshop: Workshop, audience: Audience, formats: tuple[str, ...]) -> Build | None:
    state = workshop.state()
    if state is None or (state.formats, state.made_by) != (formats, _made_by()):
        return None
    is_ours = _head(audience, state.until) == state.head
    return Build(workshop, audience, state) if is_ours else None


def _begun_build(workshop: Workshop, audience: Audience, formats: tuple[str, ...]) -> Build:
    workshop.clear()
    until, head = last_place_of(audience)
    build = Build(workshop, audience, BuildState(until=until, head=head, made_by=_made_by(), formats=formats))
    build.begin()
    return build


def _head(audience: Audience, place: int) -> str:
    found = Release.objects.visible_to(audience).filter(sequence=place).values_list("sha256", flat=True).first()
    return found or ""


def _writers(workshop: Workshop) -> Iterator[Writer]:
    yield LineWriter()
    yield TableWriter(settings.SITE_URL)
    yield DatabaseWriter(workshop.connection, workshop.tables, settings.SITE_URL)
    yield BundleWriter(workshop.connection)


def _made_by() -> str:
    """A fingerprint of what shapes the bytes: after an upgrade a stopped build begins anew."""
    code = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return hashlib.sha256(b"\0".join([build_id(BundleWriter.format).encode(), *code])).hexdigest()


def _ending(writer: Writer, packing: Packing) -> str:
    return f"{writer.ending}.{packing.ending}"


def _put(path: Path, content: bytes, *, at: int) -> None:
    """Write behind so many bytes, and onto the disk before anything says so."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(at)
        file.seek(at)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
