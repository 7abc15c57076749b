"""Loading the starter catalogue."""

from pathlib import Path
from typing import Any, TypeVar

import msgspec
from django.contrib.auth.models import AbstractUser
from django.db import transaction

from incidents.catalogue.importing.addresses import entry_url, parent_id
from incidents.catalogue.importing.entries import CoverageEntry, MitigationEntry, Reading, TacticEntry, TechniqueEntry
from incidents.catalogue.importing.files import parse_yaml, read_file
from incidents.catalogue.importing.outcome import Outcome
from incidents.catalogue.importing.store import store_reading
from incidents.vocabulary.words import Framework

FOLDER = Path(__file__).parent
FRAMEWORKS = (Framework.ATTACK, Framework.ATLAS)


class Tactic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tactic of the starter files; their order is the order of the matrix."""

    name: str
    shortname: str
    summary: str


class Technique(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A technique of the starter files; a sub-technique leaves the tactics to its parent."""

    name: str
    summary: str
    tactics: tuple[str, ...] = ()


class Counter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Techniques that a mitigation counters in the same way."""

    techniques: tuple[str, ...]
    how: str


class Mitigation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mitigation of the starter files."""

    name: str
    summary: str
    counters: tuple[Counter, ...]


ItemT = TypeVar("ItemT")


@transaction.atomic
def load_starter(*, by: AbstractUser | None = None) -> Outcome:
    """Add the entries of the starter catalogue that are missing; whatever exists stays as it is.

    Args:
        by: who loads it; None for the system.
    """
    together = Outcome()
    for framework in FRAMEWORKS:
        outcome = store_reading(read_starter(framework), by=by, act="load_starter_catalogue", fill_only=True)
        together.tallies |= {
            f"{framework.label} {kind}": tally for kind, tally in outcome.tallies.items() if tally.total
        }
    return together


def read_starter(framework: Framework) -> Reading:
    """The starter files of one framework."""
    domains = frozenset({"enterprise"}) if framework == Framework.ATTACK else frozenset[str]()
    reading = Reading(framework=framework, domains=domains)
    _add_tactics(reading)
    _add_techniques(reading)
    _add_mitigations(reading)
    return reading


def _add_tactics(reading: Reading) -> None:
    tactics = _read(reading.framework, "tactics", Tactic)
    for position, (external_id, tactic) in enumerate(tactics.items(), start=1):
        basics = _basics(reading, "tactics", external_id, tactic)
        reading.tactics.append(TacticEntry(**basics, shortname=tactic.shortname, position=position))


def _add_techniques(reading: Reading) -> None:
    techniques = _read(reading.framework, "techniques", Technique)
    shortnames = {tactic.shortname: tactic.external_id for tactic in reading.tactics}
    for external_id, technique in techniques.items():
        parent = parent_id(reading.framework, external_id)
        named = technique.tactics or techniques[parent].tactics
        tactics = frozenset(shortnames[tactic] for tactic in named)
        basics = _basics(reading, "techniques", external_id, technique)
        reading.techniques.append(TechniqueEntry(**basics, tactics=tactics, parent=parent))


def _add_mitigations(reading: Reading) -> None:
    for external_id, mitigation in _read(reading.framework, "mitigations", Mitigation).items():
        reading.mitigations.append(MitigationEntry(**_basics(reading, "mitigations", external_id, mitigation)))
        for counter in mitigation.counters:
            reading.coverage += [
                CoverageEntry(mitigation=external_id, technique=technique, how=counter.how)
                for technique in counter.techniques
            ]


def _basics(reading: Reading, section: str, external_id: str, item: Tactic | Technique | Mitigation) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "name": item.name,
        "summary": item.summary,
        "url": entry_url(reading.framework, section, external_id),
        "domains": reading.domains,
    }


def _read(framework: Framework, kind: str, item: type[ItemT]) -> dict[str, ItemT]:
    path = FOLDER / f"{framework}_{kind}.yaml"
    return msgspec.convert(parse_yaml(read_file(path), path=path), dict[str, item])  # type: ignore[valid-type]
