"""From a STIX 2.0 or 2.1 bundle, as MITRE publishes ATT&CK and ATLAS, to a reading.

The properties read are those of MITRE's own extension of STIX (`x_mitre_…`, `x-mitre-tactic`, `x-mitre-matrix`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from incidents.catalogue.importing.entries import Remark
from incidents.catalogue.importing.files import CatalogueFileError
from incidents.vocabulary.words import Framework

SOURCES = {
    Framework.ATTACK: frozenset({"mitre-attack", "mitre-ics-attack", "mitre-mobile-attack"}),
    Framework.ATLAS: frozenset({"mitre-atlas"}),
}
ENTRY_TYPES = frozenset({"x-mitre-tactic", "attack-pattern", "course-of-action", "intrusion-set"})
RELATIONSHIPS = frozenset({"mitigates", "subtechnique-of", "revoked-by"})
FURNITURE = frozenset({"x-mitre-matrix", "x-mitre-collection", "identity", "marking-definition"})
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Reference(msgspec.Struct, frozen=True):
    """An external reference (STIX 2.1, section 2.5)."""

    source_name: str = ""
    external_id: str = ""
    url: str = ""


class Phase(msgspec.Struct, frozen=True):
    """A kill chain phase (STIX 2.1, section 2.6): in MITRE's files, a tactic by its short name."""

    phase_name: str
    kill_chain_name: str = ""


class StixThing(msgspec.Struct, frozen=True, kw_only=True):
    """The properties that objects and relationships share."""

    type: str
    id: str
    description: str = ""
    modified: datetime | None = None
    revoked: bool = False
    external_references: tuple[Reference, ...] = ()
    x_mitre_deprecated: bool = False

    @property
    def is_gone(self) -> bool:
        """Whether MITRE has revoked or deprecated it."""
        return self.revoked or self.x_mitre_deprecated

    @property
    def revised_at(self) -> datetime | None:
        """When it was last modified; a time without a zone is UTC (STIX 2.1, section 3.7)."""
        return self.modified and (self.modified if self.modified.tzinfo else self.modified.replace(tzinfo=UTC))

    @property
    def citations(self) -> dict[str, str]:
        """The http(s) address of each source by name; empty where it has none."""
        return {
            reference.source_name.strip(): reference.url if reference.url.startswith(("http://", "https://")) else ""
            for reference in self.external_references
        }


class StixObject(StixThing, frozen=True, kw_only=True):
    """The properties of a tactic, technique, mitigation, group or matrix that the catalogue reads."""

    name: str = ""
    kill_chain_phases: tuple[Phase, ...] = ()
    aliases: tuple[str, ...] = ()
    tactic_refs: tuple[str, ...] = ()
    x_mitre_domains: tuple[str, ...] = ()
    x_mitre_shortname: str = ""


class Relationship(StixThing, frozen=True, kw_only=True):
    """The properties of a relationship that the catalogue reads."""

    relationship_type: str
    source_ref: str
    target_ref: str


ConvertedT = TypeVar("ConvertedT")
#: Read from every object, or of no meaning outside STIX: nobody misses them.
_UNREMARKABLE = frozenset({
    *StixObject.__struct_fields__, *Relationship.__struct_fields__, "created", "created_by_ref", "object_marking_refs",
    "spec_version", "x_mitre_is_subtechnique", "x_mitre_version", "x_mitre_attack_spec_version", "x_mitre_modified_by_ref",
})  # fmt: skip


class Bundle:
    """The parts of a bundle that the catalogue reads, sorted; what it leaves aside becomes a remark.

    Attributes:
        entries: the tactics, techniques, mitigations and groups that stand for their external id, by STIX id.
        external_ids: the external id of every such object, those set aside for another of the same id included.
        relationships: those between entries, in the file's order.
        matrices: live ones first.
    """

    def __init__(self, document: Any, *, framework: Framework, path: Path) -> None:
        """Sort the objects of a bundle.

        Raises:
            CatalogueFileError: it is not a bundle, not of this framework, not whole, or an object in it is malformed.
        """
        self.framework = framework
        self.path = path
        self.remarks: list[Remark] = []
        self.external_ids: dict[tuple[str, str], str] = {}
        self.entries: dict[str, StixObject] = {}
        self.relationships: list[Relationship] = []
        self.matrices: list[StixObject] = []
        self._sort(self._objects(document))
        self._refuse_strangers()

    @property
    def domains(self) -> frozenset[str]:
        """The ATT&CK domains the file is about, such as `enterprise`; none for ATLAS."""
        if self.framework != Framework.ATTACK:
            return frozenset()
        names = {reference.external_id for matrix in self.matrices for reference in matrix.external_references}
        return frozenset(name.removesuffix("-attack") for name in names if name.endswith("-attack"))

    def of_type(self, type_: str) -> Iterator[StixObject]:
        """The entries of one STIX type, ordered by external id."""
        found = (entry for entry in self.entries.values() if entry.type == type_)
        return iter(sorted(found, key=self.external_id))

    def external_id(self, entry: StixObject) -> str:
        """The entry's id as the framework writes it, such as `T1566`."""
        return self.external_ids[entry.type, entry.id]

    def refer(self, type_: str, stix_id: str) -> str:
        """The external id of the object of this type with this STIX id; empty when the file has none."""
        return self.external_ids.get((type_, stix_id), "")

    def remark(self, topic: str, thing: StixObject | Relationship, why: str) -> None:
        """Note what became of an object."""
        if isinstance(thing, Relationship):
            source, target = self._name_of(thing.source_ref), self._name_of(thing.target_ref)
            self.remarks.append(Remark(topic, thing.id, f"{source} {thing.relationship_type} {target}", why))
        else:
            self.remarks.append(Remark(topic, self.external_ids.get((thing.type, thing.id), thing.id), thing.name, why))

    def _name_of(self, stix_id: str) -> str:
        return self.external_ids.get((stix_id.partition("--")[0], stix_id), stix_id)

    def _objects(self, document: Any) -> list[dict[str, Any]]:
        if not isinstance(document, dict) or document.get("type") != "bundle":
            raise CatalogueFileError(f"{self.path}: is not a STIX bundle. Give one of MITRE's own files.")
        version = document.get("spec_version", "2.1")
        if version not in {"2.0", "2.1"}:
            raise CatalogueFileError(
                f"{self.path}: is STIX {version}; only 2.0 and 2.1 are read. Download a newer file."
            )
        objects = document.get("objects")
        if not isinstance(objects, list) or not objects:
            raise CatalogueFileError(f"{self.path}: the bundle holds no objects. Download it again.")
        for number, found in enumerate(objects):
            if not isinstance(found, dict) or not isinstance(found.get("type"), str):
                raise CatalogueFileError(f"{self.path}: object {number} of the bundle is not a STIX object.")
        return objects

    def _sort(self, objects: list[dict[str, Any]]) -> None:
        entries: dict[str, list[StixObject]] = defaultdict(list)
        for number, raw in enumerate(objects):
            type_ = raw["type"]
            if type_ in ENTRY_TYPES:
                entry = self._convert(raw, StixObject, number)
                entries[entry.id].append(entry)
                self._remark_properties(raw, entry)
            elif type_ == "x-mitre-matrix":
                self.matrices.append(self._convert(raw, StixObject, number))
            elif type_ == "relationship" and _is_between_entries(raw):
                self.relationships.append(self._convert(raw, Relationship, number))
            elif type_ not in FURNITURE:
                self._remark_stranger(raw)
        self.matrices.sort(key=lambda matrix: matrix.is_gone)
        self._settle(self._newest(versions) for versions in entries.values())
        self._drop_revoked_relationships()

    def _convert(self, raw: dict[str, Any], kind: type[ConvertedT], number: int) -> ConvertedT:
        try:
            return msgspec.convert({key: value for key, value in raw.items() if value is not None}, kind)
        except msgspec.ValidationError as error:
            name = raw.get("id", "without id")
            raise CatalogueFileError(f"{self.path}: object {number} ({name}) is malformed: {error}.") from None

    def _newest(self, versions: list[StixObject]) -> StixObject:
        *older, newest = sorted(versions, key=lambda version: version.revised_at or _BEGINNING)
        for version in older:
            self.remark("older version in the same file", version, f"the version of {newest.modified} is kept")
        return newest

    def _settle(self, found: Iterable[StixObject]) -> None:
        """Let one object stand for each external id: the live one, or else the one revised last."""
        rivals: dict[tuple[str, str], list[StixObject]] = defaultdict(list)
        for entry in found:
            if external_id := self._find_external_id(entry):
                self.external_ids[entry.type, entry.id] = external_id
                rivals[entry.type, external_id].append(entry)
        for entries in rivals.values():
            *others, kept = sorted(
                entries, key=lambda entry: (not entry.is_gone, entry.revised_at or _BEGINNING, entry.id)
            )
            self.entries[kept.id] = kept
            for other in others:
                self.remark(
                    "two objects with one id", other, f"{kept.name} ({kept.id}) is kept; this one was {other.id}"
                )

    def _find_external_id(self, entry: StixObject) -> str:
        ids = [ref.external_id for ref in entry.external_references if ref.source_name in SOURCES[self.framework]]
        if not ids:
            self.remark("not of this framework", entry, f"it has no id of {self.framework.label}")
            return ""
        if not _EXTERNAL_ID.fullmatch(ids[0]) or not entry.name.strip():
            self.remark("unusable id or name", entry, f"id {ids[0]!r}, name {entry.name!r}")
            return ""
        for other in ids[1:]:
            self.remark("further id", entry, f"it is also called {other}")
        return ids[0]

    def _drop_revoked_relationships(self) -> None:
        for relationship in self.relationships:
            if relationship.is_gone:
                self.remark("revoked relationship", relationship, "MITRE has revoked it")
        self.relationships = [relationship for relationship in self.relationships if not relationship.is_gone]

    def _remark_properties(self, raw: dict[str, Any], entry: StixObject) -> None:
        for key in sorted(raw.keys() - _UNREMARKABLE):
            if raw[key] not in (None, "", [], {}, False):
                self.remarks.append(
                    Remark(
                        f"property without a place: {key}", entry.id, entry.name, msgspec.json.encode(raw[key]).decode()
                    )
                )

    def _remark_stranger(self, raw: dict[str, Any]) -> None:
        topic = f"not part of the catalogue: {raw['type']}"
        name = str(raw.get("name", ""))
        if raw["type"] == "relationship":
            topic = f"{topic} ({raw.get('relationship_type')})"
            name = f"{raw.get('source_ref')} → {raw.get('target_ref')}"
        self.remarks.append(Remark(topic, str(raw.get("id", "")), name, "the catalogue keeps no such things"))

    def _refuse_strangers(self) -> None:
        label = self.framework.label
        if not any(entry.type == "attack-pattern" for entry in self.entries.values()):
            other = Framework.ATLAS if self.framework == Framework.ATTACK else Framework.ATTACK
            raise CatalogueFileError(
                f"{self.path}: holds no technique of {label}. If it is a file of {other.label}, "
                f"say `import_catalogue {other} {self.path}`."
            )
        if not self.matrices:
            raise CatalogueFileError(
                f"{self.path}: holds some techniques of {label} but no matrix, so it is not the whole framework. "
                "Give the file MITRE publishes for all of it."
            )


def _is_between_entries(raw: dict[str, Any]) -> bool:
    kinds = {str(raw.get(end)).partition("--")[0] for end in ("source_ref", "target_ref")}
    return raw.get("relationship_type") in RELATIONSHIPS and kinds <= ENTRY_TYPES
