"""What a release means for somebody who keeps a copy: created, updated, corrected, withdrawn, merged; and what changed by it.

`changes` of the API tells it to those who ask, webhooks to those who want to be told.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from django.db.models import Exists, F, OuterRef, Subquery

from incidents.publication.audience import Audience
from incidents.publication.models import Release
from incidents.publication.models.ledger import ReleaseQuerySet
from incidents.vocabulary.words import ReleaseKind

DESCRIBED = (
    *("sequence", "public_id", "number", "kind", "significance", "reason", "released_at", "tlp"),
    *("merged_into", "document_json", "document_before", "sha256"),
)
"""The columns that `describe_release` needs."""

_DOCUMENT = msgspec.Meta(extra_json_schema={"$ref": "#/components/schemas/AdvisoryDocument"})
_GROUPS = ("narrative", "timeline")
_ABOUT_THE_RELEASE = ("history", "release", "schema_version")


class Event(StrEnum):
    """What a release means for a copy of the advisory."""

    CREATED = "created"
    UPDATED = "updated"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class ReleaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One release as it is told.

    Attributes:
        event: what it means for a copy: the first release that the audience may see creates it.
        id: of the advisory.
        number: of the release, within the advisory.
        kind: of the release.
        significance: material or editorial.
        reason: for readers.
        released_at: an instant in UTC, to the millisecond.
        tlp: label of the release.
        merged_into: id of the advisory that took the place of this one; empty where none did.
        changed: what differs from the release before that the audience may see: fields of the document, those of its narrative
            and its timeline one by one.
        sha256: of the document's bytes, in hexadecimal digits.
        document: the document; missing where it was not asked for.
    """

    event: Event
    id: str
    number: int
    kind: str
    significance: str
    reason: str
    released_at: dt.datetime
    tlp: str
    changed: list[str]
    sha256: str
    merged_into: str
    document: Annotated[msgspec.Raw, _DOCUMENT] | msgspec.UnsetType = msgspec.UNSET


def releases_with_change(audience: Audience) -> ReleaseQuerySet:
    """The releases an audience may see, in the order of the sequence, each beside the document before it: `DESCRIBED`."""
    before = _before(audience).values("document_json")[:1]
    return _merged(audience).annotate(document_before=Subquery(before)).order_by("sequence")


def releases_with_event(audience: Audience) -> ReleaseQuerySet:
    """The same without the documents: enough for `event_of`."""
    return _merged(audience).annotate(has_before=Exists(_before(audience))).order_by("sequence")


def describe_release(row: Any, *, is_slim: bool) -> ReleaseEvent:
    """A release as it is told: `row` has the columns of `DESCRIBED`."""
    document = row.document_json.encode()
    is_withdrawal = row.kind == ReleaseKind.WITHDRAWAL
    return ReleaseEvent(
        event=event_of(row.kind, row.merged_into, has_before=row.document_before is not None),
        id=row.public_id,
        number=row.number,
        kind=row.kind,
        significance=row.significance,
        reason=row.reason,
        released_at=row.released_at,
        tlp=row.tlp,
        merged_into=row.merged_into if is_withdrawal else "",
        changed=list(changed_fields(row.document_before, row.document_json)) if row.document_before else [],
        sha256=hashlib.sha256(document).hexdigest(),
        document=msgspec.UNSET if is_slim else msgspec.Raw(document),
    )


def event_of(kind: str, merged_into: str, *, has_before: bool) -> Event:
    """What a release of a kind means for a copy; `has_before` says whether there is one yet."""
    if kind == ReleaseKind.WITHDRAWAL:
        return Event.MERGED if merged_into else Event.WITHDRAWN
    if not has_before:
        return Event.CREATED
    return Event.CORRECTED if kind == ReleaseKind.CORRECTION else Event.UPDATED


def changed_fields(before: str, after: str) -> Iterator[str]:
    """The fields in which two documents differ. The canonical form has one spelling for one value, so bytes are compared."""
    old, new = _PARTS.decode(before), _PARTS.decode(after)
    for name in sorted(old.keys() | new.keys()):
        if name in _ABOUT_THE_RELEASE or bytes(old.get(name, b"")) == bytes(new.get(name, b"")):
            continue
        if name in _GROUPS and name in old and name in new:
            yield from (f"{name}/{part}" for part in _differing(_PARTS.decode(old[name]), _PARTS.decode(new[name])))
        else:
            yield name


_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _merged(audience: Audience) -> ReleaseQuerySet:
    visible: Any = Release.objects.visible_to(audience)
    merged: ReleaseQuerySet = visible.annotate(merged_into=F("advisory__merged_into"))
    return merged


def _before(audience: Audience) -> ReleaseQuerySet:
    # Labels only widen (decision 6): what an audience sees of an advisory has no gap, so the one before is the number before.
    visible: ReleaseQuerySet = Release.objects.visible_to(audience)
    return visible.filter(public_id=OuterRef("public_id"), number=OuterRef("number") - 1)


def _differing(old: dict[str, msgspec.Raw], new: dict[str, msgspec.Raw]) -> Iterator[str]:
    return (name for name in sorted(old.keys() | new.keys()) if bytes(old.get(name, b"")) != bytes(new.get(name, b"")))
