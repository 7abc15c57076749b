"""Storing a reading: one transaction, repeatable, nothing deleted."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from incidents.audit.record import record_act
from incidents.catalogue.importing.entries import ActorEntry, CoverageEntry, Entry, Reading, Remark, TacticEntry
from incidents.catalogue.importing.outcome import Outcome
from incidents.catalogue.importing.shelf import Shelf
from incidents.catalogue.models import Mitigation, MitigationCoverage, Tactic, Technique, ThreatActor
from incidents.catalogue.models.entry import free_slug

Advance = Callable[[int], object]
AnyShelf = Shelf[Any]
EntryRowT = TypeVar("EntryRowT", Tactic, Technique, Mitigation)


@transaction.atomic
def store_reading(
    reading: Reading,
    *,
    by: AbstractUser | None,
    act: str = "import_catalogue",
    fill_only: bool = False,
    advance: Advance = lambda count: None,
) -> Outcome:
    """Bring the catalogue up to what a file says.

    Fields that the file speaks of are overwritten, except where the catalogue holds a newer revision of an entry, as
    happens when Enterprise, ICS and Mobile files of different age share one. Entries the file lacks stay.

    Args:
        reading: what the file says.
        by: who imports; None for the system.
        act: the act's name in the audit log.
        fill_only: add what is missing and leave every row that exists as it is.
        advance: called with the number of entries just stored, for a progress bar.
    """
    outcome = _Storing(reading, fill_only=fill_only, advance=advance).run()
    if outcome.has_changes or not fill_only:
        _record(reading, outcome, act=act, by=by)
    return outcome


class _Storing:
    def __init__(self, reading: Reading, *, fill_only: bool, advance: Advance) -> None:
        self.reading = reading
        self.fill_only = fill_only
        self.advance = advance
        self.tactics = self._shelf(Tactic)
        self.techniques = self._shelf(Technique)
        self.mitigations = self._shelf(Mitigation)
        self.actors = Shelf(ThreatActor, _known_actors(reading), fill_only=fill_only)
        self.coverage = Shelf(MitigationCoverage, self._known_coverage(), fill_only=fill_only)

    def run(self) -> Outcome:
        self._store_entries()
        self._store_coverage()
        self._report_absent()
        outcome = Outcome(remarks=list(self.reading.remarks))
        for label, shelf in self._shelves().items():
            outcome.tallies[label] = shelf.tally()
            outcome.remarks += shelf.remarks
        return outcome

    def _shelves(self) -> dict[str, AnyShelf]:
        return {
            "tactics": self.tactics,
            "techniques": self.techniques,
            "mitigations": self.mitigations,
            "threat actors": self.actors,
            "coverage": self.coverage,
        }

    def _shelf(self, model: type[EntryRowT]) -> Shelf[EntryRowT]:
        rows = model._default_manager.filter(framework=self.reading.framework)
        return Shelf(model, {row.external_id: row for row in rows}, fill_only=self.fill_only)

    def _known_coverage(self) -> dict[str, MitigationCoverage]:
        known = MitigationCoverage.objects.filter(mitigation__framework=self.reading.framework)
        return {
            _pair(row.mitigation.external_id, row.technique.external_id): row
            for row in known.select_related("mitigation", "technique")
        }

    def _store_entries(self) -> None:
        reading = self.reading
        kinds: tuple[tuple[AnyShelf, list[Any]], ...] = (
            (self.tactics, reading.tactics),
            (self.techniques, reading.techniques),
            (self.mitigations, reading.mitigations),
        )
        for shelf, entries in kinds:
            self._report_strangers(shelf, entries)
            shelf.place(entries, key=_external_id, values=self._values, shared=("domains",))
            self.advance(len(entries))
        slugs = set(ThreatActor.objects.values_list("slug", flat=True)) if reading.actors else set()
        self.actors.place(reading.actors, key=_external_id, values=partial(_actor_values, slugs=slugs))
        self.advance(len(reading.actors))
        self._link()
        self._store_tactics_of_techniques()
        self.tactics.save()
        self.techniques.save(elsewhere=("tactics",))
        self.mitigations.save()
        self.actors.save()

    def _values(self, entry: Entry, row: Tactic | Technique | Mitigation | None) -> dict[str, Any]:
        values: dict[str, Any] = {
            "name": entry.name,
            "summary": entry.summary,
            "url": entry.url,
            "status": entry.status,
            "revised_at": entry.revised_at,
            "domains": sorted(entry.domains | set(row.domains if row else ())),
            "stix_id": entry.stix_id or (row.stix_id if row else ""),
        }
        if row is None:
            values |= {"framework": self.reading.framework, "external_id": entry.external_id}
        if isinstance(entry, TacticEntry):
            values |= {"shortname": entry.shortname, "position": entry.position}
        return values

    def _link(self) -> None:
        reading = self.reading
        for technique in reading.techniques:
            self.techniques.link(technique.external_id, "parent", self.techniques.rows.get(technique.parent))
        kinds: tuple[tuple[AnyShelf, list[Any]], ...] = (
            (self.techniques, reading.techniques),
            (self.mitigations, reading.mitigations),
            (self.actors, reading.actors),
        )
        for shelf, entries in kinds:
            for entry in entries:
                shelf.link(entry.external_id, "superseded_by", shelf.rows.get(entry.superseded_by))

    def _store_tactics_of_techniques(self) -> None:
        """Tactics of other domains stay with a technique that several domains share."""
        through = Technique.tactics.through
        ours = {row.pk: key for key, row in self.tactics.rows.items() if self._is_ours(row)}
        before: dict[int, dict[str, int]] = {}
        links = through._default_manager.filter(tactic_id__in=ours)
        for link, technique, tactic in links.values_list("pk", "technique_id", "tactic_id"):
            before.setdefault(technique, {})[ours[tactic]] = link
        added, removed = [], []
        for entry in self.reading.techniques:
            row = self.techniques.rows[entry.external_id]
            old = before.get(row.pk, {})
            if entry.external_id not in self.techniques.writable or old.keys() == entry.tactics:
                continue
            self.techniques.note(entry.external_id, "tactics", sorted(old), sorted(entry.tactics))
            for name in sorted(entry.tactics - old.keys()):
                added.append(through(technique_id=row.pk, tactic_id=self.tactics.rows[name].pk))  # noqa: PERF401
            removed += [old[name] for name in old.keys() - entry.tactics]
        through._default_manager.bulk_create(added, batch_size=1000)
        through._default_manager.filter(pk__in=removed).delete()

    def _is_ours(self, row: Tactic | Technique | Mitigation) -> bool:
        """Whether a row belongs to what the file is about."""
        return not self.reading.domains or not self.reading.domains.isdisjoint(row.domains)

    def _store_coverage(self) -> None:
        entries = [entry for entry in self.reading.coverage if not self._is_settled(entry)]
        self.coverage.place(entries, key=_coverage_key, values=self._coverage_values)
        self.coverage.save()
        self.advance(len(self.reading.coverage))

    def _is_settled(self, entry: CoverageEntry) -> bool:
        """Whether, when only filling, the framework's own file has had its say on a pair and does not name it."""
        mitigation, technique = self.mitigations.rows[entry.mitigation], self.techniques.rows[entry.technique]
        is_imported = bool(mitigation.revised_at and technique.revised_at)
        return self.fill_only and is_imported and _coverage_key(entry) not in self.coverage.rows

    def _coverage_values(self, entry: CoverageEntry, row: MitigationCoverage | None) -> dict[str, Any]:
        values: dict[str, Any] = {
            "how": entry.how,
            "stix_id": entry.stix_id or (row.stix_id if row else ""),
            "revised_at": entry.revised_at,
        }
        if row is None:
            values["mitigation"] = self.mitigations.rows[entry.mitigation]
            values["technique"] = self.techniques.rows[entry.technique]
        return values

    def _report_strangers(self, shelf: AnyShelf, entries: list[Any]) -> None:
        for entry in entries:
            row = shelf.rows.get(entry.external_id)
            if row and row.stix_id and entry.stix_id and row.stix_id != entry.stix_id:
                why = f"the catalogue knows {row.stix_id} ({row.name}) by this id; they become one entry"
                shelf.remarks.append(Remark("another object with the same id", entry.external_id, entry.name, why))

    def _report_absent(self) -> None:
        if self.fill_only:
            return
        for shelf in (self.tactics, self.techniques, self.mitigations):
            shelf.report_absent(key for key, row in shelf.rows.items() if row.revised_at and self._is_ours(row))
        mitigations = {entry.external_id for entry in self.reading.mitigations}
        techniques = {entry.external_id for entry in self.reading.techniques}
        self.coverage.report_absent(
            key
            for key, row in self.coverage.rows.items()
            if row.revised_at and row.mitigation.external_id in mitigations and row.technique.external_id in techniques
        )


def _record(reading: Reading, outcome: Outcome, *, act: str, by: AbstractUser | None) -> None:
    total = outcome.sum
    record_act(
        act=act,
        target_kind="catalogue",
        target_id=reading.framework,
        by=by,
        detail={
            "version": reading.version,
            "domains": sorted(reading.domains),
            "created": total.created,
            "changed": total.changed,
            "unchanged": total.unchanged,
            "newer": total.newer,
            "absent": total.absent,
        },
    )


def _external_id(entry: Entry) -> str:
    return entry.external_id


def _pair(mitigation: str, technique: str) -> str:
    return f"{mitigation} → {technique}"


def _coverage_key(entry: CoverageEntry) -> str:
    return _pair(entry.mitigation, entry.technique)


def _known_actors(reading: Reading) -> dict[str, ThreatActor]:
    """Actors by external id. One without an id that bears the name of a group in the file is that group."""
    if not reading.actors:
        return {}
    actors = ThreatActor.objects.order_by("pk")
    known = {actor.external_id: actor for actor in actors if actor.external_id}
    nameless = {actor.name.casefold(): actor for actor in actors if not actor.external_id}
    for entry in sorted(reading.actors, key=lambda entry: entry.status):
        if entry.external_id not in known and entry.name.casefold() in nameless:
            known[entry.external_id] = nameless.pop(entry.name.casefold())
    return known


def _actor_values(entry: ActorEntry, row: ThreatActor | None, *, slugs: set[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "external_id": entry.external_id,
        "name": entry.name,
        "description": entry.summary,
        "aliases": list(entry.aliases),
        "url": entry.url,
        "status": entry.status,
        "stix_id": entry.stix_id,
        "revised_at": entry.revised_at,
    }
    if row is None:
        values["slug"] = free_slug(entry.name, taken=slugs)
        slugs.add(values["slug"])
    return values
