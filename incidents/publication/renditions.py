"""Renditions: bytes built once from a release, stored with their compressed twins, served many times."""

import gzip
import hashlib

import brotli
from django.db import DatabaseError, transaction

from incidents.publication import registry
from incidents.publication.audience import PUBLIC
from incidents.publication.models import Release, Rendition
from incidents.publication.registry import Format
from incidents.vocabulary.tlp import TLP


def etag_of(body: bytes) -> str:
    """The ETag of these bytes."""
    return hashlib.sha256(body).hexdigest()[:32]


def build_rendition(release: Release, form: Format) -> Rendition:
    """Make the bytes of a release in a format; the row is not saved. The same release gives the same bytes."""
    body = form.bytes_of(release.document)
    return Rendition(
        release=release,
        format=form.name,
        build=registry.build_id(form.name),
        etag=etag_of(body),
        body=body,
        body_gzip=gzip.compress(body, compresslevel=6, mtime=0) if form.is_compressible else b"",
        body_brotli=brotli.compress(body, quality=5) if form.is_compressible else b"",
    )


def store_renditions(release: Release) -> int:
    """Build and store the formats of a release that the public may see, but for those that wait until they are asked for.

    Belongs into the release's transaction.

    Returns:
        the number stored.
    """
    if not PUBLIC.may_see(TLP(release.tlp)):
        return 0
    made = [build_rendition(release, form) for form in registry.formats() if form.is_built_on_release]
    Rendition.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["release", "format"],
        update_fields=["build", "etag", "body", "body_gzip", "body_brotli"],
    )
    return len(made)


def is_rendered(release: Release) -> bool:
    """Whether every format that publishing builds is stored for a release as the present build makes it."""
    stored = set(Rendition.objects.filter(release=release).values_list("format", "build"))
    return stored >= {
        (form.name, registry.build_id(form.name)) for form in registry.formats() if form.is_built_on_release
    }


def forget_renditions_built_on_demand() -> int:
    """Throw away what waits until it is asked for, so that it is built anew; the number thrown away."""
    names = [form.name for form in registry.formats() if not form.is_built_on_release]
    return Rendition.objects.filter(format__in=names).delete()[0]


def rendition_of(release: Release, form: Format) -> Rendition:
    """The stored rendition if the present build made it; else it is built, and stored where the database can be written."""
    stored = Rendition.objects.filter(release=release, format=form.name, build=registry.build_id(form.name)).first()
    if stored is not None:
        return stored
    made = build_rendition(release, form)
    if PUBLIC.may_see(TLP(release.tlp)):
        _keep(made)
    return made


def _keep(made: Rendition) -> None:
    try:
        with transaction.atomic():
            Rendition.objects.bulk_create(
                [made],
                update_conflicts=True,
                unique_fields=["release", "format"],
                update_fields=["build", "etag", "body", "body_gzip", "body_brotli"],
            )
    except DatabaseError:
        return  # a read-only replica or a busy writer: the reader gets the bytes all the same
