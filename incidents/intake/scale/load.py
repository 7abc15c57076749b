"""Loading a scale file in chunks, each a transaction of its own: a run that was killed goes on where it stopped."""

import gc
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from incidents.catalogue.models import Technique
from incidents.intake.models import IntakeMark
from incidents.intake.reading import IntakeFileError
from incidents.intake.scale.build import CatalogueShelf, build_incident
from incidents.intake.scale.shape import BadLine, Line, read_line
from incidents.publication.bulk import NewIncident, publish_new
from incidents.publication.freeze import NotFit
from incidents.publication.fulltext.merging import merge_index
from incidents.publication.rows import count_rows_anew, insert_objects

FORMAT = "scale"
CHUNK = 500
LONGEST_LINE = 16 * 1024 * 1024


@dataclass(slots=True)
class Tally:
    """How many lines were loaded now, loaded before, or bad."""

    loaded: int = 0
    known: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A readable line of the file and where it stands."""

    number: int
    digest: str
    line: Line


def load_scale(
    path: Path,
    *,
    author: AbstractUser,
    by: AbstractUser,
    on_bad: Callable[[int, str], object],
    on_progress: Callable[[int], object] = lambda count: None,
) -> Tally:
    """Publish the incidents of a file of JSON Lines, plain or gzip, that were not loaded before.

    Args:
        path: the file.
        author: in whose name they are written.
        by: who approves and publishes them.
        on_bad: told the number of each bad line, and why it is bad.
        on_progress: told how many lines were read since it was last told.

    Raises:
        IntakeFileError: the file cannot be read to its end, or the catalogue is empty.
        NotAllowed: the gate said no.
    """
    if not Technique.objects.exists():
        raise IntakeFileError(
            "The catalogue holds no techniques yet. Run `manage.py import_catalogue attack …` and `… atlas …` first."
        )
    tally = Tally()
    shelf = CatalogueShelf()
    lines = _read_lines(path)
    with _garbage_by_hand():
        while chunk := list(islice(lines, CHUNK)):
            with transaction.atomic():
                _Chunk(shelf, tally, on_bad).load(chunk, author=author, by=by)
            gc.collect(1)  # what this chunk left; the shelf has grown old by then
            on_progress(len(chunk))
    if tally.loaded:
        count_rows_anew()
        merge_index()
    return tally


@contextmanager
def _garbage_by_hand() -> Iterator[None]:
    """Leave it to the loop to collect garbage: Python would look through all rows in memory many times for each chunk."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line with its number; one that is absurdly long is cut, and no JSON any more."""
    try:
        with path.open("rb") as raw:
            magic = raw.read(2)
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw) if magic == b"\x1f\x8b" else raw
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                rest = line
                while not rest.endswith(b"\n") and (rest := file.readline(LONGEST_LINE)):
                    line = line[:100]
                if line.strip():
                    yield number, line.strip()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise IntakeFileError(f"{path}: the gzip file is damaged after line {number} ({error}).") from None
    except OSError as error:
        raise IntakeFileError(f"{path}: cannot be read ({error.strerror or error}).") from None


class _Chunk:
    """Some lines on their way into the ledger, whole or not at all."""

    def __init__(self, shelf: CatalogueShelf, tally: Tally, on_bad: Callable[[int, str], object]) -> None:
        self.shelf, self.tally, self.on_bad = shelf, tally, on_bad

    def load(self, chunk: list[tuple[int, bytes]], *, author: AbstractUser, by: AbstractUser) -> None:
        """Publish what is new and fit; report the rest."""
        fresh = self._fresh([one for number, content in chunk if (one := self._read(number, content))])
        self.shelf.prepare([one.line for one in fresh])
        built = [(one, new) for one in fresh if (new := self._build(one))]
        outcomes = publish_new(
            [new for _, new in built], year_of=[int(one.line.occurred[:4]) for one, _ in built], author=author, by=by
        )
        marks = []
        for (one, new), outcome in zip(built, outcomes, strict=True):
            if isinstance(outcome, NotFit):
                self._refuse(one.number, str(outcome))
            else:
                marks.append(
                    IntakeMark(format=FORMAT, external_id=one.line.id, digest=one.digest, incident=new.incident)
                )
        insert_objects(marks)
        self.tally.loaded += len(marks)

    def _read(self, number: int, content: bytes) -> _Numbered | None:
        try:
            return _Numbered(number, hashlib.sha256(content).hexdigest(), read_line(content))
        except BadLine as error:
            self._refuse(number, str(error))
            return None

    def _fresh(self, numbered: list[_Numbered]) -> list[_Numbered]:
        """Those that are neither in the record already nor named twice."""
        ids = [one.line.id for one in numbered]
        marks = IntakeMark.objects.filter(format=FORMAT, external_id__in=ids)
        digests = dict(marks.values_list("external_id", "digest"))
        fresh = []
        for one in numbered:
            digest = digests.setdefault(one.line.id, "")
            if not digest:
                digests[one.line.id] = one.digest
                fresh.append(one)
            elif digest == one.digest:
                self.tally.known += 1
            else:
                self._refuse(one.number, f"another line has the id {one.line.id} already")
        return fresh

    def _build(self, one: _Numbered) -> NewIncident | None:
        try:
            return build_incident(one.line, self.shelf)
        except BadLine as error:
            self._refuse(one.number, str(error))
            return None

    def _refuse(self, number: int, why: str) -> None:
        self.tally.bad += 1
        self.on_bad(number, why)
