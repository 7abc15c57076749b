"""Publishing many new incidents at once: the same gate, freezing, ledger, projection and search index as one by one, written in
bulk. Renditions are left to the first reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction

from incidents.audit.models import AuditEntry
from incidents.audit.origin import current_origin
from incidents.catalogue.models import Tag
from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.publication.freeze import NotFit, freeze
from incidents.publication.ledger import chain_release, lock_ledger, next_instant
from incidents.publication.models import Advisory, AdvisoryTerm, Ledger, Release
from incidents.publication.project import advisory_columns, term_values
from incidents.publication.rows import insert_objects, insert_rows
from incidents.publication.search import index_entries
from incidents.publication.tallies import Recount
from incidents.record import workflow
from incidents.record.models import Incident, IncidentNumber, Update
from incidents.record.workflow import WORKFLOW, Act, NotAllowed
from incidents.vocabulary.identifiers import format_public_id
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Significance

_PARTS: tuple[str, ...] = (
    "involved", "attacks", "affected_services", "recommendations", "attributions", "losses", "date_claims", "sources",
    "statements", "updates", "related", "attachments", "translations",
)  # fmt: skip


@dataclass(slots=True)
class NewIncident:
    """An incident that exists in memory only, with its parts by the name of their relation, in reading order.

    Catalogue entries are saved rows whose own relations are loaded (see `freezable`). Updates come without the state of
    services at that time.
    """

    incident: Incident
    tags: list[Tag] = field(default_factory=list)
    parts: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class _Link:
    """One new incident with what freezing it made."""

    new: NewIncident
    document: AdvisoryDocument
    release: Release


@transaction.atomic
def publish_new(
    news: Sequence[NewIncident], *, year_of: Sequence[int], author: AbstractUser, by: AbstractUser
) -> list[Release | NotFit]:
    """Write and publish incidents that do not exist yet, all in one transaction.

    Args:
        news: what to write; rows are saved, those that are not fit are left out.
        year_of: the year of each public id.
        author: in whose name they are written and submitted.
        by: who approves and publishes; the gate wants another person than the author.

    Returns:
        for each of `news` its release, or why it is not fit to be read.

    Raises:
        NotAllowed: the gate said no, to the author or to the publisher.
    """
    _require_author(author)
    ledger = lock_ledger()
    _allot_ids(news, year_of)
    for new in news:
        _pass_gate(new.incident, author=author, by=by)
    _write_records(news)
    outcomes: list[Release | NotFit] = []
    links = []
    for new in news:
        try:
            document = _freeze(new, ledger)
        except NotFit as problem:
            outcomes.append(problem)
            continue
        links.append(_Link(new, document, chain_release(ledger, document=document, by=by)))
        outcomes.append(links[-1].release)
    kept = {link.new.incident.pk for link in links}
    Incident.objects.filter(pk__in=[new.incident.pk for new in news if new.incident.pk not in kept]).delete()
    _write_log(links, by=by)
    ledger.save()
    # The search index comes last: every statement after it would make FTS5 write what it gathered.
    _write_advisories(links)
    return outcomes


def _allot_ids(news: Sequence[NewIncident], year_of: Sequence[int]) -> None:
    """Give each incident a public id, under the same lock as one by one; ids of those left out are not used again."""
    numbers: dict[int, IncidentNumber] = {}
    for new, year in zip(news, year_of, strict=True):
        if year not in numbers:
            numbers[year], _ = IncidentNumber.objects.select_for_update().get_or_create(
                prefix=settings.INCIDENT_ID_PREFIX, year=year
            )
        numbers[year].last += 1
        new.incident.public_id = format_public_id(numbers[year].prefix, year, numbers[year].last)
    IncidentNumber.objects.bulk_update(numbers.values(), ["last"])


def _require_author(author: AbstractUser) -> None:
    if not (author.is_active and author.has_perm("incidents.add_incident")):
        raise NotAllowed(f"{author} needs the right “add incident”; ask whoever administers this portal.")


def _pass_gate(incident: Incident, *, author: AbstractUser, by: AbstractUser) -> None:
    """From draft to published, asking the gate before every step."""
    incident.created_by_id = incident.changed_by_id = author.pk
    for act, person in ((Act.SUBMIT, author), (Act.APPROVE, by), (Act.PUBLISH, by)):
        workflow.require(incident, act, person)
        if act is Act.SUBMIT:
            incident.submitted_by_id = person.pk
        incident.workflow_state = WORKFLOW[act].leads_to
        if act is Act.APPROVE:
            incident.approved_by_id, incident.approved_revision = by.pk, incident.revision
    incident.released_number = 1


def _freeze(new: NewIncident, ledger: Ledger) -> AdvisoryDocument:
    incident = new.incident
    cache: dict[str, Any] = {"tags": new.tags, **{name: new.parts.get(name, []) for name in _PARTS}}
    incident._prefetched_objects_cache = cache  # type: ignore[attr-defined]
    note = ReleaseNote(
        number=1,
        kind=ReleaseKind.INITIAL,
        significance=Significance.MATERIAL,
        reason="First publication.",
        released_at=next_instant(ledger),
        tlp=TLP(incident.tlp),
    )
    return freeze(incident, release=note)


def _write_records(news: Sequence[NewIncident]) -> None:
    insert_objects([new.incident for new in news])
    ids = [new.incident.public_id for new in news]
    keys = dict(Incident.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    for new in news:
        new.incident.pk = keys[new.incident.public_id]
    for name in _PARTS:
        _write_parts([row for new in news for row in _belonging(new, name)])
    through = Incident.tags.through
    insert_objects([through(incident_id=new.incident.pk, tag_id=tag.pk) for new in news for tag in new.tags])


def _write_parts(rows: Sequence[Any]) -> None:
    if rows and isinstance(rows[0], Update):
        Update.objects.bulk_create(rows)  # freezing asks an update for the state of services, so it needs its key
    else:
        insert_objects(rows)


def _belonging(new: NewIncident, name: str) -> Iterable[Any]:
    for row in new.parts.get(name, ()):
        row.incident_id = new.incident.pk
        if name == "updates":
            row._prefetched_objects_cache = {"impacts": []}
        yield row


def _write_advisories(links: Sequence[_Link]) -> None:
    insert_objects([link.release for link in links])
    ids = [link.release.public_id for link in links]
    releases = dict(Release.objects.filter(public_id__in=ids, number=1).values_list("public_id", "pk"))
    for link in links:
        link.release.pk = releases[link.release.public_id]
    rows = [
        Advisory(public_id=link.release.public_id, **advisory_columns(link.release, link.document)) for link in links
    ]
    insert_objects(rows)
    advisories = dict(Advisory.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    pairs = [(advisories[link.release.public_id], link.document) for link in links]
    terms = [term_values(document) for _, document in pairs]
    placed = (
        (pk, str(facet), value, certainty, role)
        for (pk, _), own in zip(pairs, terms, strict=True)
        for facet, value, certainty, role in own
    )
    insert_rows(AdvisoryTerm, ("advisory_id", "facet", "value", "certainty", "role"), placed)
    recount = Recount()
    for row, own in zip(rows, terms, strict=True):
        recount.add(row, own)
    recount.write()
    for row, (pk, _) in zip(rows, pairs, strict=True):
        row.pk = pk
    index_entries((row, link.release, link.document, own) for row, link, own in zip(rows, links, terms, strict=True))


def _write_log(links: Sequence[_Link], *, by: AbstractUser) -> None:
    origin = current_origin()
    insert_objects(
        [
            AuditEntry(
                by_id=by.pk,
                act="publish_new",
                target_kind="incident",
                target_id=link.release.public_id,
                origin=origin,
                detail={"release": 1, "written_by": link.new.incident.created_by_id},
            )
            for link in links
        ]
    )
