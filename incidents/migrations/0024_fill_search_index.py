from django.db import migrations, transaction
from tqdm import tqdm

from incidents.publication.document import decode_document
from incidents.publication.search import index_entries

CREATE_SETS = {
    "sqlite": [
        "CREATE TABLE IF NOT EXISTS incidents_advisory_set "
        "(mark text NOT NULL, block integer NOT NULL, bits blob NOT NULL, PRIMARY KEY (mark, block)) WITHOUT ROWID",
    ],
    "postgresql": [
        'CREATE TABLE IF NOT EXISTS incidents_advisory_set (mark text COLLATE "C" NOT NULL, block bigint NOT NULL, '
        "bits bytea NOT NULL, PRIMARY KEY (mark, block))",
    ],
}
CHUNK = 500
MANY = 20_000
"""From so many on, PostgreSQL makes the index of words afterwards, which is much faster."""

DROP = "DROP INDEX IF EXISTS advisory_text_words"
CREATE = "CREATE INDEX IF NOT EXISTS advisory_text_words ON incidents_advisory_text USING gin (words)"


def fill(apps, schema_editor):
    """Index what was released before, chunk by chunk, each whole or not at all: a run that was stopped goes on where it
    stopped. The index is derived, and `rebuild_projection` makes it again at any time.
    """
    connection = schema_editor.connection
    advisories = apps.get_model("incidents", "Advisory").objects.select_related("release").prefetch_related("terms")
    total, last = advisories.count(), 0
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor, tqdm(total=total, unit="advisory", disable=None, leave=False) as bar:
        if is_postgresql and total > MANY:
            cursor.execute(DROP)
        while chunk := list(advisories.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            last = chunk[-1].pk
            fill_chunk(chunk, cursor)
            bar.update(len(chunk))
        if is_postgresql:
            cursor.execute(CREATE)


def fill_chunk(chunk, cursor):
    holes = ", ".join(["%s"] * len(chunk))
    done = f"SELECT advisory_id FROM incidents_advisory_text WHERE known_on IS NOT NULL AND advisory_id IN ({holes})"
    cursor.execute(done, [advisory.pk for advisory in chunk])
    known = {key for (key,) in cursor.fetchall()}
    with transaction.atomic():
        index_entries(
            (advisory, advisory.release, decode_document(advisory.release.document_json), terms_of(advisory))
            for advisory in chunk
            if advisory.pk not in known
        )


def terms_of(advisory):
    return [(term.facet, term.value, term.certainty, term.role) for term in advisory.terms.all()]


def nothing(apps, schema_editor):
    """Going back leaves the index as it is."""


def ensure_sets(apps, schema_editor):
    """Indexing puts advisories into sets, of which a later migration speaks: their table has to be there."""
    for statement in CREATE_SETS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('incidents', '0023_date_of_an_advisory'),
    ]

    operations = [
        migrations.RunPython(ensure_sets, nothing),
        migrations.RunPython(fill, nothing),
    ]
