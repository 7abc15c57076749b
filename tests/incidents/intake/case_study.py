"""A case study of ATLAS to try an intake with."""

from pathlib import Path
from typing import Any

from incidents.intake.atlas.translate import read_case_studies
from incidents.intake.take_in import Outcome, take_in
from tests.factories import make_editor

STUDY: dict[str, Any] = {
    "id": "AML.CS0001",
    "name": "Poisoned chatbot",
    "object-type": "case-study",
    "summary": "A bot by Microsoft was taught bad manners. It was closed after a day.\n\nMore in [the matrix](/matrices/ATLAS).",
    "incident-date": "2016-03-23",
    "incident-date-granularity": "DATE",
    "procedure": [
        {"tactic": "AML.TA0004", "technique": "AML.T0047", "description": "They talked to it."},
        {"tactic": "AML.TA0006", "technique": "AML.T0020", "description": "It [learnt](../techniques/AML.T0020)."},
    ],
    "target": "Microsoft's Tay chatbot",
    "actor": "Some Users",
    "reporter": "Cato CTRL",
    "case-study-type": "incident",
    "references": [{"title": "What we learnt", "url": "https://blog.example/tay/"}],
}


def atlas(*changes: dict[str, Any]) -> dict[str, Any]:
    """A small ATLAS.yaml with one case study for each set of changes."""
    return {
        "version": "9.9",
        "matrices": [
            {"tactics": [{"id": "AML.TA0004", "name": "Initial Access"}, {"id": "AML.TA0006", "name": "Persistence"}]}
        ],
        "case-studies": [{**STUDY, "id": f"AML.CS{number:04}", **change} for number, change in enumerate(changes, 1)],
    }


def take(path: Path) -> Outcome:
    """Take a file in, as an author."""
    return take_in(read_case_studies(path), by=make_editor("Author"))
