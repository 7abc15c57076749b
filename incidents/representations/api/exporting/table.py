"""CSV (RFC 4180): one row for each advisory, flat, for spreadsheets. No cell can become a formula (INV-TEXT)."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from typing import ClassVar

from incidents.publication.document import AdvisoryDocument
from incidents.representations.api.exporting.rows import Edition, Row
from incidents.vocabulary.spreadsheets import inert_cell
from incidents.vocabulary.words import Certainty, OrganizationRole

SEPARATOR = "; "


def _joined(values: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(values))


def _in_role(role: OrganizationRole) -> Callable[[AdvisoryDocument], str]:
    return lambda it: _joined(one.organization.name for one in it.organizations if one.role is role)


def _techniques(certainty: Certainty) -> Callable[[AdvisoryDocument], str]:
    return lambda it: _joined(step.technique.external_id for step in it.attacks if step.certainty is certainty)


COLUMNS: dict[str, Callable[[AdvisoryDocument], str | int]] = {
    "id": lambda it: it.id,
    "title": lambda it: it.title,
    "severity": lambda it: it.severity.value,
    "state": lambda it: it.state.value,
    "tlp": lambda it: it.tlp.value,
    "merged_into": lambda it: it.merged_into,
    "is_exercise": lambda it: str(it.is_exercise).lower(),
    "language": lambda it: it.language,
    "release": lambda it: it.release.number,
    "kind": lambda it: it.release.kind.value,
    "significance": lambda it: it.release.significance.value,
    "reason": lambda it: it.release.reason,
    "released_at": lambda it: it.release.released_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "first_released_at": lambda it: it.first_release.released_at.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    ),
    **{
        name: lambda it, name=name: getattr(it.timeline, name)  # type: ignore[misc]
        for name in ("occurred_from", "occurred_to", "detected", "disclosed", "contained", "resolved")
    },
    "summary": lambda it: it.summary,
    "who_is_affected": lambda it: it.who_is_affected,
    "what_to_do_now": lambda it: it.what_to_do_now,
    "victims": _in_role(OrganizationRole.VICTIM),
    "operators": _in_role(OrganizationRole.OPERATOR),
    "suppliers": _in_role(OrganizationRole.SUPPLIER),
    "sectors": lambda it: _joined(one.organization.sector for one in it.organizations if one.organization.sector),
    "countries": lambda it: _joined(one.organization.country for one in it.organizations if one.organization.country),
    "services": lambda it: _joined(effect.service.key for effect in it.affected_services),
    "techniques_observed": _techniques(Certainty.OBSERVED),
    "techniques_suspected": _techniques(Certainty.SUSPECTED),
    "techniques_context": _techniques(Certainty.CONTEXT),
    "mitigations": lambda it: _joined(one.mitigation.external_id for one in it.recommendations if one.mitigation),
    "actors": lambda it: _joined(f"{one.actor.name} ({one.status.value})" for one in it.attributions if one.actor),
    "tags": lambda it: _joined(tag.slug for tag in it.tags),
    "sources": lambda it: _joined(source.url for source in it.sources),
}
"""The columns before `standing` and `url`, in their order. Several values of one stand in one cell."""


class TableWriter:
    """Rows of a table."""

    format: ClassVar[str] = "csv"
    ending: ClassVar[str] = "csv"

    def __init__(self, portal: str) -> None:
        self.portal = portal

    def beginning(self, edition: Edition) -> bytes:
        """The names of the columns."""
        return _rows([[*COLUMNS, "standing", "url"]])

    def part(self, rows: Sequence[Row], *, written: int) -> bytes:
        """The rows."""
        return _rows(
            [
                *(read(row.document) for read in COLUMNS.values()),
                row.standing,
                f"{self.portal}/incidents/{row.document.id}/",
            ]
            for row in rows
        )

    def end(self, edition: Edition, *, written: int) -> Iterator[bytes]:
        """Nothing."""
        yield from ()


def _rows(rows: Iterable[Sequence[str | int]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows([inert_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
