"""Reading the case studies of `ATLAS.yaml`: one by one, so that a broken one does not hide the others."""

import datetime as dt
import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
from django.utils.text import slugify

from incidents.catalogue.importing.files import CatalogueFileError, parse_yaml, read_file
from incidents.intake.reading import IntakeFileError, Remark

SITE = "https://atlas.mitre.org"
Prose = Annotated[str, msgspec.Meta(max_length=50_000)]
Line = Annotated[str, msgspec.Meta(max_length=2_000)]


class Granularity(StrEnum):
    """How exactly a case study is dated."""

    YEAR = "YEAR"
    MONTH = "MONTH"
    DATE = "DATE"


class Step(msgspec.Struct, frozen=True):
    """One step of the procedure."""

    technique: Line
    tactic: Line = ""
    description: Prose = ""


class Reference(msgspec.Struct, frozen=True):
    """A publication the case study names."""

    title: Line | None = None
    url: Line | None = None


class CaseStudy(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """One case study as ATLAS writes it."""

    id: Annotated[str, msgspec.Meta(pattern=r"^AML\.CS\d{4,6}$")]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
    summary: Prose = ""
    incident_date: dt.date
    incident_date_granularity: Granularity = Granularity.DATE
    procedure: tuple[Step, ...] = ()
    target: Line = ""
    actor: Line = ""
    reporter: Line = ""
    case_study_type: str
    references: tuple[Reference, ...] = ()

    @property
    def page(self) -> str:
        """Its page at ATLAS."""
        return f"{SITE}/studies/{self.id}"

    @property
    def is_exercise(self) -> bool:
        """Whether researchers or a red team tried it out."""
        return self.case_study_type == "exercise"


_TYPES = {"exercise", "incident"}
_PLACED = {*CaseStudy.__struct_encode_fields__, "object-type", "created_date", "modified_date"}


class StudyFile:
    """The case studies of one file.

    Attributes:
        version: what the file says of itself.
        tactics: short names of the file's tactics by their id.
        studies: the readable case studies, each with the SHA-256 of what was read.
        remarks: on unreadable ones and on properties without a place.
        unreadable: how many could not be read.

    Raises:
        IntakeFileError: the file cannot be read, or is not ATLAS.yaml.
    """

    def __init__(self, path: Path) -> None:
        try:
            raw = parse_yaml(read_file(path), path=path)
        except CatalogueFileError as error:
            raise IntakeFileError(str(error)) from None
        if not isinstance(raw, dict) or not isinstance(raw.get("case-studies"), list):
            raise IntakeFileError(
                f"{path}: has no `case-studies`, so it is not ATLAS.yaml. Give dist/ATLAS.yaml of mitre-atlas/atlas-data."
            )
        self.version = str(raw.get("version", ""))
        self.tactics = _tactics(raw)
        self.studies: list[tuple[CaseStudy, str]] = []
        self.remarks: list[Remark] = []
        self.unreadable = 0
        for study in raw["case-studies"]:
            self._read(study)

    def _read(self, raw: Any) -> None:
        named = raw if isinstance(raw, dict) else {}
        external_id, name = str(named.get("id", ""))[:60], str(named.get("name", ""))[:200]
        try:
            study = msgspec.convert(raw, CaseStudy)
        except (msgspec.ValidationError, RecursionError) as error:
            return self._refuse(external_id, name, str(error))
        if study.case_study_type not in _TYPES:
            return self._refuse(external_id, name, f"case-study-type “{study.case_study_type[:40]}” is not known")
        if any(study.id == known.id for known, _ in self.studies):
            return self._refuse(external_id, name, "another case study of the file has the same id")
        for key in sorted(named.keys() - _PLACED):
            value = msgspec.json.encode(named[key], enc_hook=str).decode()
            self.remarks.append(Remark(f"property without a place: {key}", study.id, study.name, value))
        digest = hashlib.sha256(msgspec.json.encode(named, order="sorted", enc_hook=str)).hexdigest()
        self.studies.append((study, digest))
        return None

    def _refuse(self, external_id: str, name: str, why: str) -> None:
        self.unreadable += 1
        self.remarks.append(Remark("unreadable case study", external_id, name, why))


def _tactics(raw: dict[str, Any]) -> dict[str, str]:
    matrices = raw.get("matrices")
    found = {}
    for matrix in matrices if isinstance(matrices, list) else []:
        for tactic in matrix.get("tactics") or [] if isinstance(matrix, dict) else []:
            if isinstance(tactic, dict) and isinstance(tactic.get("id"), str):
                found[tactic["id"]] = slugify(str(tactic.get("name", "")))[:60]
    return found
