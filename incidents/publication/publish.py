"""The acts that make something public: publish, correct, withdraw. One transaction each (INV-ATOMIC): release, projection,
renditions, workflow, audit. With `freeze.py`, `review.py` and `bulk.py` all of publication that touches the record."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AbstractUser
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from msgspec.structs import replace

from incidents.publication.audience import Audience
from incidents.publication.document import AdvisoryDocument, ReleaseNote
from incidents.publication.freeze import NotFit, freezable, freeze
from incidents.publication.ledger import OutOfOrder, append_release, lock_ledger, next_instant
from incidents.publication.models import Advisory, Release
from incidents.publication.project import project
from incidents.publication.renditions import store_renditions
from incidents.publication.review import require_reviewed
from incidents.publication.search import index_advisory
from incidents.record import workflow
from incidents.record.models import Incident, RelatedIncident
from incidents.record.states import WorkflowState
from incidents.record.workflow import Act, NotAllowed
from incidents.vocabulary.tlp import TLP
from incidents.vocabulary.words import ReleaseKind, Significance

log = logging.getLogger(__name__)


class NotBuilt(NotAllowed):
    """The record is fit and the gate said yes, but building its release failed. The text may be shown to the person."""


@contextmanager
def faults_told() -> Iterator[None]:
    """Turn a fault of building into an answer that people can read; the log gets the fault itself. Stands outside the
    transaction, so nothing is half-done by then. What the caller can act upon passes: a refusal, or a database that is away.

    Raises:
        NotBuilt: something else went wrong inside the block.
    """
    try:
        yield
    except (NotAllowed, NotFit, OutOfOrder, Incident.DoesNotExist, OperationalError, InterfaceError):
        raise
    except Exception as fault:
        log.exception("A release could not be built.")
        raise NotBuilt(
            f"It could not be built ({type(fault).__name__}: {fault}). Nothing became public and everything is as it was. "
            "This is a fault of the portal; whoever runs it finds the details in its log."
        ) from fault


@faults_told()
@transaction.atomic
def publish(
    *,
    incident_id: int,
    by: AbstractUser,
    reason: str = "",
    kind: ReleaseKind = ReleaseKind.UPDATE,
    significance: Significance = Significance.MATERIAL,
    at: dt.datetime | None = None,
) -> Release:
    """Release an approved incident to the world. The first release is always the initial one.

    Args:
        incident_id: primary key of the incident.
        by: who publishes.
        reason: one sentence for readers: why this release. Only the first may go without.
        kind: update or correction, for every release but the first.
        significance: material if it changes what readers know or do.
        at: the time of the release; now, unless a history is being loaded into the ledger in its order.

    Raises:
        NotAllowed: the gate said no, the reason is missing, or the catalogue changed what was reviewed.
        NotFit: the record cannot be read as it stands.
        NotBuilt: building it failed.
        OutOfOrder: `at` does not follow the ledger.
    """
    ledger = lock_ledger()
    incident = workflow.lock_incident(incident_id)
    workflow.require(incident, Act.PUBLISH, by)
    kind, significance = ReleaseKind(kind), Significance(significance)
    if kind is ReleaseKind.WITHDRAWAL:
        raise NotAllowed("To withdraw is an act of its own.")
    earlier = list(Release.objects.of(incident.public_id))
    _keep_label_wide(incident, earlier)
    if not earlier:
        kind, significance = ReleaseKind.INITIAL, Significance.MATERIAL
    release = append_release(
        ledger=ledger,
        by=by,
        number=len(earlier) + 1,
        kind=ReleaseKind.UPDATE if earlier and kind is ReleaseKind.INITIAL else kind,
        significance=significance,
        reason=_reason(reason, is_first=not earlier),
        tlp=TLP(incident.tlp),
        released_at=next_instant(ledger, at),
        write=_freezer(_reviewed(incident), earlier),
    )
    _make_public(release)
    incident.released_number = release.number
    workflow.complete_release(incident, Act.PUBLISH, by, {"release": release.number, "kind": release.kind})
    return release


def publish_correction(
    *,
    incident_id: int,
    by: AbstractUser,
    reason: str,
    significance: Significance = Significance.MATERIAL,
    at: dt.datetime | None = None,
) -> Release:
    """Release a correction: something that was said before was wrong. The reason says what.

    Raises:
        NotAllowed: the gate said no, or the reason is missing.
        NotFit: the record cannot be read as it stands.
    """
    return publish(
        incident_id=incident_id, by=by, reason=reason, kind=ReleaseKind.CORRECTION, significance=significance, at=at
    )


@faults_told()
@transaction.atomic
def withdraw(
    *, incident_id: int, by: AbstractUser, reason: str, merged_into: str = "", at: dt.datetime | None = None
) -> Release:
    """Withdraw what is public: a last release that says so and why. The address stays; the content of the working copy is
    not published by it.

    Args:
        incident_id: primary key of the incident.
        by: who withdraws.
        reason: one sentence for readers.
        merged_into: public id of the standing advisory that takes its place; the address then redirects there.
        at: the time of the release; now, unless a history is being loaded.

    Raises:
        NotAllowed: the gate said no, the reason is missing, or nothing public stands under `merged_into`.
        NotBuilt: building it failed.
    """
    ledger = lock_ledger()
    incident = workflow.lock_incident(incident_id)
    workflow.require(incident, Act.WITHDRAW, by)
    current = Advisory.objects.select_related("release").get(public_id=incident.public_id)
    _check_merge(current, merged_into)
    earlier = list(Release.objects.of(incident.public_id))
    last = current.document

    def write(note: ReleaseNote) -> AdvisoryDocument:
        return replace(last, release=note, history=(*last.history, note), merged_into=merged_into)

    release = append_release(
        ledger=ledger,
        by=by,
        number=len(earlier) + 1,
        kind=ReleaseKind.WITHDRAWAL,
        significance=Significance.MATERIAL,
        reason=_reason(reason, is_first=False),
        tlp=last.tlp,
        released_at=next_instant(ledger, at),
        write=write,
    )
    _make_public(release)
    incident.released_number = release.number
    detail: dict[str, object] = {"release": release.number, "reason": reason, "merged_into": merged_into}
    workflow.complete_release(incident, Act.WITHDRAW, by, detail)
    return release


def preview_document(incident: Incident, *, reason: str = "") -> AdvisoryDocument:
    """The document that publishing this incident now would release; nothing is written. Whether that release will be a
    material one is not known yet, so that translations are held against those before it.

    Raises:
        NotFit: the record cannot be read as it stands.
    """
    earlier = list(Release.objects.of(incident.public_id))
    note = ReleaseNote(
        number=len(earlier) + 1,
        kind=ReleaseKind.UPDATE if earlier else ReleaseKind.INITIAL,
        significance=Significance.MATERIAL,
        reason=reason or ("Not yet released." if earlier else "First publication."),
        released_at=timezone.now().replace(microsecond=0),
        tlp=TLP(incident.tlp),
    )
    return _freezer(freezable().get(pk=incident.pk), earlier, is_preview=True)(note)


def publish_due(*, now: dt.datetime | None = None) -> list[Release | NotAllowed]:
    """Publish every scheduled incident whose time has come, each in its own transaction and through the gate.

    Returns:
        the releases, and for each refusal why; a refused one goes back to approved, with the refusal in the audit log.
    """
    due = Incident.objects.filter(workflow_state=WorkflowState.SCHEDULED, scheduled_for__lte=now or timezone.now())
    results = [
        publish_scheduled(incident_id=pk) for pk in due.order_by("scheduled_for", "pk").values_list("pk", flat=True)
    ]
    return [result for result in results if result is not None]


def publish_scheduled(*, incident_id: int) -> Release | NotAllowed | None:
    """Publish one scheduled incident in the name of whoever scheduled it; a refusal takes it back to approved.

    Nothing happens, and None is returned, if its schedule was cancelled or moved in the meantime. A fault of one incident
    is a refusal like any other, so that it cannot hold up the rest.

    Raises:
        OperationalError: the database is away; try again later.
    """
    try:
        return _publish_as_scheduled(incident_id)
    except NotAllowed as problem:
        refusal = problem
    except NotFit as problem:
        refusal = NotAllowed(str(problem))
    incident = workflow.refuse_schedule(incident_id=incident_id, why=str(refusal))
    return NotAllowed(f"{incident.public_id}: {refusal}")


@faults_told()
@transaction.atomic
def _publish_as_scheduled(incident_id: int) -> Release | None:
    lock_ledger()
    incident = workflow.lock_incident(incident_id)
    by, at = incident.scheduled_by, incident.scheduled_for
    if incident.workflow_state != WorkflowState.SCHEDULED or by is None or at is None or at > timezone.now():
        return None
    return publish(
        incident_id=incident_id,
        by=by,
        reason=incident.scheduled_reason,
        kind=ReleaseKind(incident.scheduled_kind),
        significance=Significance(incident.scheduled_significance),
    )


def _make_public(release: Release) -> None:
    advisory = project(release)
    index_advisory(advisory, release.document)
    store_renditions(release)


def _reviewed(incident: Incident) -> Incident:
    """The incident with all that its document needs, whose content is the one that was submitted and approved."""
    loaded = freezable().get(pk=incident.pk)
    require_reviewed(loaded)
    return loaded


def _freezer(
    incident: Incident, earlier: list[Release], *, is_preview: bool = False
) -> Callable[[ReleaseNote], AdvisoryDocument]:
    tlp = TLP(incident.tlp)
    # Of all releases, those that readers of this one may not see among them: the flag names none of them.
    material = [release.number for release in earlier if release.significance == Significance.MATERIAL]
    history = visible_history(earlier, tlp)
    titles = released_titles(RelatedIncident.objects.filter(incident=incident), tlp)

    def write(note: ReleaseNote) -> AdvisoryDocument:
        counts = note.significance is Significance.MATERIAL and not is_preview
        newest = max([*material, *([note.number] if counts else [])], default=0)
        return freeze(incident, release=note, history=history, titles=titles, newest_material=newest)

    return write


def visible_history(earlier: Iterable[Release], tlp: TLP) -> list[ReleaseNote]:
    """What is said about earlier releases, as far as readers of a document with this label may know of them."""
    return [release.note for release in earlier if Audience(clearance=tlp).may_see(TLP(release.tlp))]


def released_titles(related: Iterable[RelatedIncident], tlp: TLP) -> dict[str, str]:
    """Titles, by public id, of the related advisories that readers of a document with this label may see."""
    ids = [one.other.public_id for one in related]
    visible = Advisory.objects.visible_to(Audience(clearance=tlp)).filter(public_id__in=ids)
    return dict(visible.values_list("public_id", "title"))


def _keep_label_wide(incident: Incident, earlier: list[Release]) -> None:
    if earlier and TLP(incident.tlp).rank > earlier[-1].tlp_rank:
        raise NotAllowed(
            f"It is public as {TLP(earlier[-1].tlp).label} and cannot become {TLP(incident.tlp).label}: what is known cannot be "
            "called back. Withdraw it and publish a new incident with the narrower label."
        )


def _check_merge(current: Advisory, merged_into: str) -> None:
    if not merged_into:
        return
    reader = Audience(clearance=TLP(current.tlp))
    standing = Advisory.objects.visible_to(reader).standing().filter(public_id=merged_into)
    if merged_into == current.public_id or not standing.exists():
        raise NotAllowed(f"No other standing advisory {merged_into} is visible to the readers of {current.public_id}.")


def _reason(reason: str, *, is_first: bool) -> str:
    said = " ".join(reason.split())
    if not said and not is_first:
        raise NotAllowed("Give readers a reason for this release, in a sentence.")
    if len(said) > 500:
        raise NotAllowed("The reason is longer than 500 characters; readers want a sentence.")
    return said or "First publication."
