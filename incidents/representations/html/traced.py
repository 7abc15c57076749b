"""Which release made which change, and whether it matters: changes of substance apart from those of wording."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import ngettext

from incidents.publication.changes import changes_between
from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.representations.html.gazette import Entry
from incidents.vocabulary.inline import joined
from incidents.vocabulary.words import Significance


@dataclass(frozen=True, slots=True)
class Traced:
    """An entry with the releases that had a part in it. It is material if one of them was."""

    entry: Entry
    notes: tuple[ReleaseNote, ...]

    @property
    def is_material(self) -> bool:
        """Whether a release that changed what readers know or do had a part in it, as far as one can tell."""
        return not self.notes or any(note.significance is Significance.MATERIAL for note in self.notes)

    @property
    def releases(self) -> str:
        """The releases in words: “in releases 2 and 3”."""
        numbers = [str(note.number) for note in self.notes]
        if not numbers:
            return ""
        text = ngettext("in release %(numbers)s", "in releases %(numbers)s", len(numbers))
        return text % {"numbers": joined(numbers)}


def trace(entries: Sequence[Entry], documents: Sequence[AdvisoryDocument]) -> list[Traced]:
    """Each entry with the releases, among these documents in their order, that changed its field on the way."""
    steps = [
        (after.release, [change.path for change in changes_between(before, after)])
        for before, after in pairwise(documents)
    ]
    return [Traced(entry, _touching(entry.path, steps)) for entry in entries]


def _touching(path: str, steps: list[tuple[ReleaseNote, list[str]]]) -> tuple[ReleaseNote, ...]:
    return tuple(note for note, paths in steps if any(_meet(path, other) for other in paths))


def _meet(one: str, other: str) -> bool:
    """Whether one path is the other, or leads into it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
