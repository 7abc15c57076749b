"""Documents made without a database, for what depends on nothing else."""

import datetime as dt
from typing import Any

from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import IncidentState, ReleaseKind, Severity, Significance


def make_note(number: int = 1, **fields: Any) -> ReleaseNote:
    """What is said about a release, made at noon on the day of January 2025 that its number says."""
    values: dict[str, Any] = {
        "kind": ReleaseKind.INITIAL if number == 1 else ReleaseKind.UPDATE,
        "significance": Significance.MATERIAL,
        "reason": "First publication." if number == 1 else "New facts.",
        "released_at": dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=number - 1),
        "tlp": TLP.CLEAR,
    }
    return ReleaseNote(number=number, **values | fields)


def make_document(**fields: Any) -> AdvisoryDocument:
    """A document with a title, a summary and its release, and nothing else."""
    note = fields.pop("release", None) or make_note()
    values: dict[str, Any] = {
        "id": "INC-2025-0001",
        "title": "Harbour Bank locked out of its ledgers",
        "summary": "An outage that lasted a day.",
        "severity": Severity.MEDIUM,
        "state": IncidentState.CONFIRMED,
        "tlp": TLP.CLEAR,
        "history": (note,),
    }
    return AdvisoryDocument(release=note, **values | fields)
