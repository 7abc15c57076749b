"""The edition: a number that grows with everything public pages can show. What is cached under it is fresh by definition."""

from django.db.models import F

from incidents.publication.models import Ledger


def current_edition() -> int:
    """The present edition; one indexed read."""
    return Ledger.objects.values_list("edition", flat=True).get(pk=1)


def renew_edition() -> None:
    """Begin a new edition, in the caller's transaction: for changes outside the ledger, such as the catalogue."""
    Ledger.objects.filter(pk=1).update(edition=F("edition") + 1)
