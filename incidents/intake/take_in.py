"""Taking in: entries of an outside source become drafts, each once, marked with where they come from."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractUser
from django.db import DatabaseError, transaction
from msgspec.structs import replace

from incidents.audit.record import record_act
from incidents.intake.catalogue import CatalogueError, Filler
from incidents.intake.draft import AttackDraft, Draft
from incidents.intake.models import IntakeMark
from incidents.intake.reading import Entry, Reading, Remark
from incidents.intake.shelf import NotInCatalogue, Shelf
from incidents.intake.write import DraftError, begin_draft, write_parts
from incidents.record.models import Incident

UNKNOWN_TECHNIQUE = "unknown technique"


@dataclass(slots=True)
class Outcome:
    """What became of the entries of one file."""

    created: list[Incident] = field(default_factory=list)
    known: int = 0
    refused: int = 0
    remarks: list[Remark] = field(default_factory=list)


def take_in(
    reading: Reading,
    *,
    by: AbstractUser,
    dry_run: bool = False,
    on_progress: Callable[[int], object] = lambda count: None,
) -> Outcome:
    """Make a draft of every entry that was not taken in before; nothing that exists is changed.

    Args:
        reading: what a file says.
        by: the author of the drafts.
        dry_run: say what would happen, and change nothing.
        on_progress: told how many entries were looked at since it was last told.

    Raises:
        NotAllowed: the person may not add incidents.
    """
    outcome = Outcome(remarks=list(reading.remarks), refused=reading.unreadable)
    with transaction.atomic() if dry_run else nullcontext():
        shelf = Shelf()
        filler = Filler(shelf)
        marks = dict(IntakeMark.objects.filter(format=reading.format).values_list("external_id", "digest"))
        for entry in reading.entries:
            if entry.external_id in marks:
                _note_known(entry, marks[entry.external_id], outcome)
            else:
                _try_one(entry, reading, by=by, shelf=shelf, filler=filler, outcome=outcome)
            on_progress(1)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def _note_known(entry: Entry, digest: str, outcome: Outcome) -> None:
    outcome.known += 1
    if digest != entry.digest:
        why = "the source changed after it was taken in; the record is the editors' now and was left alone"
        outcome.remarks.append(Remark("changed in the source", entry.external_id, entry.name, why))


def _try_one(
    entry: Entry, reading: Reading, *, by: AbstractUser, shelf: Shelf, filler: Filler, outcome: Outcome
) -> None:
    try:
        filler.fill(entry.needs)  # outside the entry's own transaction: later entries rely on what is on the shelf
        with transaction.atomic():
            outcome.created.append(_take_one(entry, reading, by=by, shelf=shelf, outcome=outcome))
    except (DraftError, CatalogueError, DatabaseError) as error:
        outcome.refused += 1
        outcome.remarks.append(Remark("not taken in", entry.external_id, entry.name, str(error).strip()))


def _take_one(entry: Entry, reading: Reading, *, by: AbstractUser, shelf: Shelf, outcome: Outcome) -> Incident:
    draft, missing = keep_unknown_steps(entry.draft, shelf)
    incident = begin_draft(draft, by=by, shelf=shelf)
    write_parts(incident, draft, shelf=shelf, related={})
    IntakeMark.objects.create(
        format=reading.format, external_id=entry.external_id, digest=entry.digest, incident=incident
    )
    detail = {"format": reading.format, "external_id": entry.external_id}
    record_act(act="intake", target_kind="incident", target_id=incident.public_id, by=by, detail=detail)
    for technique in missing:
        why = f"{technique} is not in the catalogue; the step stands in the narrative"
        outcome.remarks.append(Remark(UNKNOWN_TECHNIQUE, entry.external_id, entry.name, why))
    return incident


def keep_unknown_steps(draft: Draft, shelf: Shelf) -> tuple[Draft, list[str]]:
    """The draft with steps whose technique the catalogue lacks moved into the narrative, and the techniques' keys."""
    unknown = [step for step in draft.attacks if not _has(shelf, step.technique)]
    if not unknown:
        return draft, []
    known = tuple(step for step in draft.attacks if step not in unknown)
    told = "\n\n".join([draft.what_happened, "### Further steps", *map(_tell, unknown)]).strip()
    return replace(draft, attacks=known, what_happened=told), [step.technique for step in unknown]


def _has(shelf: Shelf, technique: str) -> bool:
    try:
        shelf.technique(technique)
    except NotInCatalogue:
        return False
    return True


def _tell(step: AttackDraft) -> str:
    name = step.technique.partition("/")[2]
    return f"**{name}{f' ({step.tactic})' if step.tactic else ''}:** {step.description}".strip()
