"""Reading the demo: YAML files become a catalogue and stories, each a series of releases of one incident.

A release gives the fields that change (lists replace, `add` appends); the draft of a release is everything said so far.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from incidents.intake.catalogue import Entries
from incidents.intake.draft import Draft
from incidents.vocabulary.words import ReleaseKind, Significance

FOLDER = Path(__file__).parent


class DemoError(Exception):
    """A demo file is wrong; the text names file and place."""


class _WrittenRelease(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at: str
    kind: ReleaseKind
    significance: Significance = Significance.MATERIAL
    reason: str
    incident: dict[str, Any] = {}
    add: dict[str, list[Any]] = {}


class _WrittenStory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    id_year: int
    releases: tuple[_WrittenRelease, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One release of a story. `draft` is None for a withdrawal, which carries no content of its own."""

    story: "Story"
    number: int
    at: dt.datetime
    kind: ReleaseKind
    significance: Significance
    reason: str
    draft: Draft | None

    @property
    def place(self) -> str:
        """Where it is written."""
        return f"{self.story.path}, release {self.number}"


@dataclass(slots=True)
class Story:
    """One incident of the demo, release after release."""

    path: Path
    key: str
    id_year: int
    chapters: list[Chapter]


def read_catalogue(folder: Path) -> Entries:
    """The demo's own organizations, actors and tags.

    Raises:
        DemoError: the file is missing or wrong.
    """
    path = folder / "catalogue.yaml"
    return _convert(_read_yaml(path), Entries, str(path))


def read_stories(folder: Path, *, now: dt.datetime) -> list[Story]:
    """All stories, in the order of their files.

    Args:
        folder: the one that holds `incidents/`.
        now: what relative times such as `now-3d` count from.

    Raises:
        DemoError: a file is wrong, two have the same key, or there is none.
    """
    stories: dict[str, Story] = {}
    for path in sorted((folder / "incidents").glob("*.yaml")):
        story = _read_story(path, now)
        if story.key in stories:
            raise DemoError(f"{path}: the key “{story.key}” is that of {stories[story.key].path} already.")
        stories[story.key] = story
    if not stories:
        raise DemoError(f"{folder / 'incidents'}: there is no incident in this folder.")
    return list(stories.values())


def _read_story(path: Path, now: dt.datetime) -> Story:
    written = _convert(_read_yaml(path), _WrittenStory, str(path))
    story = Story(path=path, key=written.key, id_year=written.id_year, chapters=[])
    story.chapters.extend(_chapters(story, written.releases, now))
    if not story.chapters or story.chapters[0].draft is None:
        raise DemoError(f"{path}: the first release has to say what happened.")
    return story


def _chapters(story: Story, releases: tuple[_WrittenRelease, ...], now: dt.datetime) -> Iterator[Chapter]:
    said: dict[str, Any] = {}
    before: dt.datetime | None = None
    for number, release in enumerate(releases, start=1):
        place = f"{story.path}, release {number}"
        at = _moment(release.at, now, place)
        if before is not None and at <= before:
            raise DemoError(f"{place}: at: {release.at} does not lie after the release before it.")
        draft = None
        if release.kind is ReleaseKind.WITHDRAWAL:
            _refuse_content(release, place)
        else:
            said = _with(said, release, place)
            draft = _convert(said, Draft, place)
        yield Chapter(story, number, at, release.kind, release.significance, release.reason, draft)
        before = at


def _with(said: dict[str, Any], release: _WrittenRelease, place: str) -> dict[str, Any]:
    merged = {**said, **release.incident}
    for name, items in release.add.items():
        known = merged.get(name, [])
        if not isinstance(known, list):
            raise DemoError(f"{place}: add: “{name}” is no list that one could add to.")
        merged[name] = [*known, *items]
    return merged


def _refuse_content(release: _WrittenRelease, place: str) -> None:
    if release.incident or release.add:
        raise DemoError(
            f"{place}: a withdrawal carries no content of its own, only a reason. Release a correction before it."
        )


_AGO = re.compile(r"now-(\d{1,4})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def _moment(text: str, now: dt.datetime, place: str) -> dt.datetime:
    if ago := _AGO.fullmatch(text):
        return now - dt.timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise DemoError(f"{place}: at: “{text}” is no time. Write 2025-01-27T13:33Z, now-3d or now-26h.")
    if moment > now:
        raise DemoError(f"{place}: at: {text} lies in the future.")
    return moment


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506  a safe loader
    except OSError as error:
        raise DemoError(f"{path}: cannot be read ({error.strerror}).") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise DemoError(f"{path}{where}: is not valid YAML ({error.problem}).") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DemoError(f"{path}: is not valid YAML ({error}).") from None


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML built without libyaml has no fast one
ShapeT = TypeVar("ShapeT")


def _convert(value: Any, shape: type[ShapeT], place: str) -> ShapeT:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise DemoError(f"{place}: {str(error).replace(' - at `$.', ' - at `')}.") from None
