"""MITRE ATLAS: `ATLAS.yaml`, or the same as a STIX bundle (`stix-atlas.json`)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from django.utils.text import slugify

from incidents.catalogue.importing.addresses import SITES, entry_url
from incidents.catalogue.importing.entries import (
    CoverageEntry,
    MitigationEntry,
    Reading,
    Remark,
    TacticEntry,
    TechniqueEntry,
)
from incidents.catalogue.importing.files import CatalogueFileError, parse_json, parse_yaml, read_file
from incidents.catalogue.importing.stix import Bundle
from incidents.catalogue.importing.text import storable, to_markdown
from incidents.catalogue.importing.translate import translate_bundle
from incidents.vocabulary.words import Framework

ExternalId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,23}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """What every object of ATLAS.yaml has."""

    id: ExternalId
    name: Name
    description: str = ""
    modified_date: date | None = None


class Technique(Object, frozen=True, kw_only=True):
    """A technique; a sub-technique names its parent and leaves the tactics to it."""

    tactics: tuple[str, ...] = ()
    parent: str = msgspec.field(name="subtechnique-of", default="")


class Use(msgspec.Struct, frozen=True):
    """A technique that a mitigation counters, and how."""

    id: str
    use: str = ""


class Mitigation(Object, frozen=True, kw_only=True):
    """A mitigation and the techniques it counters."""

    techniques: tuple[Use, ...] = ()


class Matrix(msgspec.Struct, frozen=True):
    """One matrix: its tactics from left to right, techniques and mitigations."""

    tactics: tuple[Object, ...]
    techniques: tuple[Technique, ...]
    mitigations: tuple[Mitigation, ...] = ()


class AtlasFile(msgspec.Struct, frozen=True):
    """ATLAS.yaml as far as the catalogue reads it."""

    matrices: Annotated[tuple[Matrix, ...], msgspec.Meta(min_length=1)]
    version: str | float = ""


ObjectT = TypeVar("ObjectT", bound=Object)
_READ = {
    "tactics": {*Object.__struct_encode_fields__},
    "techniques": {*Technique.__struct_encode_fields__},
    "mitigations": {*Mitigation.__struct_encode_fields__},
}
_UNREMARKABLE = {"created_date", "object-type"}


def read_atlas(path: Path) -> Reading:
    """Everything in a file of ATLAS: YAML or a STIX bundle, plain or gzip.

    Raises:
        CatalogueFileError: it cannot be read, or is not a whole ATLAS.
    """
    content = read_file(path)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        document = parse_json(content, path=path)
        bundle = Bundle(document, framework=Framework.ATLAS, path=path)
        return translate_bundle(bundle)
    raw = parse_yaml(content, path=path)
    return _translate(_convert(raw, path), raw)


def _convert(raw: Any, path: Path) -> AtlasFile:
    if not isinstance(raw, dict) or "matrices" not in raw:
        raise CatalogueFileError(
            f"{path}: has no `matrices`, so it is not ATLAS. Give dist/ATLAS.yaml or stix-atlas.json."
        )
    try:
        return msgspec.convert(raw, AtlasFile)
    except (msgspec.ValidationError, RecursionError) as error:
        raise CatalogueFileError(f"{path}: is not written as ATLAS.yaml is: {error}.") from None


def _translate(file: AtlasFile, raw: dict[str, Any]) -> Reading:
    reading = Reading(framework=Framework.ATLAS, version=str(file.version), remarks=_leftovers(raw))
    tactics = _unique([tactic for matrix in file.matrices for tactic in matrix.tactics], reading)
    techniques = _unique([technique for matrix in file.matrices for technique in matrix.techniques], reading)
    mitigations = _unique([mitigation for matrix in file.matrices for mitigation in matrix.mitigations], reading)
    reading.tactics = [
        TacticEntry(**_basics(tactic, "tactics"), shortname=slugify(tactic.name)[:60], position=position)
        for position, tactic in enumerate(tactics.values(), start=1)
    ]
    reading.techniques = [_technique(found, techniques, tactics, reading) for found in techniques.values()]
    for mitigation in mitigations.values():
        reading.mitigations.append(MitigationEntry(**_basics(mitigation, "mitigations")))
        reading.coverage += _coverage(mitigation, techniques, reading)
    return reading


def _unique(objects: Sequence[ObjectT], reading: Reading) -> dict[str, ObjectT]:
    found: dict[str, ObjectT] = {}
    for one in objects:
        if found.setdefault(one.id, one) is not one:
            reading.remarks.append(Remark("two objects with one id", one.id, one.name, f"{found[one.id].name} is kept"))
    return found


def _technique(
    found: Technique, techniques: dict[str, Technique], tactics: dict[str, Object], reading: Reading
) -> TechniqueEntry:
    parent = techniques.get(found.parent)
    if found.parent and (parent is None or parent is found):
        why = f"the file has no technique {found.parent}" if parent is None else "it names itself"
        reading.remarks.append(Remark("missing parent", found.id, found.name, why))
        parent = None
    named = found.tactics or (parent.tactics if parent else ())
    for tactic in named:
        if tactic not in tactics:
            reading.remarks.append(Remark("unknown tactic", found.id, found.name, f"the file has no tactic {tactic!r}"))
    return TechniqueEntry(
        **_basics(found, "techniques"),
        tactics=frozenset(tactic for tactic in named if tactic in tactics),
        parent=parent.id if parent else "",
    )


def _coverage(mitigation: Mitigation, techniques: dict[str, Technique], reading: Reading) -> list[CoverageEntry]:
    texts: dict[str, dict[str, None]] = {}
    for use in mitigation.techniques:
        if use.id not in techniques:
            why = f"the file has no technique {use.id}"
            reading.remarks.append(Remark("coverage with a missing end", mitigation.id, mitigation.name, why))
            continue
        if use.id in texts:
            why = f"{use.id} is named more than once; the texts are joined"
            reading.remarks.append(Remark("several uses of one pair", mitigation.id, mitigation.name, why))
        texts.setdefault(use.id, {})[_prose(use.use)] = None
    return [
        CoverageEntry(
            mitigation=mitigation.id,
            technique=technique,
            how="\n\n".join(text for text in hows if text),
            revised_at=_midnight(mitigation.modified_date),
        )
        for technique, hows in texts.items()
    ]


def _basics(found: Object, section: str) -> dict[str, Any]:
    return {
        "external_id": found.id,
        "name": storable(found.name).strip(),
        "summary": _prose(found.description),
        "url": entry_url(Framework.ATLAS, section, found.id),
        "revised_at": _midnight(found.modified_date),
    }


def _prose(text: str) -> str:
    return to_markdown(text, base_url=SITES[Framework.ATLAS], citations={})


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def _leftovers(raw: dict[str, Any]) -> list[Remark]:
    """A remark on everything in the file that the catalogue has no place for."""
    remarks = []
    for study in raw.get("case-studies") or []:
        if isinstance(study, dict):
            why = "`manage.py intake atlas` reads case studies"
            remarks.append(
                Remark("not part of the catalogue: case study", str(study.get("id")), str(study.get("name")), why)
            )
    for matrix in raw["matrices"]:
        for section, read in _READ.items():
            for found in matrix.get(section) or []:
                for key in sorted(found.keys() - read - _UNREMARKABLE):
                    value = msgspec.json.encode(found[key]).decode()
                    remarks.append(Remark(f"property without a place: {key}", found["id"], found["name"], value))
    return remarks
