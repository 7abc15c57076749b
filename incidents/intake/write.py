"""Writing drafts into the record, through the gate: what an editor would do by hand, row by row."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from msgspec.structs import asdict

from incidents.intake.draft import Draft, Piece
from incidents.intake.shelf import NotInCatalogue, Shelf
from incidents.record.models import (
    AffectedService,
    Attack,
    Attribution,
    DateClaim,
    Incident,
    InvolvedOrganization,
    Loss,
    Recommendation,
    RelatedIncident,
    ServiceImpactAtUpdate,
    Source,
    Statement,
    Translation,
    Update,
)
from incidents.record.workflow import begin_incident, note_edit


class DraftError(Exception):
    """A draft cannot be written; the text names the place in it and what is wrong."""


@transaction.atomic
def begin_draft(draft: Draft, *, by: AbstractUser, shelf: Shelf, year: int | None = None) -> Incident:
    """Begin an incident with the draft's own fields; its parts follow with `write_parts`.

    Args:
        draft: what was read.
        by: the author.
        shelf: where catalogue entries are found.
        year: of the public id; that of the occurrence, else of the disclosure, if None.

    Raises:
        DraftError: the draft does not fit the record.
        NotAllowed: the person may not add incidents.
    """
    incident = Incident(**_own_fields(draft, shelf))
    _check(incident, "")
    return begin_incident(incident=incident, by=by, year=year)


@transaction.atomic
def replace_content(
    incident: Incident, draft: Draft, *, by: AbstractUser, shelf: Shelf, related: Mapping[str, Incident]
) -> Incident:
    """Edit an incident so that it says what the draft says, and nothing else.

    Raises:
        DraftError: the draft does not fit the record.
        NotAllowed: the person may not edit it.
    """
    fresh = note_edit(incident_id=incident.pk, seen_revision=incident.revision, by=by)
    for name, value in _own_fields(draft, shelf).items():
        setattr(fresh, name, value)
    _check(fresh, "")
    fresh.save()
    for name in _PARTS:
        getattr(fresh, name).all().delete()
    write_parts(fresh, draft, shelf=shelf, related=related)
    return fresh


def write_parts(incident: Incident, draft: Draft, *, shelf: Shelf, related: Mapping[str, Incident]) -> None:
    """Write the draft's tags and parts to an incident that has none. Runs inside the caller's transaction.

    Args:
        incident: already saved.
        draft: what was read.
        shelf: where catalogue entries are found.
        related: incidents by the key under which drafts of this intake name them.

    Raises:
        DraftError: a part does not fit the record, or names what does not exist.
    """
    with _naming("tags"):
        incident.tags.set([shelf.tag(slug) for slug in draft.tags])
    for name, build in _PARTS.items():
        for index, piece in enumerate(getattr(draft, name)):
            place = f"{name}[{index}]"
            with _naming(place):
                row = build(piece, shelf, related)
            row.incident = incident
            if hasattr(row, "order"):
                row.order = index + 1
            _check(row, f"{place}.")
            row.save()
            if isinstance(row, Update):
                _write_impacts(row, piece.impacts, shelf, place)


def _own_fields(draft: Draft, shelf: Shelf) -> dict[str, Any]:
    fields = {name: value for name, value in asdict(draft).items() if name not in _PARTS and name != "tags"}
    with _naming("organization"):
        fields["organization"] = shelf.organization(draft.organization) if draft.organization else None
    return fields


def _write_impacts(update: Update, impacts: Mapping[str, str], shelf: Shelf, place: str) -> None:
    for key, impact in impacts.items():
        with _naming(f"{place}.impacts"):
            service = shelf.service(key)
        ServiceImpactAtUpdate.objects.create(update=update, service=service, impact=impact)


@contextmanager
def _naming(place: str) -> Iterator[None]:
    try:
        yield
    except NotInCatalogue as error:
        raise DraftError(f"{place}: {error}") from None


def _check(row: models.Model, place: str) -> None:
    """The field's own rules; what spans rows is left to the constraints of the database."""
    relations = {field.name for field in row._meta.fields if field.is_relation}
    try:
        row.clean_fields(exclude=relations | {"public_id"})
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise DraftError(f"{place}{name}: {messages[0]} It says “{str(getattr(row, name))[:80]}”.") from None


def _plain(piece: Piece, *but: str) -> dict[str, Any]:
    return {name: value for name, value in asdict(piece).items() if name not in but}


def _related(piece: Any, shelf: Shelf, related: Mapping[str, Incident]) -> RelatedIncident:
    if piece.incident not in related:
        raise NotInCatalogue(f"no incident has the key “{piece.incident}”")
    return RelatedIncident(other=related[piece.incident], relation=piece.relation, why=piece.why)


_Build = Callable[[Any, Shelf, Mapping[str, Incident]], Any]
_PARTS: dict[str, _Build] = {
    "involved": lambda piece, shelf, _: InvolvedOrganization(
        organization=shelf.organization(piece.organization), role=piece.role
    ),
    "attacks": lambda piece, shelf, _: Attack(technique=shelf.technique(piece.technique), **_plain(piece, "technique")),
    "affected_services": lambda piece, shelf, _: AffectedService(
        service=shelf.service(piece.service), **_plain(piece, "service")
    ),
    "recommendations": lambda piece, shelf, _: Recommendation(
        mitigation=shelf.mitigation(piece.mitigation) if piece.mitigation else None, **_plain(piece, "mitigation")
    ),
    "attributions": lambda piece, shelf, _: Attribution(
        actor=shelf.actor(piece.actor) if piece.actor else None, **_plain(piece, "actor")
    ),
    "losses": lambda piece, shelf, _: Loss(**_plain(piece)),
    "date_claims": lambda piece, shelf, _: DateClaim(**_plain(piece)),
    "sources": lambda piece, shelf, _: Source(**_plain(piece)),
    "statements": lambda piece, shelf, _: Statement(
        organization=shelf.organization(piece.organization), **_plain(piece, "organization")
    ),
    "updates": lambda piece, shelf, _: Update(**_plain(piece, "impacts")),
    "related": _related,
    "translations": lambda piece, shelf, _: Translation(**_plain(piece)),
}
