"""The edition: a number that grows with everything public pages can show. What is cached under it is fresh by definition."""

from django.db.models import F

from incidents.publication.models import Ledger
from incidents.publication.reading import reading_connection


def current_edition() -> int:
    """The present edition; one indexed read, in plain SQL because every page asks several times."""
    with reading_connection().cursor() as cursor:
        cursor.execute("SELECT edition FROM incidents_ledger WHERE id = 1")
        (edition,) = cursor.fetchone()
    return int(edition)


def renew_edition() -> None:
    """Begin a new edition, in the caller's transaction: for changes outside the ledger, such as the catalogue."""
    Ledger.objects.filter(pk=1).update(edition=F("edition") + 1)
