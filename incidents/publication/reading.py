"""The connection that SQL of our own reads with: the one that the ORM would take now."""

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from incidents.publication.models import Advisory


def reading_connection() -> BaseDatabaseWrapper:
    """A connection to the replica while a public address is answered from one, else to the default database."""
    return connections[router.db_for_read(Advisory)]
