"""Rebuilding the projection and the search index from the ledger alone."""

from collections.abc import Callable
from itertools import chain

from django.db import transaction
from django.db.models import Max

from incidents.publication.edition import renew_edition
from incidents.publication.ledger import lock_ledger
from incidents.publication.models import Advisory, AdvisoryTerm, Release
from incidents.publication.project import advisory_columns, advisory_terms
from incidents.publication.search import clear_index, index_entries
from incidents.publication.tallies import Recount, clear_tallies, terms_of

_CHUNK = 500


def current_releases() -> int:
    """How many advisories there will be."""
    return Release.objects.values("public_id").distinct().count()


@transaction.atomic
def rebuild_projection(*, on_progress: Callable[[int], object] = lambda count: None) -> int:
    """Throw the projection away and make it again from the ledger, in one transaction; the number of advisories.

    Readers see the old projection until the new one is complete.
    """
    lock_ledger()
    AdvisoryTerm.objects.all().delete()
    Advisory.objects.all().delete()
    clear_index()
    clear_tallies()
    newest = Release.objects.values("public_id").annotate(newest=Max("sequence")).values("newest")
    done, batch = 0, []
    for release in Release.objects.filter(sequence__in=newest).order_by("sequence").iterator(chunk_size=_CHUNK):
        batch.append(release)
        if len(batch) == _CHUNK:
            done += project_many(batch)
            on_progress(len(batch))
            batch = []
    done += project_many(batch)
    on_progress(len(batch))
    renew_edition()
    return done


def project_many(releases: list[Release]) -> int:
    """Make new advisory rows for releases of advisories that have none yet; the number made."""
    made = Advisory.objects.bulk_create(
        [Advisory(public_id=release.public_id, **advisory_columns(release, release.document)) for release in releases]
    )
    terms = [advisory_terms(advisory, advisory.release.document) for advisory in made]
    AdvisoryTerm.objects.bulk_create(chain.from_iterable(terms), batch_size=2000)
    recount = Recount()
    for advisory, own in zip(made, terms, strict=True):
        recount.add(advisory, terms_of(own))
    recount.write()
    index_entries(
        (advisory, release, release.document, terms_of(own))
        for advisory, release, own in zip(made, releases, terms, strict=True)
    )
    return len(made)
