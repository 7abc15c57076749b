"""Loading the demo into the ledger: every release of every incident, in the order of time, through the gate by two people."""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from msgspec.structs import asdict

from incidents.catalogue.models import Organization, Service, Tag, ThreatActor
from incidents.catalogue.starter.load import load_starter
from incidents.intake.demo.story import FOLDER, Chapter, DemoCatalogue, DemoError, read_catalogue, read_stories
from incidents.intake.shelf import Shelf
from incidents.intake.write import DraftError, begin_draft, replace_content, write_parts
from incidents.publication.freeze import NotFit
from incidents.publication.models import Release
from incidents.publication.publish import publish, withdraw
from incidents.record.models import Incident
from incidents.record.workflow import NotAllowed, approve, submit
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
    if Release.objects.exists():
        raise DemoStands("The ledger holds releases already; the demo is loaded into an empty one only.")
    catalogue, stories = read_catalogue(folder), read_stories(folder, now=now or timezone.now())
    load_starter()
    fill_catalogue(catalogue, place=str(folder / "catalogue.yaml"))
    chapters = sorted((chapter for story in stories for chapter in story.chapters), key=lambda chapter: chapter.at)
    on_start(len(chapters))
    return _Telling(chapters).tell(on_progress)


class _Telling:
    """One loading of the demo: two people, the incidents begun so far, the catalogue."""

    def __init__(self, chapters: list[Chapter]) -> None:
        self.chapters = chapters
        self.author, self.reviewer = demo_person(*AUTHOR), demo_person(*REVIEWER)
        self.shelf = Shelf()
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


def demo_person(email: str, name: str, groups: Iterable[str]) -> AbstractUser:
    """One of the two who sign the demo: an account that nobody can sign in to."""
    accounts: Any = get_user_model()._default_manager
    known: AbstractUser | None = accounts.filter(email__iexact=email).first()
    if known is not None:
        return known
    person: AbstractUser = accounts.create_user(email, None, full_name=name)
    person.groups.set(Group.objects.filter(name__in=groups))
    return person


def fill_catalogue(catalogue: DemoCatalogue, *, place: str) -> None:
    """Add the entries that are missing; whatever exists stays as it is.

    Raises:
        DemoError: an entry does not fit the catalogue.
    """
    for entry in catalogue.organizations:
        fields = {**_fields(entry, "services"), "sector": entry.sector or ""}
        owner = _fill(Organization, f"{place}: organization {entry.slug}", {"slug": entry.slug}, fields)
        for service in entry.services:
            keys = {"organization": owner, "slug": service.slug}
            _fill(Service, f"{place}: service {entry.slug}/{service.slug}", keys, _fields(service))
    for actor in catalogue.actors:
        _fill(ThreatActor, f"{place}: actor {actor.slug}", {"slug": actor.slug}, _fields(actor))
    for tag in catalogue.tags:
        _fill(Tag, f"{place}: tag {tag.slug}", {"slug": tag.slug}, _fields(tag))


def _fields(entry: Any, *but: str) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if name not in but}


def _fill(model: type[models.Model], place: str, keys: dict[str, Any], fields: dict[str, Any]) -> models.Model:
    known = model._default_manager.filter(**keys).first()
    if known is not None:
        return known
    entry = model(**{**fields, **keys})
    try:
        entry.clean_fields(exclude=[field.name for field in model._meta.fields if field.is_relation])
        with transaction.atomic():
            entry.save()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise DemoError(f"{place}: {name}: {messages[0]}") from None
    except DatabaseError as error:
        raise DemoError(f"{place}: {error}") from error
    return entry
