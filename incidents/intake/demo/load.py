"""Loading the demo into the ledger: every release of every incident, in the order of time, through the gate by two people."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from incidents.catalogue.starter.load import load_starter
from incidents.intake.catalogue import CatalogueError, Filler
from incidents.intake.demo.story import FOLDER, Chapter, DemoError, read_catalogue, read_stories
from incidents.intake.people import ensure_signatory
from incidents.intake.shelf import Shelf
from incidents.intake.write import DraftError, begin_draft, replace_content, write_parts
from incidents.publication.freeze import NotFit
from incidents.publication.ledger import lock_ledger
from incidents.publication.models import Release
from incidents.publication.publish import publish, withdraw
from incidents.publication.review import approve, submit
from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed
from incidents.vocabulary.words import ReleaseKind

AUTHOR = ("demo-author@example.org", "Demo author", ("Author",))
REVIEWER = ("demo-reviewer@example.org", "Demo reviewer", ("Reviewer", "Publisher"))


class DemoStands(Exception):
    """The ledger holds releases already; a history can only be loaded into an empty one."""


@transaction.atomic
def load_demo(
    *,
    folder: Path = FOLDER,
    now: dt.datetime | None = None,
    on_start: Callable[[int], object] = lambda count: None,
    on_progress: Callable[[int], object] = lambda count: None,
) -> list[Release]:
    """Load the starter catalogue and the demo whole, or nothing.

    Args:
        folder: holds `catalogue.yaml` and `incidents/*.yaml`.
        now: what relative times count from; the present moment if None.
        on_start: told how many releases there will be.
        on_progress: told how many releases were made since it was last told.

    Returns:
        the releases, in the order of the ledger.

    Raises:
        DemoError: a file is wrong; the text names file and place.
        DemoStands: the ledger is not empty.
    """
    lock_ledger()  # two loadings at once: the second sees what the first wrote
    if Release.objects.exists():
        raise DemoStands("The ledger holds releases already; the demo is loaded into an empty one only.")
    catalogue, stories = read_catalogue(folder), read_stories(folder, now=now or timezone.now())
    load_starter()
    shelf = Shelf()
    try:
        Filler(shelf).fill(catalogue)
    except CatalogueError as error:
        raise DemoError(f"{folder / 'catalogue.yaml'}: {error}") from None
    chapters = sorted((chapter for story in stories for chapter in story.chapters), key=lambda chapter: chapter.at)
    on_start(len(chapters))
    return _Telling(chapters, shelf).tell(on_progress)


class _Telling:
    """One loading of the demo: two people, the incidents begun so far, the catalogue."""

    def __init__(self, chapters: list[Chapter], shelf: Shelf) -> None:
        self.chapters = chapters
        self.author, self.reviewer = ensure_signatory(*AUTHOR), ensure_signatory(*REVIEWER)
        self.shelf = shelf
        self.incidents: dict[str, Incident] = {}
        self.last: dt.datetime | None = None

    def tell(self, on_progress: Callable[[int], object]) -> list[Release]:
        """Begin every incident, then release after release."""
        for chapter in self.chapters:
            if chapter.number == 1:
                self._at_place(chapter, self._begin)
        releases = []
        for chapter in self.chapters:
            releases.append(self._at_place(chapter, self._release))
            on_progress(1)
        return releases

    def _begin(self, chapter: Chapter) -> None:
        assert chapter.draft is not None  # noqa: S101  a story begins with content
        self.incidents[chapter.story.key] = begin_draft(
            chapter.draft, by=self.author, shelf=self.shelf, year=chapter.story.id_year
        )

    def _release(self, chapter: Chapter) -> Release:
        incident = self.incidents[chapter.story.key]
        if chapter.draft is None:
            release = withdraw(
                incident_id=incident.pk, by=self.reviewer, reason=chapter.reason, at=self._instant(chapter)
            )
        else:
            self._write(chapter, incident)
            release = self._publish(chapter, incident.pk)
        self.incidents[chapter.story.key] = Incident.objects.get(pk=incident.pk)
        return release

    def _write(self, chapter: Chapter, incident: Incident) -> None:
        assert chapter.draft is not None  # noqa: S101  the caller looked
        if chapter.number == 1:
            write_parts(incident, chapter.draft, shelf=self.shelf, related=self.incidents)
        else:
            replace_content(incident, chapter.draft, by=self.author, shelf=self.shelf, related=self.incidents)

    def _publish(self, chapter: Chapter, incident_id: int) -> Release:
        submitted = submit(incident_id=incident_id, by=self.author)
        approve(incident_id=incident_id, by=self.reviewer, seen_revision=submitted.revision)
        return publish(
            incident_id=incident_id,
            by=self.reviewer,
            reason=chapter.reason,
            kind=chapter.kind if chapter.kind is not ReleaseKind.INITIAL else ReleaseKind.UPDATE,
            significance=chapter.significance,
            at=self._instant(chapter),
        )

    def _instant(self, chapter: Chapter) -> dt.datetime:
        """The chapter's time, a millisecond later than the release before it if both fell together."""
        after = self.last + dt.timedelta(milliseconds=1) if self.last else chapter.at
        self.last = max(chapter.at, after)
        return self.last

    def _at_place(self, chapter: Chapter, tell: Callable[[Chapter], Any]) -> Any:
        try:
            with transaction.atomic():
                return tell(chapter)
        except (DraftError, NotFit, NotAllowed, ValueError, DatabaseError) as error:
            raise DemoError(f"{chapter.place}: {str(error).strip()}") from error
